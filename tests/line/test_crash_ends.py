"""C1: killed at any fsync, rename or commit, each end of a deal resumes to the same end, without loss or double."""

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from custody.cli.rehearsal.play import FACTS
from tests.line.conftest import act, custody
from tests.line.crashes import ahead, crashing, evidence
from tests.points import watched

DEAL = "D-2026-0001"
KILLED = -9
# What an end says that does not depend on when, or how often, it was asked for.
SAYS = (
    "subjects",
    "rows",
    "heading",
    "keeper",
    "kept",
    "line",
    "outcome",
    "open_copies",
    "answer_due",
    "key",
    "copies",
)


@dataclass(frozen=True)
class End:
    """A folder in which two people have signed for an act, the act, what it came to undisturbed, and the points it passed."""

    before: Path
    half: str
    who: str
    words: tuple[object, ...]
    said: Mapping[str, object]
    left: Mapping[str, object]
    points: int


def run(where: Path, half: str, who: str, *words: object, **crash: str) -> tuple[int, dict]:
    """One command in a process of its own, which kills itself as told."""
    home = where / half
    secret = home / "keys" / "principals" / f"{who}.pass"
    signed = ("--home", home, "--as", who, "--passphrase-file", secret)
    return custody(*words, *signed, env=crashing(**({"CRASH_HALF": "this"} if crash else {}), **crash))


def ended(where: Path, half: str, people: tuple[str, str], verb: str, *words: object) -> End:
    """Have it approved, keep a copy of that moment, do it, count."""
    who, second = people
    call = ("deal", verb, *words, "--at", where / "out")
    asked = run(where, half, who, *call, "--dry-run")
    assert asked[0] == 0, asked
    kind, content = asked[1]["would"]["approve"]
    assert run(where, half, second, "approve", kind, content)[0] == 0
    before, count = where.parent / f"before-{verb}", where.parent / f"{verb}.count"
    shutil.copytree(where, before)
    code, said = run(where, half, who, *call, CRASH_COUNT=str(count))
    assert code == 0, said
    left = {"evidence": evidence(where / half), "out": files(where)}
    return End(before, half, who, ("deal", verb, *words), says(said), left, int(count.read_text(encoding="utf-8")))


def says(said: Mapping[str, object]) -> dict[str, object]:
    """What must be the same."""
    return {name: said[name] for name in SAYS if name in said}


def files(where: Path) -> list[str]:
    """What lies in the folder between the parties."""
    return sorted(one.relative_to(where / "out").as_posix() for one in (where / "out").rglob("*") if one.is_file())


@pytest.fixture(scope="module")
def ends(opened: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> dict[str, End]:
    """Every end, each once undisturbed."""
    return {**_broken_off(opened, tmp_path_factory.mktemp(f"abort-{worker_id}")),
            "wind-up": _wound_up(opened, tmp_path_factory.mktemp(f"windup-{worker_id}"))}  # fmt: skip


def _broken_off(opened: Path, folder: Path) -> dict[str, End]:
    where = Path(shutil.copytree(opened, folder / "demo"))
    shutil.copytree(where / "handover", where / "out")
    seller, buyer = ("suhe", "zhouning"), ("fanyuan", "yeqing")
    assert act(where, "buyer", "fanyuan", "member", "add", DEAL, "yeqing", "--reason", "confirms the return")[0] == 0
    return {
        "abort": ended(where, "seller", seller, "abort", DEAL, "--why", "financing"),
        "return": ended(where, "buyer", buyer, "return", DEAL, "--copy", "data room=destroyed"),
        "close": ended(where, "seller", seller, "close", DEAL),
    }


def _wound_up(opened: Path, folder: Path) -> End:
    where = Path(shutil.copytree(opened, folder / "demo"))
    (where / "out").mkdir()
    event = {**FACTS["event"], "kind": "cessation", "data_leaves_entity": False, "recipient_role": "none"}
    facts = {**FACTS, "deal": {**FACTS["deal"], "structure": "dissolution", "successor_exists": False}, "event": event}
    facts["retention"] = {"purpose_ended": False, "deletion_technically_hard": False, "statutory_hold": False}
    path = where / "end.json"
    path.write_text(json.dumps(facts), encoding="utf-8")
    deal = act(where, "seller", "suhe", "deal", "new", path)[1]["ref"]
    assert act(where, "seller", "suhe", "member", "add", deal, "zhouning", "--reason", "winds it up")[0] == 0
    assert act(where, "seller", "zhouning", "gate", deal)[0] == 0
    return ended(where, "seller", ("suhe", "zhouning"), "wind-up", deal, "--keeper", "liquidation group")


@pytest.mark.parametrize(
    "verb", ["abort", "wind-up", *(pytest.param(one, marks=pytest.mark.soak) for one in ("return", "close"))]
)
def test_c1_a_killed_end_resumes_to_the_same_end(
    ends: dict[str, End], verb: str, spread: Callable[[str, int], list[int]], tmp_path: Path
):
    """Kill it at its points, run it again: the answer, the entries, the statements and the files are as if nothing had been."""
    end = ends[verb]
    for at in spread(verb, end.points):
        killed_at(end, at, Path(shutil.copytree(end.before, tmp_path / str(at) / "demo")))
        shutil.rmtree(tmp_path / str(at))
    watched(f"deal {verb}", len(spread(verb, end.points)), end.points)


def killed_at(end: End, at: int, where: Path) -> None:
    """Once, in a copy of its moment."""
    words = (*end.words, "--at", where / "out")
    code, out = run(where, end.half, end.who, *words, CRASH_AT=str(at))
    assert code == KILLED, (at, out)
    assert not ahead(where / "out", where / "seller", where / "buyer"), at
    code, out = run(where, end.half, end.who, *words)
    assert code == 0, (at, out)
    assert says(out) == end.said, at
    assert {"evidence": evidence(where / end.half), "out": files(where)} == end.left, at
