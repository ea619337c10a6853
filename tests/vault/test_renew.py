"""E8: a vault is renewed from one suite to another while it is used; nothing is lost, nobody comes back (spec/vault.md §25)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from custody.acts.adding import Newcomer, add_people
from custody.acts.compacting import compact
from custody.acts.finding import taggers
from custody.acts.renewing import renew_page, turn
from custody.acts.revising import revise_record
from custody.acts.vaults import open_keyring, pages, vault_row
from custody.base import ids
from custody.services.backup import backup
from custody.services.erase import erase
from custody.services.hold import hold_add, hold_release
from custody.services.rekey import rekey
from custody.services.vault_check import vault_check
from custody.services.vault_renew import vault_renew
from custody.vault.payload import pack
from custody.vault.suite import AES, SM
from tests.vault.histories.judge import Judge
from tests.vault.histories.world import NAME, World

Refuses = Callable[[str], object]


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Three people in two compartments of a vault that writes in suite 1; one of their records was corrected."""
    made = World(tmp_path)
    people = [
        Newcomer("customer", [(1, 1, pack(n, [f"word-{n}"])), (2, 2, pack(n, [f"word-{n}-b"]))]) for n in range(3)
    ]
    first, *_ = add_people(made.desk, made.vault, people)
    revise_record(made.desk, made.vault, first, 1, lambda row, _: pack(row["row"], ["word-right"]), "typo")
    yield made
    made.close()


def said(world: World) -> list[str]:
    """What can be read, after the judge found nothing wrong."""
    return sorted(Judge(world).look(set()).values())


def people(world: World) -> list[bytes]:
    with world.desk.store.read() as tx:
        return [row["id"] for row in tx.find("subject", order=("id",), vault=world.vault, state="live")]


def suites(world: World) -> dict[int, int]:
    """{suite: keys of people} by the check, which also finds nothing wrong."""
    told = vault_check(world.desk, NAME)
    assert told["ok"] is True, told
    found: dict[int, int] = {}
    for one in told["suites"]:
        if one["compartment"] != 15:
            found[one["suite"]] = found.get(one["suite"], 0) + one["keys"]
    return {suite: keys for suite, keys in found.items() if keys}


def test_a_vault_goes_to_suite_2_and_back(world: World):
    """Everything says the same in either suite, in the records and in what they were before."""
    before = said(world)
    for suite in (2, 1):
        told = vault_renew(world.desk, NAME, suite)
        assert (told["keys"], told["left"], told["done"]) == (6, 0, True)
        assert said(world) == before
        assert suites(world) == {suite: 6}
        with world.desk.store.read() as tx:
            (older,) = tx.find("revision", vault=world.vault)
            assert older["revision"] == 1
            segments = {row["id"]: row for row in tx.find("segment", vault=world.vault)}
        with world.desk.files.open(segments[older["segment"]]["file"]) as source:
            assert source.read(9)[8] == suite


def test_it_is_lazy_and_both_suites_are_read_meanwhile(world: World):
    """One page at a time; who comes meanwhile is sealed in the new suite, and a correction stays under its key."""
    told = vault_renew(world.desk, NAME, 2, most=1)
    assert (told["pages"], told["keys"], told["left"], told["done"]) == (1, 3, 3, False)
    assert suites(world) == {1: 3, 2: 3}
    old = people(world)[0]
    add_people(world.desk, world.vault, [Newcomer("customer", [(2, 2, pack(7, ["word-new"]))])])
    revise_record(world.desk, world.vault, old, 2, lambda row, _: pack(row["row"], ["word-late"]), "typo")
    assert suites(world) == {1: 3, 2: 4}
    assert "word-late" in said(world)
    assert vault_renew(world.desk, NAME)["done"] is True
    assert suites(world) == {2: 7}
    assert "word-new" in said(world)


def test_the_old_suite_opens_nothing_afterwards(world: World):
    """Rotated and compacted: no segment and no live page of the people is of suite 1 any more."""
    vault_renew(world.desk, NAME, 2)
    compact(world.desk, world.vault, NAME, least=0)
    rekey(world.desk, NAME)
    for path in world.home.rglob("*.seg"):
        assert path.read_bytes()[8] == 2
    assert suites(world) == {2: 6}
    with world.desk.store.read() as tx:
        assert tx.count("erasure", vault=world.vault, final_at="") == 0


def test_who_is_held_stays_until_the_hold_ends(world: World):
    """A hold keeps the key where it is; it is counted, and moves when it is free."""
    name = ids.subject_text(people(world)[0])
    hold_add(world.desk, name, "dispute", "", NAME)
    told = vault_renew(world.desk, NAME, 2)
    assert (told["left"], told["held"], told["done"]) == (0, 2, True)
    assert suites(world) == {1: 2, 2: 4}
    hold_release(world.desk, name, "dispute", NAME)
    assert vault_renew(world.desk, NAME)["keys"] == 2
    assert suites(world) == {2: 6}


def test_one_record_that_nobody_can_read_keeps_nobody_else(world: World):
    """Its person stays under the key that opens it where the file is whole again; it is counted each time, and the rest moves."""
    with world.desk.store.read() as tx:
        (row,) = tx.find("record", vault=world.vault, subject=people(world)[1], record=2)
        (segment,) = tx.find("segment", vault=world.vault, id=row["segment"])
    file = world.home / segment["file"]
    whole, at = file.read_bytes(), row["position"] + row["length"] - 1
    file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    told = vault_renew(world.desk, NAME, 2)
    assert (told["unread"], told["left"], told["done"], told["next"]) == (1, 1, False, "custody vault check")
    assert told["keys"] == 5
    assert vault_renew(world.desk, NAME)["unread"] == 1
    file.write_bytes(whole)
    assert (vault_renew(world.desk, NAME)["keys"], vault_renew(world.desk, NAME)["done"]) == (1, True)
    assert suites(world) == {2: 6}
    assert len(said(world)) == 6


