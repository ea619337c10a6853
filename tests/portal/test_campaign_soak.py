"""B1 at size: a hundred thousand notices through a real relay with three kills; every one is accounted for, and the gate agrees.

`CUSTODY_TEST_NOTICES` takes another number; figures of a run are in docs/figures/campaigns.md.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from custody.cli.rehearsal.demo import Play, Rehearsal
from custody.cli.rehearsal.half import Half, Out
from custody.services.campaign_new import campaign_new
from custody.services.campaign_settle import WAIT_HOURS, campaign_settle
from custody.services.gate import gate
from tests.portal.conftest import DEAL, at, laws
from tests.portal.test_campaign import WORDS, planned, sending, taken
from tests.running import port

ROOT = Path(__file__).resolve().parents[2]
CONNECTIONS = 8
NOTICES = int(os.environ.get("CUSTODY_TEST_NOTICES", "100000"))
CUSTOMERS = NOTICES + NOTICES // 4
"""More than notices: some have no e-mail address, some are told nothing."""


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
    with at(crowd, "zhouning") as desk:
        before = gate(desk, laws(crowd), DEAL)
    made = planned(crowd)
    assert sum(made["counts"].values()) == made["people"] <= before["total"]
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


def _agrees(where: Path, made: dict, settled: dict) -> None:
    """The gate, asked anew, misses the notice of the work list and of nobody else."""
    left = made["people"] - settled["counts"]["delivered"]
    assert settled["counts"]["no-address"] == left > 0
    with at(where, "zhouning") as desk:
        again = campaign_new(desk, laws(where), DEAL, WORDS)
    assert again["people"] == left
    assert again["counts"]["planned"] == 0


def _lines(folder: Path) -> int:
    log = folder / "relay.log"
    if not log.exists():
        return 0
    with log.open(encoding="ascii") as lines:
        return log.stat().st_size // len(lines.readline() or "x")
