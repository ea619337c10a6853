"""A5, C11: what customers and colleagues do, killed at any sync, rename, link, removal or commit: as it was, as it was to be, or whole when done again."""

import json
import os
import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from custody import wiring
from custody.services.approve import approve
from custody.services.campaign_new import campaign_new
from custody.services.correction_send import correction_send
from custody.services.release import release
from custody.services.request_answer import request_answer
from custody.services.request_new import request_new
from custody.services.request_pass import request_pass
from custody.services.revise import Correction
from custody.services.suppress import suppress_add
from tests.dying import Dying
from tests.line.conftest import act
from tests.line.crashes import ahead
from tests.points import COMMIT, SYNC, watched
from tests.portal.answering import ANSWERED, ONE_OPEN
from tests.portal.campaigns import contents
from tests.portal.closing import approved
from tests.portal.conftest import DEAL, at, laws, somebody
from tests.portal.plays import ASKED, CAMPAIGN, NEW, PLAYS, Play
from tests.portal.somebody import NUMBER, PHONE, column, proven, put_right, values
from tests.portal.somebody import somebody as one_with
from tests.portal.tokens import token

SEED = 20260316
POINTS = int(os.environ.get("CUSTODY_KILL_POINTS", "1"))
LAID = ("correction_send", "request_pass")
DAILY = ("answers_take", "correction_new", "correction_take", *LAID, "portal_answer", "request_take")
"""Of which each kind of write path has one; the others are for the soak."""
MORE = frozenset(("ledger_entry", "opening", "entry_about", "outbox", "copy", "copy_term", "link", "letter_code"))
"""Where an act that is told each time leaves more when it is done twice."""
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a process that can be forked and killed")
Stage = tuple[Path, dict[str, str]]


@pytest.fixture(scope="module")
def stages(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Stage]:
    """A company whose package is shipped, the same after its release, and after corrections and requests were passed on; with what plays need to know."""
    folder, told = tmp_path_factory.mktemp("stages"), dict[str, str]()
    first = Path(shutil.copytree(shipped, folder / "shipped" / "demo"))
    _shipped(first, told)
    second = Path(shutil.copytree(first, folder / "released" / "demo"))
    _released(second, told["who"])
    third = Path(shutil.copytree(second, folder / "passed" / "demo"))
    with at(third, "zhouning") as desk:
        out = wiring.folder(third / "handover")
        assert correction_send(desk, DEAL, out)["values"] == 1
        assert request_pass(desk, DEAL, out)["requests"] > 0
    return {"shipped": (first, told), "released": (second, told), "passed": (third, told)}


def _shipped(where: Path, told: dict[str, str]) -> None:
    told["who"] = one_with(where, PHONE, held=("consent.separate",))
    told["link"], told["proof"] = proven(where, told["who"], "phone")
    told["silent"] = token(where, somebody(where, *ONE_OPEN, lacks=ANSWERED))
    with at(where, "zhouning") as desk:
        told["number"] = values(desk, told["who"])[NUMBER][0]
        told["column"] = column(desk, told["who"], PHONE)
        told["request"] = str(request_new(desk, laws(where), DEAL, told["who"], ASKED)["ref"])
        request_answer(desk, laws(where), told["request"], "", "")
        suppress_add(desk, ["13900003333"], None, "import", "asked.1", None)
        made = campaign_new(desk, laws(where), DEAL, CAMPAIGN, contents(desk, where))
        told["campaign"] = str(made["campaign"])
    with at(where, "suhe") as desk:
        approve(desk, *made["approve"])  # type: ignore[misc] # (act, content)


def _released(where: Path, who: str) -> None:
    with at(where, "zhouning") as desk:
        put_right(where, desk, who, Correction("会员", None, column(desk, who, PHONE), NEW, "typo"))
    approved(where)
    with at(where, "zhouning") as desk:
        release(desk, laws(where), DEAL, wiring.folder(where / "handover"))
    code, out = act(where, "buyer", "fanyuan", "receive", DEAL, "--at", where / "handover")
    assert code == 0, out