def test_a_dry_run_changes_nothing(world: World):
    """It counts, and that is all."""
    assert vault_renew(world.desk, NAME, 2, dry_run=True)["would"] == {"keys": 6, "held": 0}
    assert suites(world) == {1: 6}


def test_an_unknown_suite_is_refused(world: World, refuses: Refuses):
    """No vault turns to what is not known."""
    with refuses("vault.suite"):
        vault_renew(world.desk, NAME, 3)


def test_a_backup_of_before_is_whole(world: World):
    """Everything lost after a renewal that no backup saw: the backup gives all of it, and the vault still writes in the new suite."""
    before = said(world)
    backup(world.desk, "a")
    vault_renew(world.desk, NAME, 2)
    world.lose()
    world.restore("a")
    assert said(world) == before
    told = vault_check(world.desk, NAME)
    assert told["suite"] == 2
    assert suites(world) == {1: 6}
    assert vault_renew(world.desk, NAME)["keys"] == 6
    assert said(world) == before


@pytest.mark.parametrize("turns", [(2,), (2, 1), (2, 1, 2)])
def test_who_was_erased_after_a_renewal_does_not_come_back_with_a_backup_of_before(
    world: World, turns: tuple[int, ...]
):
    """The erasure names the new slot; a restore finds the old one, however often they moved."""
    backup(world.desk, "a")
    for suite in turns:
        vault_renew(world.desk, NAME, suite)
    gone = people(world)[0]
    mirrored = erase(world.desk, [ids.subject_text(gone)], NAME)["mirrored"]
    assert mirrored is True
    left = said(world)
    world.lose()
    world.restore("a")
    assert said(world) == left
    assert gone not in people(world)


def test_a_backup_of_after_is_whole_too(world: World):
    """Keys of both suites are in one backup, and come back in their own."""
    vault_renew(world.desk, NAME, 2, most=1)
    before = said(world)
    backup(world.desk, "a")
    world.lose()
    world.restore("a")
    assert said(world) == before
    assert suites(world) == {1: 3, 2: 3}


def test_the_index_follows_the_suite(world: World):
    """Look-ups after a turn are made by the new suite, under a new epoch."""
    with world.desk.store.read() as tx:
        row = vault_row(tx, world.party, NAME)
    first, tags = taggers(world.desk, row)
    turn(world.desk, world.vault, SM)
    with world.desk.store.read() as tx:
        row = vault_row(tx, world.party, NAME)
    second, later = taggers(world.desk, row)
    assert second > first
    assert tags["email"].tag("a@example.com") != later["email"].tag("a@example.com")
    assert taggers(world.desk, row)[0] == second


def test_a_vault_turned_back_in_the_store_is_refused(world: World, refuses: Refuses):
    """The row says suite 1 again, the head does not: nothing is read and nothing written."""
    vault_renew(world.desk, NAME, 2)
    with world.desk.store.write() as tx:
        tx.change("vault", {"suite": 1}, id=world.vault)
    assert {"class": "keyring", "where": {"slug": "vault.suite-changed"}} in vault_check(world.desk, NAME)["faults"]
    with refuses("vault.suite-changed"):
        add_people(world.desk, world.vault, [Newcomer("customer", [(1, 1, pack(9, ["word"]))])])
    with refuses("vault.suite-changed"):
        rekey(world.desk, NAME)


def test_a_head_of_before_put_back_is_refused(world: World, refuses: Refuses):
    """Row and head of before the renewal: the pages are not the ones that this head names."""
    with world.desk.store.read() as tx:
        old = tx.find("vault", id=world.vault)[0]
    vault_renew(world.desk, NAME, 2)
    with world.desk.store.write() as tx:
        tx.change("vault", {"suite": old["suite"], "keyring": old["keyring"]}, id=world.vault)
    with refuses("vault.rolled-back"), world.desk.store.read() as tx:
        open_keyring(world.desk, tx, world.vault)


@pytest.mark.parametrize("number", [1, 3])
def test_a_page_said_to_be_of_another_suite_is_found(world: World, number: int):
    """A swapped suite byte of a wrap is named by class and place, with its leaf and without."""
    vault_renew(world.desk, NAME, 2)
    with world.desk.store.write() as tx:
        page = next(one for one in pages(tx, world.vault) if one.suite is SM)
        spot = {"compartment": page.place.compartment, "page": page.place.page}
        tx.change("page", {"wrap": bytes([number]) + page.wrap[1:]}, vault=world.vault, **spot)
    told = vault_check(world.desk, NAME)
    assert told["ok"] is False
    assert {"class": "page.altered", "where": spot} in told["faults"]


def test_a_renewal_waits_for_a_backup(world: World, refuses: Refuses, monkeypatch: pytest.MonkeyPatch):
    """A page is not moved while a backup is being written."""
    turn(world.desk, world.vault, SM)
    with world.desk.store.read() as tx:
        row = vault_row(tx, world.party, NAME)
    other = World.__new__(World)
    other.__dict__.update(world.__dict__)
    beside = other._desk()
    monkeypatch.setattr("custody.adapters.stores.alone.WAIT_SECONDS", 0)
    with beside.store.alone(f"{world.party}/+copying"), refuses("vault.busy"):
        renew_page(world.desk, row)
    beside.store.close()
    assert AES.number in suites(world)
