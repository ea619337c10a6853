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
from custody.cli.rehearsal.demo import Play
from custody.cli.rehearsal.half import Half, Out
from custody.cli.rehearsal.play import new_secret
from custody.services.copy_list import copy_list
from tests.drawn import drawn

DEAL = "D-2026-0001"
CUSTOMERS = 120
PORTAL = "portal"
MEMBERS = """SELECT id, facts FROM subject WHERE kind = 'customer' AND state = 'live' AND id IN (
    SELECT r.subject FROM record r JOIN schema s ON s.vault = r.vault AND s.number = r.schema WHERE s.tbl = '会员') ORDER BY id"""
"""Who has a row in the list of members, and so a number: some customers are known by an order alone."""


class ShippedError(Exception):
    """The play stops here: what follows is the tests' own."""


class UntilShipped(Play):
    """The line up to closing; both homes have a portal, too."""

    def found(self, half: Half) -> Out:
        made = super().found(half)
        self.person(half, "suhe" if half.name == "seller" else "fanyuan", PORTAL, "portal")
        return made

    def _approved(self, who: str, second: str, act: str, deal: str) -> Out:
        if act == "release":
            raise ShippedError
        return super()._approved(who, second, act, deal)


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory, draw: int) -> Path:
    """The folder of that rehearsal; whoever changes it takes a copy."""
    where = tmp_path_factory.mktemp("portal") / "demo"
    with pytest.raises(ShippedError):
        drawn(where, CUSTOMERS, draw).run(UntilShipped)
    return where


@pytest.fixture
def played(shipped: Path, tmp_path: Path) -> Path:
    """A copy to go on with."""
    return Path(shutil.copytree(shipped, tmp_path / "demo"))


@contextmanager
def at(where: Path, who: str = PORTAL, half: str = "seller") -> Iterator[Desk]:
    """The desk of somebody at the seller, or at the buyer."""
    home = where / half
    with wiring.desk(home, who, home / "keys" / "principals" / f"{who}.pass") as desk:
        yield desk


def laws(where: Path):  # noqa: ARG001 - where they hold; the sample has no rules of its own
    """The rules that hold there: those that ship, read once for all tests."""
    return wiring.laws()


def everybody(where: Path, *held: str, lacks: tuple[str, ...] = (), residence: str = "CN") -> Iterator[str]:
    """Live customers known to be grown up and to live there, who never objected before, with this evidence and none of what they lack."""
    store = sqlite3.connect(where / "seller" / "core.db")
    live = [(one, json.loads(facts)) for one, facts in store.execute(MEMBERS).fetchall()]
    given: dict[bytes, set[str]] = {one: set() for one, _ in live}
    for one, kind in store.execute("SELECT subject, type FROM evidence WHERE subject IS NOT NULL").fetchall():
        given.setdefault(one, set()).add(kind)
    store.close()
    for one, facts in live:
        plain = "" < facts.get("turns_18_on", "") < "2026" and not facts.get("objected")
        if plain and facts.get("residence") == residence and set(held) <= given[one] and not given[one] & set(lacks):
            yield subject_text(one)


def somebody(where: Path, *held: str, lacks: tuple[str, ...] = ()) -> str:
    """One of them: which one is by chance, so whatever a test relies on is among its words."""
    return next(everybody(where, *held, lacks=lacks))


__all__ = ["DEAL", "at", "everybody", "laws", "new_secret", "somebody"]


def on_list(desk: Desk, name: str) -> tuple[str, ...]:
    """(kind, state, keeper) of a copy that has a day."""
    (row,) = [one for one in copy_list(desk, None)["copies"] if one["name"] == name and one["until"]]
    return row["kind"], row["state"], row["keeper"]
