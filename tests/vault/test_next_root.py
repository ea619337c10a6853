"""A8: a rotation whose new root does not open goes on before the switch, whatever became of that root; one that is only away is awaited (spec/vault.md §10)."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from custody.acts.adding import Newcomer, add_people
from custody.adapters.files.local import LocalFiles
from custody.adapters.keys.passphrase import PassphraseProvider
from custody.adapters.keys.trouble import denied, out
from custody.base import canonical, ids
from custody.base.errors import CustodyError
from custody.services.destroys_due import destroys_due
from custody.services.erase import erase
from custody.services.recovery_sheet import recovery_sheet
from custody.services.rekey import rekey
from custody.services.vault_check import vault_check
from custody.vault import shares, sheet
from custody.vault.payload import pack
from custody.vault.rotation import State
from tests.vault import sharing
from tests.vault.conftest import Refuses
from tests.vault.histories.world import NAME, World
from tests.vault.lost_ways import SCHEME, Elsewhere, routed
from tests.vault.test_lost_while_rotating import KEYS, stands, until

BEFORE_SWITCH = (State.CREATED, State.ESCROWED)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Two people, one of whom was erased; roots in files; two holders."""
    (tmp_path / "world" / "escrow").mkdir(parents=True)
    made = World(tmp_path / "world", lasting=True)
    sharing.deposit(made, KEYS)
    who = add_people(made.desk, made.vault, [Newcomer("customer", [(1, 1, pack(n, [f"word-{n}"]))]) for n in range(2)])
    erase(made.desk, [ids.subject_text(who[0])], NAME)
    yield made
    made.close()


def root(world: World) -> Path:
    """The file of the root that is not in force yet."""
    return world.root / "roots" / f"{world.vault}-2"


def flipped(world: World) -> None:
    """One bit of it rotted."""
    data = bytearray(root(world).read_bytes())
    data[-1] ^= 1
    root(world).write_bytes(data)


def torn(world: World) -> None:
    """Half of it is left."""
    root(world).write_bytes(root(world).read_bytes()[:50])


def former(world: World) -> None:
    """It was made by a process that had begun before the passphrase changed."""
    root(world).unlink()
    PassphraseProvider(world.root / "roots", b"the passphrase of before").create(world.vault, 2)


def removed(world: World) -> None:
    """Somebody deleted it."""
    root(world).unlink()


CAUSES: dict[str, tuple[Callable[[World], None], str]] = {
    "flipped": (flipped, "keys.passphrase"),
    "torn": (torn, "keys.gone"),
    "former": (former, "keys.passphrase"),
    "removed": (removed, "keys.gone"),
}


def made_again(world: World) -> list[str]:
    """Why, each time, as the ledger has it."""
    with world.desk.store.read() as tx:
        told = [canonical.decode(row["entry"]) for row in tx.find("ledger_entry", order=("position",))]
    return [one["says"]["slug"] for one in told if one["kind"] == "root-made-again"]


def over(world: World) -> None:
    """The rotation ended, what was erased is final, holders have shares of the key in force, and nothing is wrong."""
    assert stands(world) is State.DESTROYED
    with world.desk.store.read() as tx:
        assert all(row["final_at"] for row in tx.find("erasure", vault=world.vault))
    texts = [recovery_sheet(LocalFiles(world.root / "escrow"), key, None)["text"] for key in KEYS.values()]
    assert len(shares.combine([sheet.read(text) for text in texts])) == 32
    told = destroys_due(world.desk, NAME)
    assert (told["unopened"], told["silent"]) == ([], [])
    assert vault_check(world.desk, NAME)["counts"].keys() <= {"file.stray"}


@pytest.mark.parametrize("state", BEFORE_SWITCH)
@pytest.mark.parametrize("cause", CAUSES)
def test_a8_a_new_root_that_does_not_open_is_set_aside_and_made_again(world: World, cause: str, state: State):
    """Its file rotted, is half there, stands under another passphrase, is gone: the next run goes on, and the entry says why."""
    until(world, state)
    happened, slug = CAUSES[cause]
    happened(world)
    left = cause in {"flipped", "torn", "former"} and root(world).read_bytes()
    assert rekey(world.desk, NAME)["generation"] == 2
    assert made_again(world) == [slug]
    aside = [path.read_bytes() for path in root(world).parent.glob(f"{world.vault}-2.lost-*")]
    assert aside == ([left] if left else [])
    over(world)


