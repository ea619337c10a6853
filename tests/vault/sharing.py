"""Two holders, and shares of a world's key in force: as an escrow store has them once they were deposited."""

from collections.abc import Mapping

from custody.acts import escrow
from custody.acts.vaults import open_keyring
from custody.vault.escrow import HolderKey
from tests.vault.histories.world import World


def deposit(world: World, keys: Mapping[str, HolderKey]) -> None:
    """These people are the holders, both are needed, and each has a share."""
    holders = [{"party": world.party, "handle": name, "public": key.public, "at": ""} for name, key in keys.items()]
    with world.desk.store.write() as tx:
        tx.add("holder", holders)
        tx.add("threshold", [{"party": world.party, "k": 2}])
    with world.desk.store.read() as tx:
        ring = open_keyring(world.desk, tx, world.vault)
    escrow.deposit(world.desk, world.vault, ring.key, ring.generation)


def collect(world: World, keys: Mapping[str, HolderKey], generation: int) -> None:
    """The second holder gives the first one their share."""
    _, share = escrow.own_share(world.outside.escrow, world.vault, generation, keys["zhouning"])
    escrow.give(world.desk, world.vault, share, {"handle": "suhe", "public": keys["suhe"].public})
