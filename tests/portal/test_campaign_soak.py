"""B1 at size: a hundred thousand notices through a real relay with three kills; every one is accounted for, and the gate agrees.

`CUSTODY_TEST_NOTICES` takes another number; figures of a run are in docs/figures/campaigns.md.
"""

import json
import os
import signal
import sqlite3
import struct
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from custody.cli.rehearsal.demo import Play, Rehearsal
from custody.cli.rehearsal.half import Half, Out
from custody.law.gate import DECEASED
from custody.services.answers_take import DELIVERED
from custody.services.campaign_new import campaign_new
from custody.services.campaign_settle import WAIT_HOURS, campaign_settle
from custody.services.gate import gate
from tests.portal.campaigns import WORDS, contents, planned, sending, taken
from tests.portal.conftest import DEAL, at, laws
from tests.running import port

ROOT = Path(__file__).resolve().parents[2]
CONNECTIONS = 8
NOTICES = int(os.environ.get("CUSTODY_TEST_NOTICES", "100000"))
CUSTOMERS = NOTICES + NOTICES // 4
"""More than notices: some have no e-mail address, some are told nothing."""


PAGES = """SELECT p.members, v.vectors FROM verdict_page v JOIN page p
    ON p.compartment = v.compartment AND p.page = v.page WHERE v.gate = ?"""


class UntoldError(Exception):
    """The play stops before anybody is told."""


class UntilTold(Play):
    """The line up to the first gate."""

    def found(self, half: Half) -> Out:
        made = super().found(half)
        if half.name == "seller":
            self.person(half, "suhe", "portal", "portal")
        return made

    def once(self, name: str, who: str, *words: str, again: bool = False) -> Out:
        made = super().once(name, who, *words, again=again)
        if name == "gate-before":
            raise UntoldError
        return made


@pytest.fixture
def crowd(tmp_path: Path) -> Path:
    """A seller of that size whose customers know nothing yet."""
    where = tmp_path / "demo"
    with pytest.raises(UntoldError):
        Rehearsal(where, None, CUSTOMERS, "en", lambda _: None).run(UntilTold)
    return where


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A relay that keeps its log and no message, and cuts one connection at the worst moment."""
    folder = tmp_path / "relay"
    folder.mkdir()
    number = port()
    words = [
        sys.executable,
        str(ROOT / "tests" / "portal" / "relay.py"),
        str(number),
        str(folder),
        str(NOTICES // 10),
        "log",
    ]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield f"127.0.0.1:{number}", folder
        process.kill()


@pytest.mark.soak
@pytest.mark.part("smtp")
def test_b1_a_hundred_thousand_notices_and_three_kills(crowd: Path, relay: tuple[str, Path]):
    """None lost, none unaccounted for, none doubled once the log was asked; who is still untold is exactly the work list."""
    address, folder = relay
    before = untold(crowd)
    made = planned(crowd, by=address)
    assert sum(made["counts"].values()) == made["people"] == len(before)
    assert made["counts"]["planned"] >= NOTICES
    begun = time.monotonic()
    for share in (1, 2, 3):
        process = sending(crowd, made["campaign"], address, "--connections", str(CONNECTIONS))
        while _lines(folder) < share * made["counts"]["planned"] // 4 and process.poll() is None:
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    told = json.loads(sending(crowd, made["campaign"], address, "--connections", str(CONNECTIONS)).communicate()[0])
    assert told["done"] is True
    assert 1 <= told["in_doubt"] <= 3 * CONNECTIONS + 1  # three kills with so many open, and the relay's own cut
    with at(crowd, "zhouning") as desk:
        log = (folder / "relay.log").read_text(encoding="ascii")
        asked = campaign_settle(desk, made["campaign"], log, WAIT_HOURS)
    if asked["again"]:
        sending(crowd, made["campaign"], address, "--connections", str(CONNECTIONS)).communicate()
    spent, seen = time.monotonic() - begun, taken(folder)
    with at(crowd, "zhouning") as desk:
        desk.clock.advance(timedelta(hours=WAIT_HOURS + 1))
        settled = campaign_settle(desk, made["campaign"], None, WAIT_HOURS)
    assert set(seen.values()) == {1}
    assert len(seen) == made["counts"]["planned"] == settled["counts"]["delivered"]
    _agrees(crowd, made, settled)
    sys.stderr.write(
        f"\n{len(seen)} notices, {told['in_doubt']} in doubt, {spent:.0f} s, {len(seen) / spent:.0f} a second\n"
    )


def untold(where: Path) -> set[bytes]:
    """Who lacks the notice by a gate of now, read from its own signed pages: no count of the campaign's is among them."""
    with at(where, "zhouning") as desk:
        told = gate(desk, laws(where), DEAL)
    given = under(where, told["gate"])
    for one in told["reasons"]:  # the pages say of each rule how many the report says
        assert len(given[one["rule"], one["verdict"]][0]) == one["count"], one["rule"]
    dead = set[bytes]().union(*(people for (rule, _), (people, _) in given.items() if rule == DECEASED))
    return set[bytes]().union(*(lacking for _, lacking in given.values())) - dead


def under(where: Path, number: int) -> dict[tuple[str, str], tuple[set[bytes], set[bytes]]]:
    """{(rule, verdict): (customers under it, those of them whom it lacks the notice of)} by a gate's pages."""
    store = sqlite3.connect(where / "seller" / "core.db")
    reasons = {
        place: json.loads(said)
        for place, said in store.execute("SELECT number, reasons FROM vector WHERE gate = ?", (number,))
    }
    customers = {who for (who,) in store.execute("SELECT id FROM subject WHERE kind = 'customer' AND state = 'live'")}
    found = defaultdict[tuple[str, str], tuple[set[bytes], set[bytes]]](lambda: (set(), set()))
    for members, vectors in store.execute(PAGES, (number,)):
        for slot, place in enumerate(struct.unpack(f">{len(vectors) // 2}H", vectors)):
            who = members[slot * 16 : slot * 16 + 16]
            for rule, verdict, missing in reasons.get(place, ()) if who in customers else ():
                found[rule, verdict][0].add(who)
                if DELIVERED in missing:
                    found[rule, verdict][1].add(who)
    store.close()
    return found


def _agrees(where: Path, made: dict, settled: dict) -> None:
    """The gate, asked anew, misses the notice of exactly the people on the work list, one by one, and of nobody else."""
    left = untold(where)
    with sqlite3.connect(where / "seller" / "core.db") as store:
        listed = {who for (who,) in store.execute("SELECT subject FROM sending WHERE state = 'no-address'")}
    assert left == listed
    assert len(left) == made["people"] - settled["counts"]["delivered"] == settled["counts"]["no-address"] > 0
    with at(where, "zhouning") as desk:
        again = campaign_new(desk, laws(where), DEAL, WORDS, contents(desk, where))
    assert again["people"] == len(left)
    assert again["counts"]["planned"] == 0


def _lines(folder: Path) -> int:
    log = folder / "relay.log"
    if not log.exists():
        return 0
    with log.open(encoding="ascii") as lines:
        return log.stat().st_size // len(lines.readline() or "x")
