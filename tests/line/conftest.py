"""One rehearsal of the whole line on a small company, shared by the tests that look at what it left behind."""

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from custody.cli.rehearsal.demo import Play
from custody.cli.rehearsal.half import Half, Out
from custody.cli.rehearsal.play import FACTS
from tests.commands import environment, shared
from tests.drawn import drawn
from tests.line.crashes import SEED
from tests.servers import postgres, store_server  # noqa: F401 - fixtures of the tests beside it

ROOT = Path(__file__).resolve().parents[2]
CUSTOMERS = 240


def custody(*words: object, env: dict[str, str] | None = None, typed: str | None = None) -> tuple[int, dict]:
    """Run one command; in a process of its own where it is asked something, or told more; (exit code, what it printed)."""
    if env is None and typed is None:
        return shared()(*words)
    call = [sys.executable, "-m", "custody", *map(str, words), "--json"]
    more = environment(**(env or {}))
    done = subprocess.run(call, capture_output=True, text=True, env=more, check=False, input=typed)
    return done.returncode, json.loads(done.stdout or "{}")


@pytest.fixture(scope="session")
def kills(pytestconfig: pytest.Config) -> int:
    """At how many points a whole play is killed: one every day, more in the soak, or as many as CUSTODY_CRASH_POINTS says."""
    return int(os.environ.get("CUSTODY_CRASH_POINTS", "12" if pytestconfig.getoption("--soak") else "1"))


@pytest.fixture(scope="session")
def spread(pytestconfig: pytest.Config) -> Callable[[str, int], list[int]]:
    """Of the points of one command, told its name and how many they are, a seeded one every day, and all of them in the soak."""
    few = None if pytestconfig.getoption("--soak") else 1
    return lambda name, points: sorted(random.Random(f"{SEED}-{name}").sample(range(1, points + 1), few or points))


def act(where: Path, half: str, who: str, *words: object, typed: str | None = None) -> tuple[int, dict]:
    """Run one command as somebody of one half of a rehearsal."""
    home = where / half
    secret = home / "keys" / "principals" / f"{who}.pass"
    return custody(*words, "--home", home, "--as", who, "--passphrase-file", secret, typed=typed)


class Noted:
    """A half whose answers are kept in a file, one line each."""

    def __init__(self, half: Half, notes: Path) -> None:
        self._half, self._notes = half, notes

    def __getattr__(self, name: str) -> object:
        return getattr(self._half, name)

    def run(self, acting: str, *words: str, answers: tuple[int, ...] = (0,)) -> Out:
        out = self._half.run(acting, *words, answers=answers)
        with self._notes.open("a", encoding="utf-8") as target:
            target.write(json.dumps([words, out]) + "\n")
        return out


class Watched(Play):
    """A rehearsal that notes every answer, and keeps a copy of the seller's home from before the destruction: a backup somebody made."""

    def __init__(self, where: Path, source: Path, assumptions: Path, seller: Half, buyer: Half) -> None:
        noted = [Noted(half, where.parent / "answers.jsonl") for half in (seller, buyer)]
        super().__init__(where, source, assumptions, *noted)

    def _approved(self, who: str, second: str, act: str, deal: str) -> Out:
        if act == "destroy":
            shutil.copytree(self.where / "seller", self.where / "seller-backup")
        return super()._approved(who, second, act, deal)

    def _reseal(self, deal: str) -> None:
        shutil.copytree(self.where / "buyer", self.where / "buyer-received")
        super()._reseal(deal)


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory, draw: int) -> Path:
    """The folder of a finished rehearsal."""
    where = tmp_path_factory.mktemp("line") / "demo"
    drawn(where, CUSTOMERS, draw).run(Watched)
    return where


@pytest.fixture(scope="session")
def summary(played: Path) -> dict:
    """Its summary."""
    return json.loads((played / "summary.json").read_text(encoding="utf-8"))


class Opened(Play):
    """A rehearsal that stops where people take over: the deal is open, nobody was told, nothing is on file."""

    def play(self, *, real: bool) -> dict:
        parties = {half.name: self.found(half) for half in (self.seller, self.buyer)}
        self._confirm(parties)
        _, sealed = self.seal()
        deal = str(self.open(FACTS, "--counterparty", parties["buyer"]["party"])["ref"])
        self.buyer.run("fanyuan", "invite", parties["seller"]["party"], "--deal", deal, *self.at)
        return {**sealed, "real": real}


@pytest.fixture(scope="session")
def opened(tmp_path_factory: pytest.TempPathFactory, draw: int) -> Path:
    """A folder with an open deal of sixty customers."""
    where = tmp_path_factory.mktemp("matters") / "demo"
    rehearsal = drawn(where, 60, draw)
    shop = rehearsal.sample()
    with rehearsal.half("seller", "buyer") as seller, rehearsal.half("buyer", "seller") as buyer:
        Opened(where, shop, where / "none.yaml", seller, buyer).play(real=False)
    return where


@pytest.fixture
def desk(opened: Path, tmp_path: Path) -> Path:
    """A copy of one's own."""
    return Path(shutil.copytree(opened, tmp_path / "demo"))


def done(where: Path, who: str, *words: object) -> dict:
    """What somebody of the seller was answered, which must not be an error."""
    code, out = act(where, "seller", who, *words)
    assert code == 0, out
    return out


def refusal(where: Path, who: str, *words: object) -> str:
    """The slug with which somebody of the seller was refused."""
    return str(act(where, "seller", who, *words)[1]["error"]["slug"])


@pytest.fixture
def hired(desk: Path) -> Path:
    """An open deal of one's own, and a lawyer, songwen, in the seller's house, who is no member of it."""
    secret = desk / "seller" / "keys" / "principals" / "songwen.pass"
    secret.write_text("a passphrase of songwen", encoding="utf-8")
    secret.chmod(0o600)
    done(desk, "suhe", "principal", "new", "songwen", "--roles", "lawyer", "--new-passphrase-file", secret)
    return desk


@pytest.fixture
def lawyer(hired: Path) -> Path:
    """The same, and songwen is a member."""
    done(hired, "suhe", "member", "add", "D-2026-0001", "songwen", "--reason", "counsel of the seller")
    return hired
