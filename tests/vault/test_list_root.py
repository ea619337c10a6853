"""A9: the root of the suppression list moves with the vaults, is looked after like any root, and where it alone is lost two people begin the list anew (spec/retention.md §7, docs/adr/0097)."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from custody.acts.adding import Newcomer, add_people
from custody.acts.approval import give
from custody.acts.mirroring import catch_up
from custody.acts.suppressing import listed
from custody.adapters.keys.trouble import out
from custody.base import canonical, ids
from custody.base.errors import CustodyError
from custody.base.signing import Signer
from custody.services.backup import backup
from custody.services.destroys_due import destroys_due
from custody.services.erase import erase
from custody.services.keys_show import keys_show
from custody.services.rekey import rekey
from custody.services.restore import restore_finish
from custody.services.suppress import suppress_add, suppress_check
from custody.services.suppress_renew import ACT, suppress_renew
from custody.services.vault_check import vault_check
from custody.vault.payload import pack
from tests.vault.conftest import Refuses
from tests.vault.histories.world import NAME, World
from tests.vault.lost_ways import Elsewhere, file_of, routed
from tests.vault.second import join, other

FILE, SERVICE, GONE = "passphrase-file", "transit", "gone@example.cn"
WHY = "its disk burnt"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Somebody in a vault, roots in files; a second person who may approve; one address may never come in again."""
    made = World(tmp_path / "world", lasting=True)
    add_people(made.desk, made.vault, [Newcomer("customer", [(1, 1, pack(n, [f"word-{n}"]))]) for n in range(2)])
    suppress_add(made.desk, [GONE], None, "import", "asked.1", None)
    yield made
    made.close()


def use(world: World, used: str, files: object, service: Elsewhere | None) -> None:
    """What custody.toml sets up from now on."""
    world.provider = routed(used, files, service)
    world.reopen()


def known(world: World) -> bool:
    """Whether an import would know the address."""
    found = listed(world.desk)
    return found is not None and found.scope("email", GONE) == "import"


def lies(world: World) -> str:
    """The provider of the list's root, as `keys show` names it."""
    (one,) = (each for each in keys_show(world.desk)["besides"] if each["kind"] == "suppression-list")
    assert not one["fault"]
    return str(one["provider"])


def test_a9_the_list_moves_to_the_provider_in_use_with_a_vault(world: World):
    """There and back; the old section may go once nothing is named there, and who was on the list is."""
    files, service = world.provider, Elsewhere()
    use(world, SERVICE, files, service)
    assert lies(world) == FILE
    assert rekey(world.desk, NAME)["list_moved"]
    assert lies(world) == "memory"
    use(world, FILE, files, service)
    assert rekey(world.desk, NAME, idle_days=30)["rotated"] is False
    assert lies(world) == FILE
    assert not rekey(world.desk, NAME)["list_moved"]
    world.clock.advance(timedelta(days=1))
    assert destroys_due(world.desk, NAME)["ok"]
    use(world, FILE, files, None)
    assert known(world)
    assert vault_check(world.desk, NAME)["ok"]


def test_a4_a_root_that_a_vault_leaves_is_named_until_it_was_seen_gone(world: World, refuses: Refuses):
    """While its rotation waits, and until it was asked about; a provider that is away meanwhile keeps no place from being renewed."""
    files, service = world.provider, Elsewhere()
    use(world, SERVICE, files, service)
    rekey(world.desk, NAME)
    backup(world.desk, "a")
    use(world, FILE, files, service)
    world.weather.out.add("a")
    with refuses("simulated.out"):
        rekey(world.desk, NAME)
    world.weather.out.clear()
    assert kinds(world) == ["former-root", "rotation", "suppression-list"]
    service.fault = out
    with refuses("keys.out"):
        rekey(world.desk, NAME)
    assert len(list((world.root / "a" / "keys").rglob(f"{3:020d}-*.cvbk"))) == 1
    service.fault = None
    rekey(world.desk, NAME)
    assert kinds(world) == ["former-root", "former-root", "suppression-list"]
    world.clock.advance(timedelta(days=1))
    destroys_due(world.desk, NAME)
    assert kinds(world) == ["suppression-list"]


