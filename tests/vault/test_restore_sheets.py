"""A4: enough sheets that were tried bring a home back in whichever way its root is lost, not only when its provider says that it is gone (spec/vault.md §21, §23)."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from custody.acts import backing
from custody.acts.adding import Newcomer, add_people
from custody.acts.approval import give
from custody.acts.mirroring import catch_up
from custody.base import canonical
from custody.base.signing import Signer
from custody.services.backup import backup
from custody.services.destroys_due import destroys_due
from custody.services.recovery_open import recovery_open
from custody.services.recovery_print import recovery_print
from custody.services.recovery_test import recovery_test
from custody.services.rekey import rekey
from custody.services.suppress import suppress_add, suppress_check
from custody.services.vault_check import vault_check
from custody.vault.escrow import HolderKey
from custody.vault.payload import pack
from tests.vault import sharing
from tests.vault.conftest import Refuses
from tests.vault.histories.world import NAME, Outside, World
from tests.vault.lost_ways import FILES, SERVICE, beside, file_of, routed
from tests.vault.second import join, other
from tests.vault.test_restore_forked import stop

HOLDERS = {name: HolderKey.generate() for name in ("suhe", "zhouning")}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Three people; roots in files under a passphrase."""
    made = World(tmp_path / "world", lasting=True)
    add_people(made.desk, made.vault, [Newcomer("customer", [(1, 1, pack(n, [f"word-{n}"]))]) for n in range(3)])
    yield made
    made.close()


def kept(world: World) -> tuple[tuple[str, str], ...]:
    """Backed up; two of three sheets, tried."""
    told = recovery_print(world.desk, NAME, ("甲", "乙", "丙"), 2)["sheets"]
    sheets = tuple((one["holder"], one["text"]) for one in told)[:2]
    assert recovery_test(world.desk, list(sheets), NAME)["opens"]
    catch_up(world.desk)
    backup(world.desk, "a")
    return sheets


def whole(world: World, *faults: str) -> None:
    """Everybody is there, and everything opens; nothing is wrong but this."""
    checked = vault_check(world.desk, NAME)
    assert [one["class"] for one in checked["faults"]] == [*faults]
    with world.desk.store.read() as tx:
        assert tx.count("record", vault=world.vault) == 3


def entry(world: World, kind: str) -> dict:
    """What the newest entry of this kind says."""
    with world.desk.store.read() as tx:
        rows = [
            canonical.decode(row["entry"]) for row in tx.find("ledger_entry", order=("position",), space=world.party)
        ]
    return [row["says"] for row in rows if row["kind"] == kind][-1]


@pytest.mark.parametrize("how", FILES)
def test_a4_sheets_restore_whatever_became_of_the_root_file(world: World, how: str):
    """Rotted, torn, gone, or under a passphrase that nobody knows: the report and the ledger say why sheets were taken."""
    sheets = kept(world)
    world.lose()
    happened, why = FILES[how]
    happened(world)
    told = world.restore("a", sheets)
    assert (told["recovered"], told["roots_lost"]) == ([world.vault], {world.vault: why})
    assert entry(world, "restored")["lost"] == why
    whole(world, "root.back")
    told = destroys_due(world.desk, NAME)
    if how == "removed":
        assert told["silent"] == [{"generation": 1, "slug": "keys.lost"}]
    else:
        assert [one["generation"] for one in told["back"]] == [1]
        whole(world)


@pytest.mark.parametrize("why", SERVICE)
def test_a4_sheets_restore_without_the_service_that_has_the_root(world: World, why: str):
    """It refuses, is silent, or is not set up any more: the vault comes back under the provider in use. What it still holds is an alarm until it says that it is gone."""
    files, service = world.provider, beside(world)
    rekey(world.desk, NAME)
    sheets = kept(world)
    world.lose()
    service.fault = SERVICE[why]
    world.provider = routed("passphrase-file", files, service if service.fault else None)
    told = world.restore("a", sheets)
    assert told["roots_lost"] == {world.vault: why}
    whole(world, "root.back")


