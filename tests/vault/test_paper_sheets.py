"""A4: data enters when the sheets were tried; from a rotation on the vault says that they are void; the root changes when there is a reason to."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from custody.acts.adding import Newcomer, add_people
from custody.acts.desk import Desk
from custody.acts.mirroring import catch_up
from custody.base import canonical, ids
from custody.base.clock import stamp
from custody.base.errors import CustodyError, Refused
from custody.services.backup import backup
from custody.services.datamap_accept import datamap_accept
from custody.services.erase import erase
from custody.services.recovery_due import recovery_due
from custody.services.recovery_list import recovery_list
from custody.services.recovery_print import recovery_print
from custody.services.recovery_test import recovery_test
from custody.services.rekey import rekey
from custody.services.scan import map_text, scan
from custody.services.seal import seal
from custody.services.vault_list import vault_list
from custody.services.vault_new import vault_new
from custody.vault.payload import pack
from tests.vault.histories.world import NAME, World

HOLDERS = ("甲", "乙", "丙")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """The vault `main`, which nobody printed sheets of."""
    made = World(tmp_path / "world")
    yield made
    made.close()


def real(world: World) -> Desk:
    """The desk of a home that is no rehearsal."""
    return replace(world.desk, rehearsal=False)


def printed(world: World, vault: str = NAME) -> list[tuple[str, str]]:
    """(name, text) of three new sheets, two of which open it."""
    return [(one["holder"], one["text"]) for one in recovery_print(world.desk, vault, HOLDERS, 2)["sheets"]]


def state(world: World, vault: str = NAME) -> tuple[str, str]:
    """(how the sheets stand, since which minute), the same wherever it is told."""
    due = recovery_due(real(world), vault)
    (listed,) = (one for one in vault_list(world.desk)["vaults"] if one["name"] == vault)
    told = recovery_list(world.desk)
    assert listed["recovery"] == due["recovery"]
    assert {"name": vault, "recovery": due["recovery"]} in told["vaults"]
    assert due["ok"] == (vault not in {one["name"] for one in told["void"]})
    return due["recovery"]["state"], due["recovery"]["since"][:16]


def later(world: World, **span: int) -> str:
    """Time goes on; what the clock then says."""
    world.clock.advance(timedelta(**span))
    return stamp(world.clock.now())[:16]


def kinds(world: World) -> list[str]:
    """What the ledger has, in order."""
    with world.desk.store.read() as tx:
        return [canonical.decode(row["entry"])["kind"] for row in tx.find("ledger_entry", order=("position",))]


def test_a4_how_sheets_stand_from_the_first_to_the_void_ones(world: World):
    """None, printed, tested, void since the change of root (not since a later one), printed again, tested again."""
    assert state(world) == ("none", "")
    at = later(world, hours=1)
    old = printed(world)
    assert state(world) == ("printed", at)
    at = later(world, hours=1)
    recovery_test(world.desk, old[1:], NAME)
    assert state(world) == ("tested", at)
    at = later(world, hours=1)
    rekey(world.desk, NAME)
    assert state(world) == ("outdated", at)
    later(world, hours=1)
    rekey(world.desk, NAME)
    assert state(world) == ("outdated", at)
    with pytest.raises(CustodyError) as refused:
        recovery_test(world.desk, old[1:], NAME)
    assert refused.value.slug == "shares.other"
    assert state(world)[0] == "outdated"
    new = printed(world)
    recovery_test(world.desk, new[:2], NAME)
    assert state(world)[0] == "tested"


def test_a4_other_vaults_sheets_say_nothing_of_this_one(world: World):
    """What was printed and tried of one vault leaves another as it was."""
    vault_new(world.desk, "second")
    recovery_test(world.desk, printed(world, "second")[:2], "second")
    assert (state(world, "second")[0], state(world)[0]) == ("tested", "none")


def test_a4_a_scheduled_run_alarms_and_a_rehearsal_does_not(world: World):
    """Void or absent sheets are a fault of the run; a rehearsal is told the same and goes on."""
    told = recovery_due(real(world), NAME)
    assert (told["ok"], "custody recovery print" in told["next"]) == (False, True)
    rehearsed = recovery_due(world.desk, NAME)
    assert (rehearsed["ok"], rehearsed["recovery"]) == (True, told["recovery"])


def _files(world: World) -> tuple[str, list[str]]:
    shop = world.root / "shop"
    shop.mkdir()
    (shop / "会员.csv").write_text("会员号,姓名\nQH1,王芳\nQH2,李娜\n", encoding="utf-8")
    text = map_text(scan(world.desk.sources, [str(shop)]).datamap)
    datamap_accept(world.desk, text)
    return text, [str(shop)]


def test_a4_sealing_makes_no_vault(world: World):
    """Into a vault that is not there, or waits for its sheets, nothing goes; the refusal says what to do, and nothing was made."""
    text, files = _files(world)
    for make in (lambda: None, lambda: vault_new(world.desk, "shop"), lambda: printed(world, "shop")):
        make()
        with pytest.raises(Refused) as refused:
            seal(world.desk, text, files, "shop")
        assert refused.value.slug == "seal.untried"
        assert "custody vault new shop" in refused.value.next
        assert "custody recovery test" in refused.value.next
    recovery_test(world.desk, printed(world, "shop")[:2], "shop")
    assert seal(world.desk, text, files, "shop")["rows"] == 2
    assert kinds(world).count("vault-made") == 1


def test_a4_doing_without_is_an_owners_word_in_the_ledger(world: World):
    """A waiting vault takes data when an owner says that it does without sheets; the entry names the person and is made once."""
    text, files = _files(world)
    vault_new(world.desk, "shop")
    assert vault_new(world.desk, "shop", untried=False)["state"] == "open"
    assert vault_new(world.desk, "shop", untried=False)["state"] == "open"
    assert seal(world.desk, text, files, "shop")["rows"] == 2
    assert state(world, "shop")[0] == "waived"
    with world.desk.store.read() as tx:
        told = [canonical.decode(row["entry"]) for row in tx.find("ledger_entry")]
    (says,) = [one["says"] for one in told if one["kind"] == "recovery-waived"]
    assert says["principal"] == world.desk.principal.id


def test_a8_a_scheduled_rotation_has_a_reason(world: World):
    """Young and with nothing waiting the root stays, and the sheets with it; an erasure, or its age, changes it."""
    recovery_test(world.desk, printed(world)[:2], NAME)
    rekey(world.desk, NAME)
    later(world, days=29)
    assert rekey(world.desk, NAME, idle_days=30) == {"vault": NAME, "generation": 2, "rotated": False}
    later(world, days=1)
    assert rekey(world.desk, NAME, idle_days=30)["generation"] == 3
    later(world, hours=1)
    assert rekey(world.desk, NAME, idle_days=30)["generation"] == 3
    (subject,) = add_people(world.desk, world.vault, [Newcomer("customer", [(1, 1, pack(0, ("x",)))])])
    erase(world.desk, [ids.subject_text(subject)], NAME)
    told = rekey(world.desk, NAME, idle_days=30)
    assert (told["generation"], told["waiting_slots"]) == (4, 0)
    assert rekey(world.desk, NAME, idle_days=30)["rotated"] is False


def test_a4_the_first_data_wait_for_sheets_of_the_key_in_force(world: World):
    """Sheets that a rotation made void are no sheets, and a restore of a vault that waits for its sheets leaves it waiting."""
    text, files = _files(world)
    vault_new(world.desk, "shop")
    recovery_test(world.desk, printed(world, "shop")[:2], "shop")
    rekey(world.desk, "shop")
    with pytest.raises(Refused, match="recovery sheets of the key"):
        seal(world.desk, text, files, "shop")
    world.outside.prepare("a")
    backup(world.desk, "a")
    catch_up(world.desk)
    world.lose()
    world.restore("a")
    with pytest.raises(Refused, match="recovery sheets of the key"):
        seal(world.desk, text, files, "shop")
    recovery_test(world.desk, printed(world, "shop")[:2], "shop")
    assert seal(world.desk, text, files, "shop")["rows"] == 2


def test_a8_a_destroy_names_the_sheets_of_the_key_that_went(world: World):
    """Paper of the root that goes, or of an older one, is among what the destroy spares; a vault without any has none."""
    assert "recovery-sheets" not in rekey(world.desk, NAME)["spares"]
    printed(world)
    for _ in range(2):
        assert "recovery-sheets" in rekey(world.desk, NAME)["spares"]
    with world.desk.store.read() as tx:
        told = [canonical.decode(row["entry"]) for row in tx.find("ledger_entry", order=("position",))]
    assert ["recovery-sheets" in one["says"]["spares"] for one in told if one["kind"] == "root-destroyed"] == [
        False,
        True,
        True,
    ]
