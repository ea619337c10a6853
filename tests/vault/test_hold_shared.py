"""A8, G7: what several people share is kept while one of them is held, and a hold lasts its last day wherever on Earth one looks."""

from datetime import timedelta
from pathlib import Path

import pytest

from custody.acts.adding import Newcomer, add_people
from custody.acts.shred import Shred, shred
from custody.acts.vaults import open_keyring, slot_places
from custody.adapters.stores.sql import SqlTransaction
from custody.base import ids
from custody.base.clock import stamp
from custody.base.errors import Malformed, Refused
from custody.services.erase import erase
from custody.services.hold import hold_add, hold_list, hold_release
from custody.vault.payload import pack
from tests.vault.histories.world import NAME, World


@pytest.fixture
def shared(tmp_path: Path) -> tuple[World, str, str]:
    """(world, one of two members, the row they share)."""
    world = World(tmp_path / "world")
    one, other = add_people(world.desk, world.vault, [_newcomer("customer", 1), _newcomer("customer", 2)])
    (both,) = add_people(world.desk, world.vault, [_newcomer("joint", 3)])
    with world.desk.store.write() as tx:
        tx.change("subject", {"members": one + other}, vault=world.vault, id=both)
    return world, ids.subject_text(one), ids.subject_text(both)


def _newcomer(kind: str, number: int) -> Newcomer:
    return Newcomer(kind, [(1, 1, pack(number, [f"row {number}"]))])


def test_g7_a_shared_row_is_not_erased_while_a_member_is_held(shared: tuple[World, str, str]):
    """Refused for the hold of one member; left out when whoever is held is skipped; gone when the hold is."""
    world, member, both = shared
    hold_add(world.desk, member, "dispute", "", NAME)
    with pytest.raises(Refused, match="hold keeps") as error:
        erase(world.desk, [both], NAME)
    assert error.value.slug == "vault.held"
    assert erase(world.desk, [both], NAME, skip_held=True)["skipped_held"] == [both]
    assert hold_list(world.desk, NAME)["held"] == 1
    hold_release(world.desk, member, "dispute", NAME)
    assert erase(world.desk, [both], NAME)["records"] == 1


@pytest.mark.parametrize(("hour", "keeps"), [(1, True), (11, True), (13, False)])
def test_g7_the_last_day_of_a_hold_is_over_when_it_is_over_everywhere(
    shared: tuple[World, str, str], hour: int, keeps: bool
):
    """One until a day holds at 01:00Z and 11:00Z of the next, when somewhere it is that day still; not at 13:00Z."""
    world, member, _ = shared
    hold_add(world.desk, member, "dispute", world.clock.now().date().isoformat(), NAME)
    world.clock.advance(timedelta(days=1, hours=hour))
    if keeps:
        with pytest.raises(Refused, match="hold keeps"):
            erase(world.desk, [member], NAME)
    else:
        assert erase(world.desk, [member], NAME)["records"] == 1


@pytest.mark.parametrize("until", ["20260630", "2026-W27-1", "2026-06-31", "2026-6-3"])
def test_g7_the_end_of_a_hold_is_a_day_in_one_form(shared: tuple[World, str, str], until: str):
    """Ends are compared as text: one written otherwise would last for ever."""
    world, member, _ = shared
    with pytest.raises(Malformed, match="end of a hold"):
        hold_add(world.desk, member, "dispute", until, NAME)
    assert hold_list(world.desk, NAME)["held"] == 0


def test_g7_a_hold_has_nothing_against_a_key_that_gives_way_to_another(shared: tuple[World, str, str]):
    """A buyer seals anew what it received while somebody of them is held: the old slot goes, as all under it lies under a new one; alone it stays."""
    world, member, _ = shared
    who = ids.subject_bytes(member)
    hold_add(world.desk, member, "dispute", "", NAME)
    now = stamp(world.clock.now())
    with world.desk.store.write() as tx:
        ring = open_keyring(world.desk, tx, world.vault)
        (row,) = tx.find("subject", vault=world.vault, id=who)
        old = [Shred(who, 1, *slot_places(row["slots"])[1])]
        with pytest.raises(Refused, match="hold keeps"):
            shred(tx, ring, old, now=now)
        assert len(shred(tx, ring, old, now=now, moved=True)) == 1


def test_g4_what_several_share_goes_with_the_last_of_them(shared: tuple[World, str, str]):
    """It stays while a member is there, and is listed; with the last it goes, unless it is held itself."""
    world, member, both = shared
    with world.desk.store.read() as tx:
        others = [ids.subject_text(row["id"]) for row in tx.find("subject", vault=world.vault, kind="customer")]
    (other,) = [one for one in others if one != member]
    first = erase(world.desk, [member], NAME)
    assert (first["shared"], first["joint"]) == (0, [both])
    hold_add(world.desk, both, "dispute", "", NAME)
    assert erase(world.desk, [other], NAME, dry_run=True)["joint"] == [both]
    last = erase(world.desk, [other], NAME)
    assert (last["shared"], last["joint"], last["records"]) == (0, [both], 1)
    hold_release(world.desk, both, "dispute", NAME)
    again = erase(world.desk, [other], NAME)
    assert (again["shared"], again["joint"], again["records"]) == (1, [], 1)


def test_g4_both_members_in_one_act_take_what_they_share_along(shared: tuple[World, str, str]):
    """Nobody is left who could ask for it."""
    world, _, both = shared
    with world.desk.store.read() as tx:
        people = [ids.subject_text(row["id"]) for row in tx.find("subject", vault=world.vault, kind="customer")]
    told = erase(world.desk, people, NAME)
    assert (told["subjects"], told["shared"], told["joint"], told["records"]) == (2, 1, [], 3)
    with world.desk.store.read() as tx:
        assert tx.find("subject", vault=world.vault, id=ids.subject_bytes(both))[0]["state"] == "erased"


@pytest.mark.parametrize("dry_run", [False, True])
def test_an_erasure_looks_once_for_what_is_shared(
    shared: tuple[World, str, str], monkeypatch: pytest.MonkeyPatch, *, dry_run: bool
):
    """It is a passage over everybody; whoever is erased, and what goes along or stays, is told from one."""
    world, member, both = shared
    asked, scan = list[str](), SqlTransaction.scan

    def counted(tx: SqlTransaction, table: str, *within: object, **where: object) -> object:
        asked.extend([table] if where.get("kind") == "joint" else [])
        return scan(tx, table, *within, **where)

    monkeypatch.setattr(SqlTransaction, "scan", counted)
    assert erase(world.desk, [member], NAME, dry_run=dry_run)["joint"] == [both]
    assert asked == ["subject"]