def kinds(world: World) -> list[str]:
    """What `keys show` names beside the vaults."""
    return sorted(one["kind"] for one in keys_show(world.desk)["besides"])


def test_a9_a_backup_of_before_the_move_comes_back_with_the_list_where_it_lies_now(world: World):
    """The provider of before is not there any more."""
    files, service = world.provider, Elsewhere()
    use(world, SERVICE, files, service)
    suppress_add(world.desk, ["another@example.cn"], None, "contact", "asked.2", None)
    rekey(world.desk, NAME)
    backup(world.desk, "a")
    use(world, FILE, files, service)
    world.weather.out.add("a")
    with pytest.raises(Exception, match="does not answer"):
        rekey(world.desk, NAME)
    world.weather.out.clear()
    catch_up(world.desk)
    world.lose()
    world.restore("a")
    use(world, FILE, files, None)
    assert known(world)


def test_a9_a_list_whose_provider_is_away_keeps_no_vault_waiting(world: World):
    """The vault's root changes; the answer says why the list stayed, and it moves with the next one."""
    files, service = world.provider, Elsewhere()
    use(world, SERVICE, files, service)
    rekey(world.desk, NAME)
    use(world, FILE, files, service)
    rekey(world.desk, NAME)
    with world.desk.store.write() as tx:  # as a home of before has it: the vault has moved, the list has not
        (row,) = tx.find("suppression_key", party=world.party)
        tx.change("suppression_key", {"ref": f"transit:{row['ref']}"}, party=world.party)
    use(world, FILE, files, None)
    told = rekey(world.desk, NAME)
    assert (told["list_moved"], told["list_fault"]) == (False, "keys.provider")


def test_a9_a_list_in_another_place_of_the_same_kind_is_told(world: World):
    """Settings that somebody wrote by hand point to another place than the list's root lies in: the vault moves, and the answer says why the list did not."""
    files, service = world.provider, Elsewhere()
    use(world, SERVICE, files, service)
    rekey(world.desk, NAME)
    with world.desk.store.write() as tx:  # the list's root lies where these settings do not reach
        (row,) = tx.find("suppression_key", party=world.party)
    service.beyond = str(row["ref"])
    told = rekey(world.desk, NAME)
    assert (told["list_moved"], told["list_fault"]) == (False, "keys.provider")


def flipped(world: World) -> None:
    """One bit of it rotted."""
    path = file_of(world, world.party)
    data = bytearray(path.read_bytes())
    data[-3] ^= 1
    path.write_bytes(data)


def removed(world: World) -> None:
    """Somebody deleted it."""
    file_of(world, world.party).unlink()


LOST: dict[str, tuple[Callable[[World], None], str]] = {
    "flipped": (flipped, "keys.passphrase"),
    "removed": (removed, "keys.gone"),
}


