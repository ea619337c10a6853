"""C11: a later release, its receipt, a recall and its answer, each killed at any fsync, rename or commit, resume to the same result; so does a destruction between its parts."""

import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.line.conftest import custody
from tests.line.crashes import ahead, crashing
from tests.line.told import Told, play
from tests.points import watched

STEPS = {
    "release-delta-2": ("seller", "zhouning", "release", "--delta"),
    "receive-2": ("buyer", "fanyuan", "receive"),
    "recall-4": ("seller", "zhouning", "recall"),
    "receive-4": ("buyer", "fanyuan", "receive"),
}


class Kept(Told):
    """The hand-over, with a copy of everything from before each of the steps."""

    def before(self, step: str) -> None:
        if step == "destroy":
            shutil.copytree(self.where, self.where.parent / step)
        if step in {"release-delta", "receive", "recall"}:
            made = len(list((self.where / "handover").glob("release-*")))
            name = f"{step}-{made + (step != 'receive')}"
            if name in STEPS:
                shutil.copytree(self.where, self.where.parent / name, dirs_exist_ok=True)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, draw: int) -> Path:
    """The folder of the copies."""
    where = tmp_path_factory.mktemp("killed")
    play(where / "demo", Kept, draw)
    return where


def run(where: Path, step: str, **crash: str) -> tuple[int, dict]:
    home, who, verb, *words = STEPS.get(step, ("seller", "zhouning", step))
    secret = where / home / "keys" / "principals" / f"{who}.pass"
    return custody(
        verb, "D-2026-0001", *words, "--at", where / "handover", "--home", where / home, "--as", who,
        "--passphrase-file", secret, env=crashing(**crash),
    )  # fmt: skip


@pytest.mark.parametrize("step", STEPS)
def test_c11_a_killed_release_resumes_to_the_same_result(
    kept: Path, step: str, spread: Callable[[str, int], list[int]], tmp_path: Path
):
    """At its points: kill the step, run it again, compare with the undisturbed step."""
    whole = Path(shutil.copytree(kept / step, tmp_path / "whole"))
    code, wanted = run(whole, step, CRASH_HALF="this", CRASH_COUNT=str(tmp_path / "count"))
    assert code == 0, wanted
    points = int((tmp_path / "count").read_text(encoding="utf-8"))
    for n in spread(step, points):
        where = Path(shutil.copytree(kept / step, tmp_path / str(n)))
        code, _ = run(where, step, CRASH_HALF="this", CRASH_AT=str(n))
        assert code == -9, n
        assert not ahead(where / "handover", where / "seller", where / "buyer"), n
        code, out = run(where, step)
        assert code == 0, (n, out)
        assert (out["n"], out["subjects"], out["slots"]) == (wanted["n"], wanted["subjects"], wanted["slots"])
        assert list(state(where)) == list(state(whole)), n
        shutil.rmtree(where)
    watched(step, len(spread(step, points)), points)


def state(where: Path) -> Iterator[object]:
    """What both homes hold: people by state, released slots, statements and entries by kind; and what lies between them."""
    for half in ("seller", "buyer"):
        with sqlite3.connect(where / half / "core.db") as store:
            yield Counter(store.execute("SELECT kind, state FROM subject").fetchall())
            yield sorted(store.execute("SELECT n, compartment, page, live FROM released_page").fetchall())
            yield Counter(store.execute("SELECT kind, n FROM statement").fetchall())
            yield Counter(json.loads(row[0])["kind"] for row in store.execute("SELECT entry FROM ledger_entry"))
            yield store.execute("SELECT count(*) FROM record").fetchall()
    yield sorted(str(one.relative_to(where)) for one in (where / "handover").rglob("*") if one.is_file())


@pytest.fixture(scope="module")
def shredded(kept: Path) -> tuple[Path, dict]:
    """The company destroyed undisturbed, a page a part; and what was said."""
    whole = Path(shutil.copytree(kept / "destroy", kept / "shredded"))
    code, said = run(whole, "destroy", CRASH_HALF="this", CRASH_PART="0")
    assert code == 0, said
    return whole, said


def test_c9_a_destruction_sums_up_its_parts(shredded: tuple[Path, dict]):
    """Each part has an entry with its number; the last entry and the certificate say what they come to together."""
    whole, said = shredded
    parts, (total,) = entries(whole, "erased"), entries(whole, "shredded")
    told = said["certificate"]["proven"]["erasures"]
    assert [one["part"] for one in parts] == list(range(1, len(parts) + 1))
    assert len(parts) > 2
    assert {one["act"] for one in parts} == {said["id"]} == {total["act"]}
    assert sum(one["slots"] for one in parts) == total["slots"] == told["slots"] == said["rows"]
    assert (len(parts), total["root"]) == (total["parts"], told["root"]) == (told["entries"], told["root"])


def test_c9_a_destruction_killed_in_any_part_goes_on_without_a_new_approval(
    kept: Path, shredded: tuple[Path, dict], spread: Callable[[str, int], list[int]], tmp_path: Path
):
    """Killed at the commit of a part, the earlier parts stand; run again it zeroes the rest and no slot more, and says the same."""
    whole, wanted = shredded
    count = wanted["certificate"]["proven"]["erasures"]["entries"]
    for part in sorted({1, count, *spread("destroy-parts", count)}):
        where = Path(shutil.copytree(kept / "destroy", tmp_path / str(part)))
        code, _ = run(where, "destroy", CRASH_HALF="this", CRASH_AT=str(10**9), CRASH_PART=str(part))
        assert code == -9, part
        assert len(entries(where, "erased")) == part - 1
        assert not (where / "handover" / "destroyed.dsse.json").exists()
        approvals(where)
        code, said = run(where, "destroy", CRASH_HALF="this", CRASH_PART="0")
        assert code == 0, (part, said)
        assert (said["rows"], said["subjects"]) == (wanted["rows"], wanted["subjects"])
        mine, theirs = (one["certificate"]["proven"]["erasures"] for one in (said, wanted))
        assert (mine["entries"], mine["slots"]) == (theirs["entries"], theirs["slots"])
        assert list(state(where)) == list(state(whole)), part
        shutil.rmtree(where)
    watched("destroy in parts", len({1, count, *spread("destroy-parts", count)}), count)


def approvals(where: Path) -> None:
    """All approvals are gone, as if they had run out."""
    with sqlite3.connect(where / "seller" / "core.db") as store:
        store.execute("DELETE FROM approval")


def entries(where: Path, kind: str) -> list[dict]:
    """What entries of a kind say, of parts of the last act."""
    with sqlite3.connect(where / "seller" / "core.db") as store:
        told = [json.loads(row[0]) for row in store.execute("SELECT entry FROM ledger_entry ORDER BY position")]
    return [one["says"] for one in told if one["kind"] == kind and "act" in one["says"]]
