"""G4: what was set aside of somebody goes with them: rows that name them by an identifier open no more, every other row does."""

from pathlib import Path

import pytest

from custody.acts.reading import Reader
from custody.acts.vaults import QUARANTINE
from custody.base import ids
from custody.base.errors import Refused
from custody.services.erase import erase
from custody.services.hold import hold_add
from custody.services.vault_check import vault_check
from custody.vault.payload import unpack
from tests.vault.histories.world import World
from tests.vault.sealing import company, mapped, sealed

NAME = "second"
HERS, ANOTHERS = ("kunde3@example.cn", "C0000003"), "kunde30@example.cn"


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Five customers; set aside are two ragged rows, one of which has the address of the fourth, and the orders of all, which nobody joined."""
    made, folder = World(tmp_path / "world"), company(tmp_path / "company", 5)
    with (folder / "customers.csv").open("a", encoding="utf-8") as table:
        for address in (HERS[0], ANOTHERS):
            table.write(f"C9999999,Kunde Nummer 3,{address},1953-04-13,gut,extra,extra\n")
    sealed(made, folder, mapped(made, folder))
    return made


def _held(world: World) -> dict[bytes, list[str]]:
    """{subject: what opens of theirs}."""
    found: dict[bytes, list[str]] = {}
    with world.desk.store.read() as tx:
        (vault,) = tx.find("vault", name=NAME)
        reader = Reader(world.desk, tx, str(vault["id"]))
        for row in tx.find("record", vault=vault["id"]):
            found.setdefault(row["subject"], []).append(f"{row['compartment']} {unpack(reader.open(row))[1]}")
        reader.close()
    return found


def _aside(world: World) -> str:
    return "".join(text for texts in _held(world).values() for text in texts if text.startswith(f"{QUARANTINE} "))


def _her(world: World) -> str:
    return next(
        ids.subject_text(who)
        for who, texts in _held(world).items()
        if texts[0].startswith("1 ") and HERS[0] in texts[0]
    )


def test_g4_a_row_set_aside_that_names_whoever_is_erased_goes_with_them(world: World):
    """Her ragged row and her two orders go, the one whose address only begins alike stays; what is left is whole, and asking again finds nobody."""
    assert all(value in _aside(world) for value in HERS)
    who = _her(world)
    assert erase(world.desk, [who], NAME)["quarantined"] == 3
    left = _aside(world)
    assert not any(value in left for value in HERS)
    assert ANOTHERS in left
    assert vault_check(world.desk, NAME)["ok"] is True
    assert erase(world.desk, [who], NAME)["quarantined"] == 0


def test_g7_nothing_set_aside_goes_for_somebody_who_is_held(world: World):
    """A refused erasure leaves the rows where they were."""
    who, before = _her(world), _aside(world)
    hold_add(world.desk, who, "dispute", "", NAME)
    with pytest.raises(Refused, match="hold keeps"):
        erase(world.desk, [who], NAME)
    assert _aside(world) == before
