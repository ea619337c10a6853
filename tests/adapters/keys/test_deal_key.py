"""C1, A4: the key of a deal is sought where it was made, and called destroyed only where nobody can call it back."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from custody.acts.arriving import invited
from custody.acts.deal_roots import Deleted, delete
from custody.adapters.keys.passphrase import MARKER
from custody.adapters.keys.routed import FILE, RoutedKeys
from custody.base.errors import Missing, Unavailable
from custody.package.release_seal import DealKey
from custody.ports.keys import KeyProvider
from custody.services.deal_return import destroy_key
from tests.adapters.keys.conftest import made
from tests.vault.arriving_deal import DEAL, Arriving


@pytest.fixture
def kms(request: pytest.FixtureRequest, tmp_path: Path) -> KeyProvider:
    """A cloud key service, which destroys on a date."""
    return made("aws-kms", request, tmp_path)


def _matter(arriving: Arriving) -> str:
    with arriving.world.desk.store.read() as tx:
        return str(tx.find("matter", ref=DEAL)[0]["id"])


def test_c7_a_deal_that_was_invited_is_received_after_the_provider_changed(tmp_path: Path, kms: KeyProvider):
    """Its key stays under the root that it was made under; that root goes, and none is made to be destroyed in its place."""
    arriving = Arriving(tmp_path, 4).ship().release(1, lambda _: True)
    world, name = arriving.world, _matter(arriving)
    old = world.desk.keys
    world.desk = replace(world.desk, keys=RoutedKeys("aws-kms", {FILE: lambda: old, "aws-kms": lambda: kms}))
    arriving.receive()
    assert arriving.held()["record"] == 8
    assert delete(world.desk, name) == Deleted((), ())
    assert (old.find(name, 1), kms.find(name, 1)) == ([], [])
    with world.desk.store.read() as tx:
        assert not isinstance(invited(world.desk, tx, name).key, DealKey)
    world.close()


def test_c1_a_key_that_can_still_be_called_back_is_not_called_destroyed(tmp_path: Path, kms: KeyProvider):
    """Its service says until when; run again, it says so again."""
    arriving = Arriving(tmp_path, 2)
    world, name = arriving.world, _matter(arriving)
    world.desk = replace(world.desk, keys=RoutedKeys("aws-kms", {"aws-kms": lambda: kms}))
    with world.desk.store.write() as tx:
        tx.change("deal_root", {"ref": kms.create(name, 1)}, matter=name)
    for _ in range(2):
        (said,) = delete(world.desk, name).waits
        assert (said.assurance, said.effective_at > world.clock.now()) == ("service", True)
    world.close()


def test_c1_a_key_whose_root_nobody_finds_is_not_called_destroyed(tmp_path: Path):
    """Its provider is away, or its folder made anew: nothing is signed, and the key opens when it is back; once it was ordered to go, it is gone whoever asks again."""
    arriving = Arriving(tmp_path, 2)
    world, name = arriving.world, _matter(arriving)
    (roots,) = (one for one in tmp_path.rglob("roots") if one.is_dir())
    away = roots.rename(roots.with_name("away"))
    with pytest.raises(Unavailable) as refused:
        destroy_key(world.desk, name)
    assert refused.value.slug == "keys.folder"
    roots.mkdir()
    (roots / MARKER).touch()
    with pytest.raises(Missing) as lost:
        destroy_key(world.desk, name)
    assert lost.value.slug == "keys.gone"
    shutil.rmtree(roots)
    away.rename(roots)
    with world.desk.store.read() as tx:
        assert isinstance(invited(world.desk, tx, name).key, DealKey)
    for _ in range(2):
        assert destroy_key(world.desk, name) == ("destroyed", None)
    world.close()