def test_a4_a_provider_that_is_away_is_awaited_where_no_sheets_are(world: World, refuses: Refuses):
    """What it says is said, and nothing older is taken in its stead; with it back the restore is done."""
    files, service = world.provider, beside(world)
    rekey(world.desk, NAME)
    kept(world)
    world.lose()
    service.fault = SERVICE["keys.out"]
    with refuses("keys.out"):
        world.restore("a")
    service.fault = None
    assert world.restore("a")["roots_lost"] == {}
    whole(world)
    assert files.find(world.vault, 2) == []


def test_a4_sheets_of_another_vault_do_not_restore(world: World, refuses: Refuses, tmp_path: Path):
    """They are asked when the root file does not open, and give no key of this vault."""
    kept(world)
    other_home = World(tmp_path / "other", lasting=True)
    sheets = kept(other_home)
    other_home.close()
    world.lose()
    FILES["flipped"][0](world)
    with refuses("restore.sheets"):
        world.restore("a", sheets)


def test_a4_sheets_of_before_open_what_a_place_has_of_before(
    world: World, refuses: Refuses, monkeypatch: pytest.MonkeyPatch
):
    """A rotation broke off within its backup, and home and roots are lost: what it left of the next key opens by nothing, and is in nobody's way."""
    sheets = kept(world)
    with monkeypatch.context() as cut:
        cut.setattr(backing, "_prune", stop)
        with refuses("backup.place"):
            rekey(world.desk, NAME)
    catch_up(world.desk)
    world.lose()
    for name in (f"{world.vault}-1", f"{world.vault}-2"):
        path = world.root / "roots" / name
        path.write_bytes(path.read_bytes()[:-1] + b"\0")
    with refuses("keys.passphrase"):
        world.restore("a")
    world.vacate()
    assert world.restore("a", sheets)["recovered"] == [world.vault]
    with world.desk.store.read() as tx:
        assert tx.count("record", vault=world.vault) == 3


def test_a9_a_list_whose_key_went_with_the_passphrase_begins_anew(world: World):
    """What stood on it is counted; it can be written and asked again."""
    suppress_add(world.desk, ["gone@example.cn"], None, "import", "asked.1", None)
    sheets = kept(world)
    world.lose()
    FILES["forgotten"][0](world)
    assert world.restore("a", sheets)["list_anew"] == {"lost": 1, "relisted": 0}
    suppress_add(world.desk, ["new@example.cn"], None, "import", "asked.2", None)
    assert suppress_check(world.desk, "new@example.cn")["listed"]


@pytest.mark.parametrize("how", ["flipped", "torn", "forgotten"])
def test_a4_shares_open_where_a_root_file_is_left_that_does_not(world: World, how: str):
    """What is put for it has another name; what is left of it is met there, ordered to go, and then gone."""
    second = Signer.generate()
    join(world, second)
    shared(world)
    FILES[how][0](world)
    world.reopen()
    plan = recovery_open(world.desk, HOLDERS["suhe"], NAME, dry_run=True)["would"]["approve"]
    with world.desk.store.write() as tx:
        give(replace(world.desk, principal=other(second), actor=second), tx, *plan)
    left = file_of(world, world.vault)
    assert recovery_open(world.desk, HOLDERS["suhe"], NAME)["root_state"] == "lost"
    assert rekey(world.desk, NAME)["destroyed"] == 1
    assert left.exists()
    assert [one["generation"] for one in destroys_due(world.desk, NAME)["back"]] == [1]
    assert not left.exists()
    assert {one["generation"] for one in destroys_due(world.desk, NAME)["gone"]} == {1}
    whole(world)


def shared(world: World) -> None:
    """An escrow store; both holders' shares of the key in force are with the first."""
    world.root.joinpath("escrow").mkdir()
    world.outside = Outside(world.root, world.weather)
    world.reopen()
    sharing.deposit(world, HOLDERS)
    sharing.collect(world, HOLDERS, 1)