@pytest.fixture(scope="module")
def killing() -> Iterator["Killing"]:
    """The process that plays and dies."""
    made = Killing()
    yield made
    made.close()


class Killing(Dying):
    """See tests/portal/killing.py."""

    def __init__(self) -> None:
        super().__init__("tests.portal.killing")

    def __call__(self, name: str, where: Path, told: Mapping[str, str], at_point: int = 0) -> dict[str, Any]:
        return self.ask(at_point, play=name, where=str(where), told=dict(told))


def state(where: Path) -> dict[str, Any]:
    """How much stands in each table of both homes, which entries, and what lies between them."""
    found: dict[str, Any] = {}
    for half in ("seller", "buyer"):
        with sqlite3.connect(where / half / "core.db") as store:
            for (table,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                found[f"{half}.{table}"] = store.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            found[f"{half}.kinds"] = Counter(
                json.loads(row[0])["kind"] for row in store.execute("SELECT entry FROM ledger_entry")
            )
            found[f"{half}.states"] = Counter(store.execute("SELECT kind, state FROM request").fetchall())
        store.close()
    found["between"] = sorted(
        one.relative_to(where).as_posix() for one in (where / "handover").rglob("*") if one.is_file()
    )
    return found


def essence(found: Mapping[str, Any], play: Play) -> dict[str, Any]:
    """Without what an act that is told each time leaves more of; who was killed over a look-up has asked, and is counted again."""
    loose = {f"{half}.{name}" for half in ("seller", "buyer") for name in (*MORE, "kinds")} if play.twice else set()
    again = (".outbox", ".looked_up")
    return {name: value for name, value in found.items() if name not in loose and not name.endswith(again)}


def killed_at(name: str, points: int | None, stages: Mapping[str, Stage], killing: Killing, ground: Path) -> None:
    """Kill at some points, or at all; look; do it again where it did not happen; look."""
    play, (stage, told) = PLAYS[name], stages[PLAYS[name].stage]
    before, whole = state(stage), Path(shutil.copytree(stage, ground / "whole"))
    done = killing(name, whole, told)
    assert done["points"], done["fault"]
    after = state(whole)
    assert essence(after, play) != essence(before, play) or play.twice
    for point in chosen(name, done["points"], points):
        where = Path(shutil.copytree(stage, ground / str(point)))
        assert killing(name, where, told, point)["killed"], point
        assert not ahead(where / "handover", where / "seller", where / "buyer"), point
        if essence(state(where), play) != essence(after, play) or state(where) == before:
            again = killing(name, where, told)
            assert again["points"], (point, again["fault"])
        assert essence(state(where), play) == essence(after, play), point
        shutil.rmtree(where)
    watched(name, len(chosen(name, done["points"], points)), len(done["points"]))


def chosen(name: str, met: Sequence[str], points: int | None) -> list[int]:
    """All of them; or a seeded few, and where the act lays a file for the other side, its commit and the first file after it."""
    every = range(1, len(met) + 1)
    if points is None:
        return list(every)
    few = random.Random(f"{SEED}-{name}").sample(every, min(points, len(met)))
    if name not in LAID:
        return sorted(few)
    commit = met.index(COMMIT, met.index(SYNC))  # what is to be laid was synced in the home before
    return sorted({*few, commit + 1, met.index(SYNC, commit) + 1})


@pytest.mark.parametrize("name", DAILY)
def test_a5_an_act_that_is_killed_is_whole_when_it_is_done_again(
    name: str, stages: dict[str, Stage], killing: Killing, tmp_path: Path
):
    """At a seeded few of its points."""
    killed_at(name, POINTS, stages, killing, tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("name", PLAYS)
def test_a5_every_point_of_an_act_of_every_day(name: str, stages: dict[str, Stage], killing: Killing, tmp_path: Path):
    """At every point it has."""
    killed_at(name, None, stages, killing, tmp_path)
