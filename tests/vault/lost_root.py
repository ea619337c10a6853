"""A vault whose root is lost at its provider, two holders whose shares open it, and a second person who agrees."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from custody.acts.adding import Newcomer, add_people
from custody.acts.approval import give
from custody.base import canonical
from custody.base.canonical import Json
from custody.base.signing import Signer
from custody.ports.keys import KeyProvider
from custody.services.recovery_open import recovery_open
from custody.vault.escrow import HolderKey
from custody.vault.payload import pack
from tests.vault import sharing
from tests.vault.histories.world import NAME, World
from tests.vault.second import join, other

KEYS = {name: HolderKey.generate() for name in ("suhe", "zhouning")}


class Recoverable:
    """Three people in a vault; both holders' shares are with the one who collects."""

    def __init__(self, ground: Path) -> None:
        ground.joinpath("world", "escrow").mkdir(parents=True)
        self.world, self._second = World(ground / "world"), Signer.generate()
        join(self.world, self._second)
        self.people = add_people(
            self.world.desk,
            self.world.vault,
            [Newcomer("customer", [(1, 1, pack(n, [f"word-{n}"]))]) for n in range(3)],
        )
        sharing.deposit(self.world, KEYS)
        self.collect(1)

    def recover(self, keys: KeyProvider | None = None) -> Mapping[str, Json]:
        """Both agree to open it by shares, and the first one does, with this provider."""
        desk = self.world.desk
        plan = recovery_open(desk, KEYS["suhe"], NAME, dry_run=True)
        act, content = plan["would"]["approve"]
        if plan["root_state"] == "lost":
            with desk.store.write() as tx:
                give(replace(desk, principal=other(self._second), actor=self._second), tx, act, content)
        return recovery_open(replace(desk, keys=keys or desk.keys), KEYS["suhe"], NAME)

    def collect(self, generation: int) -> None:
        """The second holder gives the first one their share."""
        sharing.collect(self.world, KEYS, generation)


class Telling:
    """A world whose root was lost, and what its store says of that."""

    world: World

    def final(self) -> set[str]:
        """From when what was erased is final."""
        with self.world.desk.store.read() as tx:
            return {str(row["final_at"]) for row in tx.find("erasure", vault=self.world.vault)}

    def kinds(self, kind: str) -> list[dict]:
        """What the ledger says in entries of this kind."""
        with self.world.desk.store.read() as tx:
            rows = [canonical.decode(row["entry"]) for row in tx.find("ledger_entry", order=("position",))]
        return [row["says"] for row in rows if row["kind"] == kind]
