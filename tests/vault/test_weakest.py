"""C9, G26: a certificate says no more of a root than the weakest one allows under which the data ever stood (spec/statements.md)."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from custody.acts import job
from custody.acts.adding import Newcomer, add_people
from custody.acts.doomed import ending, shred_all
from custody.acts.ending import certificate
from custody.acts.marks import Marks
from custody.acts.rotate import rotate
from custody.acts.vaults import slot_places
from custody.adapters.keys.memory import MemoryProvider
from custody.adapters.keys.routed import RoutedKeys
from custody.package.accounted import Customers
from custody.package.statements import Provider
from custody.ports.keys import Destroyed, RootState, Terms
from custody.services.rekey import rekey
from custody.vault.payload import pack
from tests.vault.histories.world import NAME, World

SCHEME = "pkcs11:"


class Device(MemoryProvider):
    """A provider that says that it is a device, with references of its own."""

    def __init__(self) -> None:
        super().__init__("hardware")

    def create(self, vault: str, generation: int) -> str:
        return SCHEME + super().create(vault, generation)

    def find(self, vault: str, generation: int) -> Sequence[str]:
        return [SCHEME + ref for ref in super().find(vault, generation)]

    def terms(self, _ref: str = "") -> Terms:
        return super().terms()

    def wrap(self, ref: str, key: bytes) -> bytes:
        return super().wrap(ref.removeprefix(SCHEME), key)

    def unwrap(self, ref: str, blob: bytes) -> bytes:
        return super().unwrap(ref.removeprefix(SCHEME), blob)

    def destroy(self, ref: str, now: datetime) -> Destroyed:
        return super().destroy(ref.removeprefix(SCHEME), now)

    def state(self, ref: str) -> RootState:
        return super().state(ref.removeprefix(SCHEME))


def certified(world: World) -> Provider:
    """What the certificate says of the provider, when everybody in the vault is destroyed."""
    with world.desk.store.read() as tx:
        slots = [slot_places(row["slots"]) for row in tx.find("subject", vault=world.vault, kind="customer")]
        (row,) = tx.find("vault", id=world.vault)
    doomed = Marks()
    for places in slots:
        for compartment, place in places.items():
            doomed.add((compartment, *place))
    begun = job.begin(world.desk, "an end", "destroy", {"since": 0, "elsewhere": []})
    erasures = shred_all(world.desk, ending(world.vault, begun), doomed)
    rotation = rotate(world.desk, world.vault, row["generation"])
    with world.desk.store.write() as tx:
        return certificate(world.desk, tx, "D-1", world.vault, (), [], rotation, erasures, Customers(0, 0)).provider


def filled(world: World) -> World:
    """With three people in it."""
    add_people(world.desk, world.vault, [Newcomer("customer", [(1, 1, pack(n, ["x"]))]) for n in range(3)])
    return world


def test_c9_a_vault_that_stood_under_a_file_is_not_called_purged_by_a_device(tmp_path: Path):
    """A copy of the old root file opens a backup of that day, whatever the device destroyed since."""
    world, device = filled(World(tmp_path / "moved", lasting=True)), Device()
    file = world.provider
    world.provider = RoutedKeys("pkcs11", {"passphrase-file": lambda: file, "pkcs11": lambda: device})
    world.reopen()
    assert rekey(world.desk, NAME)["destroyed"] == 1
    told = certified(world)
    assert (told.assurance, told.method) == ("file", "cryptographic-erase")


def test_c9_what_was_always_in_a_device_is_called_purged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Nothing weaker ever held its keys."""
    monkeypatch.setattr("tests.vault.histories.world.MemoryProvider", Device)
    told = certified(filled(World(tmp_path / "always")))
    assert (told.assurance, told.method) == ("hardware", "purge")
