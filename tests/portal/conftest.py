"""A rehearsal as far as the package was shipped: customers were told, some answered, and closing is still ahead."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from custody import wiring
from custody.acts.desk import Desk
from custody.base.ids import subject_text
from custody.cli.rehearsal.demo import Play, Rehearsal
from custody.cli.rehearsal.half import Half, Out
from custody.cli.rehearsal.play import new_secret

DEAL = "D-2026-0001"
CUSTOMERS = 120
PORTAL = "portal"
MEMBERS = """SELECT id, facts FROM subject WHERE kind = 'customer' AND state = 'live' AND id IN (
    SELECT r.subject FROM record r JOIN schema s ON s.vault = r.vault AND s.number = r.schema WHERE s.tbl = '会员') ORDER BY id"""
"""Who has a row in the list of members, and so a number: some customers are known by an order alone."""


class ShippedError(Exception):
    """The play stops here: what follows is the tests' own."""


class UntilShipped(Play):
    """The line up to closing; the seller's home has a portal, too."""

    def found(self, half: Half) -> Out:
        made = super().found(half)
        if half.name == "seller":
            self.person(half, "suhe", PORTAL, "portal")
        return made

    def _approved(self, who: str, second: str, act: str, deal: str) -> Out:
        if act == "release":
            raise ShippedError
        return super()._approved(who, second, act, deal)


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The folder of that rehearsal; whoever changes it takes a copy."""
    where = tmp_path_factory.mktemp(f"portal-{worker_id}") / "demo"
    with pytest.raises(ShippedError):
        Rehearsal(where, None, CUSTOMERS, "en", lambda _: None).run(UntilShipped)
    return where


@pytest.fixture
def played(shipped: Path, tmp_path: Path) -> Path:
    """A copy to go on with."""
    return Path(shutil.copytree(shipped, tmp_path / "demo"))


@contextmanager
def at(where: Path, who: str = PORTAL) -> Iterator[Desk]:
    """The desk of somebody at the seller."""
    home = where / "seller"
    with wiring.desk(home, who, home / "keys" / "principals" / f"{who}.pass") as desk:
        yield desk


def laws(where: Path):  # noqa: ARG001 - where they hold; the sample has no rules of its own
    """The rules that hold there: those that ship, read once for all tests."""
    return wiring.laws()


def _plain(facts: dict[str, object]) -> bool:
    """Nothing but the answers decides about them: neither age nor another country's law nor an objection of old."""
    grown = str(facts.get("turns_14_on", "")) < "2026"
    return grown and facts.get("residence") == "CN" and not facts.get("objected")


def somebody(where: Path, *held: str, lacks: tuple[str, ...] = ()) -> str:
    """One of them; which, the draw of the ids decides: a test that needs more than this must ask for it."""
    return next(everybody(where, *held, lacks=lacks))


def everybody(where: Path, *held: str, lacks: tuple[str, ...] = ()) -> Iterator[str]:
    """The live grown-up customers at home, with no word against before the sale, with this evidence on file and none of what they lack."""
    store = sqlite3.connect(where / "seller" / "core.db")
    found: dict[bytes, set[str]] = {}
    live = store.execute(MEMBERS).fetchall()
    for one in (one for one, facts in live if _plain(json.loads(facts))):
        kinds = store.execute("SELECT type FROM evidence WHERE subject = ?", (one,)).fetchall()
        found[one] = {kind for (kind,) in kinds}
    store.close()
    return (subject_text(one) for one, kinds in found.items() if set(held) <= kinds and not kinds & set(lacks))


__all__ = ["DEAL", "at", "everybody", "laws", "new_secret", "somebody"]
