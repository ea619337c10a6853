"""A second person in a world of one: whoever agrees to what the first one does."""

from dataclasses import replace

from custody.acts.approval import give
from custody.acts.people import principal_row
from custody.base.signing import Signer
from custody.model.party import Principal
from tests.vault.histories.world import World


def other(signer: Signer) -> Principal:
    """The second person."""
    return Principal("prn_00000000000000000000000001", "zhouning", frozenset(("owner", "privacy")), signer.identity)


def join(world: World, signer: Signer) -> None:
    """Both stand in the home's own book of people."""
    desk = world.desk
    with desk.store.write() as tx:
        for person, key in ((desk.principal, desk.actor), (other(signer), signer)):
            roles = sorted(person.roles)
            tx.add("principal", [principal_row(person.id, world.party, person.handle, roles, key.identity, "")])


def approve(world: World, signer: Signer, told: dict) -> None:
    """The second person agrees to exactly what was told."""
    desk = replace(world.desk, principal=other(signer), actor=signer)
    with desk.store.write() as tx:
        give(desk, tx, told["approve"]["act"], told["approve"]["content"])