@pytest.mark.parametrize("cause", ["flipped", "torn", "former"])
def test_a8_what_lies_under_the_label_before_the_first_try_bars_nothing(world: World, cause: str):
    """A process died behind the making of the root, and what it left does not open: no entry, for nothing was known of it."""
    until(world, State.INTENDED)
    PassphraseProvider(world.root / "roots", b"a passphrase").create(world.vault, 2)
    CAUSES[cause][0](world)
    assert rekey(world.desk, NAME)["generation"] == 2
    assert made_again(world) == []
    over(world)


def test_a8_whoever_has_the_passphrase_of_before_sets_nothing_aside(world: World, refuses: Refuses):
    """A process that began before a change of passphrase cannot open the root in force either: it is refused, and changes nothing."""
    until(world, State.CREATED)
    whole, world.provider = world.provider, PassphraseProvider(world.root / "roots", b"another")
    world.reopen()
    before = root(world).read_bytes()
    with refuses("keys.passphrase"):
        rekey(world.desk, NAME)
    assert (root(world).read_bytes(), made_again(world)) == (before, [])
    world.provider = whole
    world.reopen()
    rekey(world.desk, NAME)
    over(world)


@pytest.mark.parametrize("why", ["keys.out", "keys.provider"])
@pytest.mark.parametrize("state", BEFORE_SWITCH)
def test_a8_a_new_root_at_a_provider_that_was_given_up_is_made_elsewhere(
    world: World, state: State, why: str, refuses: Refuses
):
    """It broke for good before the switch: awaited while new roots are made there, and no longer once another provider is in use."""
    files, made = world.provider, Elsewhere()
    world.provider = routed("transit", files, made)
    world.reopen()
    until(world, state)
    made.fault = out
    if why == "keys.out":
        with refuses("keys.out"):
            rekey(world.desk, NAME)
    world.provider = routed("passphrase-file", files, made if why == "keys.out" else None)
    world.reopen()
    assert rekey(world.desk, NAME)["generation"] == 2
    assert made_again(world) == [why]
    with world.desk.store.read() as tx:
        assert all(row["final_at"] for row in tx.find("erasure", vault=world.vault))


class Denying(Elsewhere):
    """A service that denies whatever concerns one root."""

    barred = ""

    def unwrap(self, ref: str, blob: bytes) -> bytes:
        self._deny(ref)
        return super().unwrap(ref, blob)

    def wrap(self, ref: str, key: bytes) -> bytes:
        self._deny(ref)
        return super().wrap(ref, key)

    def state(self, ref: str) -> str:
        self._deny(ref)
        return super().state(ref)

    def destroy(self, ref: str, now: datetime) -> object:
        self._deny(ref)
        return super().destroy(ref, now)

    def _deny(self, ref: str) -> None:
        if ref == self.barred:
            raise denied("transit")


@pytest.fixture
def service(world: World) -> Denying:
    """The vault stands at a service; its next rotation is begun."""
    made = Denying()
    world.provider = routed("transit", world.provider, made)
    world.reopen()
    rekey(world.desk, NAME)
    return made


@pytest.mark.parametrize("state", BEFORE_SWITCH)
def test_a8_a_new_root_that_its_service_denies_is_left_and_another_one_made(
    world: World, service: Denying, state: State
):
    """It is not deleted: nothing stands under it, and nobody waits for it."""
    until(world, state)
    service.barred = f"{SCHEME}{world.vault}-3"
    assert rekey(world.desk, NAME)["generation"] == 3
    assert made_again(world) == ["keys.denied"]
    assert f"{world.vault}-3" in service._roots
    over(world)
    assert rekey(world.desk, NAME)["generation"] == 4


@pytest.mark.parametrize("fault", [denied, out])
def test_a8_a_service_that_is_away_is_awaited(
    world: World, service: Denying, refuses: Refuses, fault: Callable[[str], CustodyError]
):
    """It denies everything, or does not answer at all: the rotation stands where it stood, and goes on with the root that it made."""
    until(world, State.CREATED)
    known = set(service._roots)
    service.fault = fault
    with refuses(fault("").slug):
        rekey(world.desk, NAME)
    service.fault = None
    assert (stands(world), set(service._roots), made_again(world)) == (State.CREATED, known, [])
    assert rekey(world.desk, NAME)["generation"] == 3
    assert made_again(world) == []
    over(world)
