"""A5: a destroy that was taken back at the provider is found, told, ordered again, and moves the dates that hung on it (spec/vault.md §11)."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from custody.acts.adding import Newcomer, add_people
from custody.acts.desk import Desk
from custody.adapters.keys.kms import KmsProvider
from custody.adapters.keys.passphrase import PassphraseProvider
from custody.base import canonical, ids
from custody.ports.keys import KeyProvider
from custody.services.destroys_due import destroys_due
from custody.services.erase import erase
from custody.services.rekey import rekey
from custody.services.vault_check import vault_check
from custody.services.vault_new import vault_new
from custody.vault.payload import pack
from tests.adapters.keys.conftest import account, client
from tests.adapters.keys.parties import Process
from tests.vault.histories.world import World

VAULT = "cloud"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A home whose other vault's root lies where a test says."""
    made = World(tmp_path / "world")
    yield made
    made.close()


def erased(world: World, keys: KeyProvider) -> Desk:
    """At work with these keys; the vault's second customer was erased and the root changed since."""
    desk = replace(world.desk, keys=keys)
    vault = str(vault_new(desk, VAULT, untried=False)["id"])
    people = add_people(desk, vault, [Newcomer("customer", [(1, 1, pack(n, ("x",)))]) for n in range(2)])
    erase(desk, [ids.subject_text(people[1])], VAULT)
    rekey(desk, VAULT)
    return desk


def kinds(desk: Desk) -> list[str]:
    """What the ledger says of old roots, in order."""
    with desk.store.read() as tx:
        rows = tx.find("ledger_entry", order=("position",))
        told = [canonical.decode(row["entry"])["kind"] for row in rows]
    return [one for one in told if one in {"root-destroyed", "root-gone", "destroy-cancelled"}]


def final(desk: Desk) -> set[str]:
    """From when erasures of the vault are final."""
    with desk.store.read() as tx:
        (row,) = tx.find("vault", name=VAULT)
        return {str(one["final_at"]) for one in tx.find("erasure", vault=row["id"])}


@pytest.mark.part("kms")
def test_a5_a_deletion_that_was_cancelled_at_the_provider_is_found(world: World, aws: tuple[str, Process]):
    """Pending as long as it stands; cancelled it is a fault of the check and of the scheduled run, which orders it anew."""
    kms = client(aws[0])
    desk = erased(world, KmsProvider(lambda: kms, account(aws[0]), 9))
    told = destroys_due(desk, VAULT)
    assert (told["ok"], len(told["pending"]), told["back"]) == (True, 1, [])
    assert vault_check(desk, VAULT)["ok"] is True
    (before,) = final(desk)
    with desk.store.read() as tx:
        (row,) = tx.find("rotation", state="destroyed")
    key = canonical.decode(row["detail"])["ref"].rpartition("/")[2]
    kms.cancel_key_deletion(KeyId=key)
    assert vault_check(desk, VAULT)["counts"] == {"root.back": 1}
    told = destroys_due(desk, VAULT)
    assert (told["ok"], [one["generation"] for one in told["back"]]) == (False, [1])
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "PendingDeletion"
    assert final(desk) == {told["back"][0]["effective_at"]}
    assert before <= min(final(desk))
    assert vault_check(desk, VAULT)["ok"] is True
    assert destroys_due(desk, VAULT)["ok"] is True
    assert kinds(desk) == ["root-destroyed", "destroy-cancelled"]
    kms.cancel_key_deletion(KeyId=key)
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=30)  # as a run would that was cut off before it wrote
    assert destroys_due(desk, VAULT)["ok"] is False
    assert min(final(desk)) > before
    assert destroys_due(desk, VAULT)["ok"] is True


@pytest.mark.part("kms")
def test_a5_a_provider_that_does_not_say_is_an_alarm(world: World, aws: tuple[str, Process]):
    """Without an answer nobody knows whether the destroy stands: not ok, and nothing is entered."""
    kms = client(aws[0])
    desk = erased(world, KmsProvider(lambda: kms, account(aws[0]), 9))

    class Denied(KmsProvider):
        def state(self, ref: str):
            return super().state(ref.replace("arn:", "no-arn:"))

    told = destroys_due(replace(desk, keys=Denied(lambda: kms, account(aws[0]), 9)), VAULT)
    assert (told["ok"], [one["slug"] for one in told["silent"]]) == (False, ["keys.ref"])
    assert kinds(desk) == ["root-destroyed"]


def test_a5_a_root_file_that_is_put_back_goes_again(world: World, tmp_path: Path):
    """A copy of the file laid where it was: found by the check and the run, overwritten anew; then it is seen to be gone, once."""
    roots, copy = tmp_path / "roots", tmp_path / "copy"
    keys = PassphraseProvider(roots, b"a passphrase")
    desk = replace(world.desk, keys=keys)
    vault = str(vault_new(desk, VAULT, untried=False)["id"])
    shutil.copytree(roots, copy)
    rekey(desk, VAULT)
    shutil.copy(copy / f"{vault}-1", roots / f"{vault}-1")
    assert vault_check(desk, VAULT)["counts"] == {"root.back": 1}
    assert destroys_due(desk, VAULT)["ok"] is False
    assert not (roots / f"{vault}-1").exists()
    world.clock.advance(timedelta(minutes=1))
    assert [one["generation"] for one in destroys_due(desk, VAULT)["gone"]] == [1]
    told = destroys_due(desk, VAULT)
    assert (told["ok"], told["gone"], told["pending"]) == (True, [], [])
    assert kinds(desk) == ["root-destroyed", "destroy-cancelled", "root-gone"]


def test_a5_a_rotation_says_the_same_when_it_is_asked_again(world: World, tmp_path: Path):
    """Where the old root lay is in no answer and no entry, only in the store."""
    desk = erased(world, PassphraseProvider(tmp_path / "roots", b"a passphrase"))
    destroys_due(desk, VAULT)
    with desk.store.read() as tx:
        entries = [bytes(row["entry"]) for row in tx.find("ledger_entry")]
        (row,) = tx.find("rotation", state="destroyed")
    ref = canonical.decode(row["detail"])["ref"]
    assert not [one for one in entries if ref.encode() in one]