@pytest.mark.parametrize("how", LOST)
def test_a9_a_list_whose_root_alone_is_lost_begins_anew_by_two_people(world: World, refuses: Refuses, how: str):
    """It is an alarm and a fault until then; the answer says what nobody knows any more; then everything that asked the list goes on."""
    (who, *_) = subjects(world)
    happened, slug = LOST[how]
    happened(world)
    lost = {"kind": "suppression-list", "deal": "", "slug": slug}
    assert destroys_due(world.desk, NAME)["besides"] == [lost]
    assert destroys_due(world.desk, NAME)["ok"] is False
    assert vault_check(world.desk, NAME)["faults"] == [
        {"class": "root.beside", "where": {"of": "suppression-list", "deal": "", "slug": slug}}
    ]
    with pytest.raises(CustodyError) as refused:
        erase(world.desk, [who], NAME, suppressed=True)
    assert (refused.value.slug, refused.value.next) == (slug, "custody suppress renew --why … --dry-run")
    dry = suppress_renew(world.desk, WHY, dry_run=True)
    assert (dry["lost"], dry["lost_by"]) == (1, {"import": 1, "contact": 0})
    assert "erased-and-never-again" in dry["forgotten"]
    with refuses("act.unapproved"):
        suppress_renew(world.desk, WHY)
    approved(world)
    told = suppress_renew(world.desk, WHY)
    assert (told["lost"], told["relisted"], told["mirrored"]) == (1, 0, True)
    assert not known(world)
    suppress_add(world.desk, ["new@example.cn"], None, "import", "asked.2", None)
    assert suppress_check(world.desk, "new@example.cn")["listed"]
    told = destroys_due(world.desk, NAME)
    assert told["besides"] == []
    assert vault_check(world.desk, NAME)["ok"]
    says = entry(world, "suppression-renewed")
    assert (says["lost"], bool(says["approval"])) == (1, True)


def test_a9_a_restore_that_the_list_stops_goes_on_when_it_was_begun_anew(world: World, refuses: Refuses):
    """Whoever was put on the list since the backup is to be marked, and nobody can read it: the vault is in force meanwhile, and two people let the restore end."""
    backup(world.desk, "a")
    suppress_add(world.desk, ["later@example.cn"], None, "contact", "asked.2", None)
    catch_up(world.desk)
    flipped(world)
    world.lose()
    with refuses("keys.passphrase"):
        world.restore("a")
    approved(world)
    assert suppress_renew(world.desk, WHY)["lost"] == 2
    assert restore_finish(world.desk)["relisted"] == 1
    assert vault_check(world.desk, NAME)["ok"]


def test_a9_a_list_that_opens_is_not_begun_anew(world: World, refuses: Refuses):
    """Nor one whose folder is only not mounted; nor without a reason, nor by anybody but an owner."""
    with refuses("suppress.key-there"):
        suppress_renew(world.desk, WHY, dry_run=True)
    with refuses("suppress.why"):
        suppress_renew(world.desk, " ", dry_run=True)
    clerk = replace(world.desk, principal=replace(world.desk.principal, roles=frozenset(("privacy",))))
    with refuses("act.role"):
        suppress_renew(clerk, WHY, dry_run=True)
    away = (world.root / "roots").rename(world.root / "elsewhere")
    with refuses("suppress.away"):
        suppress_renew(world.desk, WHY, dry_run=True)
    away.rename(world.root / "roots")
    assert known(world)


def test_a9_an_approval_is_of_this_loss(world: World, refuses: Refuses):
    """A key that came back after the second person signed is not given up."""
    path = file_of(world, world.party)
    away = path.rename(world.root / "aside")
    approved(world)
    away.rename(path)
    with refuses("suppress.key-there"):
        suppress_renew(world.desk, WHY)
    assert known(world)


def approved(world: World) -> None:
    """A second person signs for what the first one would do."""
    second = Signer.generate()
    join(world, second)
    act, content = suppress_renew(world.desk, WHY, dry_run=True)["would"]["approve"]
    assert act == ACT
    with world.desk.store.write() as tx:
        give(replace(world.desk, principal=other(second), actor=second), tx, act, content)


def subjects(world: World) -> list[str]:
    """Who is in the vault."""
    with world.desk.store.read() as tx:
        return [ids.subject_text(row["id"]) for row in tx.find("subject", order=("id",), vault=world.vault)]


def entry(world: World, kind: str) -> dict:
    """What the newest entry of this kind says."""
    with world.desk.store.read() as tx:
        rows = [canonical.decode(row["entry"]) for row in tx.find("ledger_entry", order=("position",))]
    return [row["says"] for row in rows if row["kind"] == kind][-1]
