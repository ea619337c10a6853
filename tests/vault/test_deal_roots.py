"""C7, A5: the root of an invitation's key is ordered to go where it lies, and asked about until it was seen gone (spec/package.md §5)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from custody.acts.arriving import invited
from custody.base import canonical
from custody.base.errors import Missing
from custody.services.destroys_due import destroys_due
from custody.services.keys_show import keys_show
from custody.services.rekey import rekey
from custody.services.reseal import reseal
from custody.services.suppress import suppress_add
from custody.services.vault_check import vault_check
from tests.vault import arriving_deal
from tests.vault.arriving_deal import DEAL, NAME, Arriving
from tests.vault.conftest import Refuses
from tests.vault.histories.world import World
from tests.vault.lost_ways import Elsewhere, routed

FILE, SERVICE = "passphrase-file", "transit"


class Moved:
    """Invited while a service was in use; the vaults have moved to root files since."""

    def __init__(self, ground: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.service = Elsewhere()
        monkeypatch.setattr(arriving_deal, "World", self._world)
        self.deal = Arriving(ground, 4).ship().release(1, lambda _: True)
        self.deal.receive()
        self.world = self.deal.world
        with self.world.desk.store.read() as tx:
            self.matter = str(tx.find("matter", ref=DEAL)[0]["id"])
        self.ref = f"transit:{self.matter}-1"
        self.set_up(FILE, self.service)
        for name in (NAME, "main"):
            rekey(self.world.desk, name)
            self.world.clock.advance(timedelta(days=1))
            destroys_due(self.world.desk, name)

    def _world(self, root: Path, *, lasting: bool) -> World:
        made = World(root, lasting=lasting)
        self.files = made.provider
        made.provider = routed(SERVICE, self.files, self.service)
        made.reopen()
        return made

    def set_up(self, used: str, service: Elsewhere | None) -> None:
        """What custody.toml sets up from now on."""
        self.world.provider = routed(used, self.files, service)
        self.world.desk = replace(self.world.desk, keys=self.world.keys)

    def reseal(self) -> dict:
        """The buyer takes over what came."""
        return dict(reseal(self.world.desk, DEAL, self.deal.files))

    def kinds(self) -> list[str]:
        """What happened to roots of deals, by the ledger."""
        with self.world.desk.store.read() as tx:
            every = [canonical.decode(row["entry"])["kind"] for row in tx.find("ledger_entry", order=("position",))]
        return [kind for kind in every if kind.startswith("deal-key")]


@pytest.fixture
def moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Moved]:
    made = Moved(tmp_path, monkeypatch)
    yield made
    made.world.close()


@pytest.mark.parametrize("fault", [None, "keys.out"])
def test_c7_a_re_seal_waits_for_the_provider_that_has_the_key(moved: Moved, fault: str | None, refuses: Refuses):
    """Not set up any more, or silent: it says so and has done nothing; with it back the root goes there and is seen gone."""
    before = set(moved.world.desk.files.list("vaults"))
    if fault:
        moved.service.fault = lambda _: Missing(fault, "It does not answer.")
    else:
        moved.set_up(FILE, None)
    with refuses(fault or "keys.provider"):
        moved.reseal()
    assert before == set(moved.world.desk.files.list("vaults"))
    with refuses(fault or "keys.provider"), moved.world.desk.store.read() as tx:
        invited(moved.world.desk, tx, moved.matter)
    moved.service.fault = None
    moved.set_up(FILE, moved.service)
    done = moved.reseal()
    assert (done["key_until"], done["key_lost"]) == (None, False)
    assert moved.service.state(moved.ref) == "gone"
    moved.world.clock.advance(timedelta(days=1))
    assert {"deal": moved.matter, "effective_at": _ordered(moved)} in destroys_due(moved.world.desk, NAME)["gone"]
    assert moved.kinds() == ["deal-key-ordered", "deal-key-gone"]
    assert not [one for one in destroys_due(moved.world.desk, NAME)["gone"] if "deal" in one]


def _ordered(moved: Moved) -> str:
    with moved.world.desk.store.read() as tx:
        return str(tx.find("deal_root", matter=moved.matter)[0]["effective_at"])


def test_a5_a_destroy_of_such_a_root_that_was_taken_back_is_an_alarm(moved: Moved):
    """It is ordered to go once more; while its provider is away that is one, too."""
    held = dict(moved.service._roots)
    moved.reseal()
    moved.service._roots |= held
    assert vault_check(moved.world.desk, NAME)["counts"] == {"root.back": 1}
    told = destroys_due(moved.world.desk, NAME)
    assert ([one["deal"] for one in told["back"]], told["ok"]) == ([moved.matter], False)
    assert moved.service.state(moved.ref) == "gone"
    moved.set_up(FILE, None)
    told = destroys_due(moved.world.desk, NAME)
    assert (told["silent"], told["ok"]) == ([{"deal": moved.matter, "slug": "keys.provider"}], False)
    moved.set_up(FILE, moved.service)
    assert destroys_due(moved.world.desk, NAME)["ok"]
    assert moved.kinds() == ["deal-key-ordered", "deal-key-back", "deal-key-gone"]


def test_c7_a_home_of_before_has_no_reference_and_calls_nothing_destroyed(moved: Moved, refuses: Refuses):
    """The root is sought by its label; none that is found is none that went."""
    with moved.world.desk.store.write() as tx:
        tx.drop("deal_root", matter=moved.matter)
    moved.set_up(FILE, None)
    with refuses("keys.gone"):
        moved.reseal()
    moved.set_up(FILE, moved.service)
    moved.reseal()
    assert moved.service.state(moved.ref) == "gone"
    assert _ordered(moved)


def test_g4_a_root_of_a_deals_key_that_was_lost_with_its_folder_is_not_called_gone(tmp_path: Path):
    """The re-seal goes on and says so; from then on it is one of the vault's lost roots, which goes when it is met."""
    deal = Arriving(tmp_path, 4).ship().release(1, lambda _: True)
    deal.receive()
    world = deal.world
    with world.desk.store.read() as tx:
        matter = str(tx.find("matter", ref=DEAL)[0]["id"])
    root = world.root / "roots" / f"{matter}-1"
    away = root.rename(tmp_path / root.name)
    done = reseal(world.desk, DEAL, deal.files)
    assert (done["key_until"], done["key_lost"]) == (None, True)
    told = destroys_due(world.desk, NAME)
    assert (told["silent"], told["ok"]) == ([{"generation": 1, "slug": "keys.lost"}], False)
    assert "lost-root" in rekey(world.desk, NAME)["spares"]
    away.rename(root)
    assert len(destroys_due(world.desk, NAME)["back"]) == 1
    assert not root.exists()
    world.clock.advance(timedelta(days=1))
    destroys_due(world.desk, NAME)
    assert vault_check(world.desk, NAME)["ok"]
    world.close()


def test_a4_what_no_rotation_moves_is_named_where_it_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Every vault has moved away from the service, a simulator here: the list's root and the invitation's are still there, and whoever takes it away is told what does not answer."""
    moved = Moved(tmp_path, monkeypatch)
    moved.set_up(SERVICE, moved.service)
    suppress_add(moved.world.desk, ["gone@reader.example"], None, "import", "asked.1", None)
    moved.set_up(FILE, moved.service)
    told = keys_show(moved.world.desk)
    assert {one["provider"] for one in told["vaults"]} == {FILE}
    assert {(one["kind"], one["deal"], one["provider"]) for one in told["besides"]} == {
        ("suppression-list", "", "memory"),
        ("invitation", DEAL, "memory"),
    }
    moved.set_up(FILE, None)
    told = keys_show(moved.world.desk)
    assert [(one["provider"], one["fault"]) for one in told["besides"]] == [("", "keys.provider")] * 2
