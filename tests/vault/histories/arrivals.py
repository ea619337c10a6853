"""Random histories of a buyer: releases, recalls, erasures, holds, re-seals, rotations, backups, and losses after which what lies in the folder is received again.

Seeded: a history is its seed. The model is what the buyer may count on; nobody comes back, nobody is lost, nobody held goes, and what is called
final no key of the seller's opens.
"""

import random
import shutil
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path

from custody.acts.erasing import erase_compartments
from custody.acts.mirroring import catch_up
from custody.base import ids
from custody.base.errors import CustodyError
from custody.base.signing import Signer
from custody.ports.store import Transaction
from custody.services.backup import backup
from custody.services.compact import compact
from custody.services.erase import erase
from custody.services.hold import hold_add, hold_release
from custody.services.recalls_due import recalls_due
from custody.services.receive import receive
from custody.services.rekey import rekey
from custody.services.reseal import reseal
from custody.services.vault_check import vault_check
from custody.vault.segment import frames
from custody.vault.suite import AES
from tests.vault.arriving_deal import DEAL, NAME, Arriving, Slot, dek, readable, who
from tests.vault.histories.judge import Wrong
from tests.vault.histories.world import World
from tests.vault.second import approve, join

PEOPLE, STEPS, PLACE = 6, 16, "a"
WEIGHTS = {"release": 12, "recall": 11, "erase": 10, "part": 7, "hold": 6, "free": 5, "reseal": 6, "rotate": 6, "compact": 3, "backup": 7,
           "day": 3, "lose": 11}  # fmt: skip
_HELD = "vault.held"


@cache
def seller() -> Signer:
    """One for every history: making one takes longer than a history."""
    return Signer.generate()


@cache
def second() -> Signer:
    """Who agrees to recalls."""
    return Signer.generate()


class Arrivals:
    """One history. `given` is what the seller released and did not call back, `have` what the buyer has, `own` what it erased itself."""

    def __init__(self, seed: int, root: Path) -> None:
        self.dice, self.root = random.Random(seed), root
        self.deal = Arriving(root, PEOPLE, lasting=False, signer=seller(), before=self._begun).ship()
        self.given, self.have, self.own, self.held = set[Slot](), set[Slot](), set[Slot](), set[int]()
        self.waiting: list[set[Slot]] = []
        """What recalls named and holds keep."""
        self.number, self.resealed, self.backed = 0, False, False
        self.done: list[object] = []

    def run(self, steps: int = STEPS, first: Sequence[str] = ()) -> None:
        """All steps, `first` these; Wrong names the step at which it broke."""
        try:
            self._backup() if self.dice.random() < 0.7 else None
            self._release()
            self._backup() if not self.backed else None
            for number in range(steps):
                thrown = self.dice.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
                name = first[number] if number < len(first) else thrown
                self.done.append(name)
                getattr(self, f"_{name}")()
                self._check()
        except Wrong as wrong:
            raise Wrong(f"{wrong} after {self.done}") from wrong
        finally:
            self.deal.world.close()

    def _begun(self, world: World) -> None:
        join(world, second())
        world.outside.prepare(PLACE)

    def _check(self) -> None:
        found = {(compartment, n) for n in range(PEOPLE) for compartment in self._parts(n)}
        if found != self.have:
            raise Wrong(f"back {sorted(found - self.have)}, lost {sorted(self.have - found)}")
        if any(
            count != sum(n == one for _, one in self.have)
            for n, count in enumerate(readable(self.deal, PEOPLE).values())
        ):
            raise Wrong("not every record opens")
        checked = vault_check(self.deal.world.desk, NAME)
        if not checked["ok"]:
            raise Wrong(f"the vault does not agree with itself: {checked['counts']}")
        self._require_final()

    def _require_final(self) -> None:
        """What is called final lies nowhere under a key of the seller's."""
        with self.deal.world.desk.store.read() as tx:
            rows = [(bytes(row["key_id"]), bool(row["final_at"])) for row in tx.find("erasure", vault=self._vault(tx))]
        waiting, keys = (
            {key for key, final in rows if not final},
            {AES.key_id(dek(n, compartment)) for compartment, n in self.own},
        )
        mine = {key for key, _ in rows} & keys - waiting
        for folder in (self.deal.world.home, self.deal.world.root / PLACE):
            for file in folder.rglob("*.seg"):
                with file.open("rb") as source:
                    if any(bytes(sealed[32:48]) in mine for _, sealed in frames(source)):
                        raise Wrong("called final, and a key of the seller's opens it")

    # The acts.

    def _release(self) -> None:
        free = [n for n in range(PEOPLE) if not {(1, n), (2, n)} & self.given]
        if not free:
            return
        chosen = set(self.dice.sample(free, self.dice.randint(1, len(free))))
        if self.resealed:
            self.deal.invite_anew()
        self.number, self.resealed = self.number + 1, False
        self.deal.release(self.number, chosen.__contains__, "delta" if self.number > 1 else "full").receive()
        for n in sorted(chosen):
            self.given |= {(1, n), (2, n)}
            gone = any(one == n for _, one in self.own) and not any(one == n for _, one in self.have)
            self.have |= set() if gone else {(1, n), (2, n)} - self.own
        self._note(sorted(chosen))

    def _recall(self) -> None:
        if not self.given:
            return
        named = set(self.dice.sample(sorted(self.given), self.dice.randint(1, min(5, len(self.given)))))
        named |= {(3 - c, n) for c, n in named if (3 - c, n) in self.given} if self.dice.random() < 0.6 else set()
        self.number += 1
        self.deal.call_back(self.number, sorted(named))
        self._receive()
        stay = {slot for slot in named & self.have if slot[1] in self.held}
        self.given -= named
        self.have -= named - stay
        self.waiting.append(stay)
        self._note(sorted(named))

    def _erase(self) -> None:
        if people := self._people():
            n = self.dice.choice(people)
            self._take(
                n,
                {slot for slot in self.have if slot[1] == n},
                lambda: erase(self.deal.world.desk, [ids.subject_text(who(n))], NAME),
            )

    def _part(self) -> None:
        """As retention takes it; somebody keeps the other part."""
        if people := [n for n in self._people() if {(1, n), (2, n)} <= self.have]:
            n, part = self.dice.choice(people), self.dice.choice((1, 2))
            self._take(n, {(part, n)}, lambda: self._let_go(n, part))

    def _let_go(self, n: int, part: int) -> None:
        with self.deal.world.desk.store.write() as tx:
            erase_compartments(self.deal.world.desk, tx, self._vault(tx), {who(n): [part]}, {"part": "retention"})

    def _take(self, n: int, slots: set[Slot], act: Callable[[], object]) -> None:
        self._note(sorted(slots))
        try:
            act()
        except CustodyError as error:
            if error.slug != _HELD or n not in self.held:
                raise
            return
        if n in self.held:
            raise Wrong("somebody held was erased")
        self.own |= slots
        self.have -= slots

    def _hold(self) -> None:
        if people := [n for n in self._people() if n not in self.held]:
            n = self.dice.choice(people)
            hold_add(self.deal.world.desk, ids.subject_text(who(n)), "dispute", "", NAME)
            self.held.add(n)
            self._note(n)

    def _free(self) -> None:
        """The hold ends, and with it what a recall waited for."""
        if self.held:
            n = self.dice.choice(sorted(self.held))
            hold_release(self.deal.world.desk, ids.subject_text(who(n)), "dispute", NAME)
            recalls_due(self.deal.world.desk, NAME)
            self.held.discard(n)
            self.have -= {slot for some in self.waiting for slot in some if slot[1] == n and slot not in self.given}
            self.waiting = [{slot for slot in some if slot[1] != n} for some in self.waiting]
            self._note(n)

    def _reseal(self) -> None:
        if not self.resealed:
            reseal(self.deal.world.desk, DEAL, self.deal.files)
            self.resealed = True

    def _rotate(self) -> None:
        rekey(self.deal.world.desk, NAME)

    def _compact(self) -> None:
        compact(self.deal.world.desk, NAME, least=0)

    def _backup(self) -> None:
        if not backup(self.deal.world.desk, PLACE)["ok"]:
            raise Wrong("a backup did not end well")
        self.backed = True

    def _day(self) -> None:
        self.deal.world.clock.advance(timedelta(days=1))

    def _lose(self) -> None:
        """The disk is gone; from the newest backup, and from what lies in the folder, comes all that was there and nobody else."""
        world = self.deal.world
        catch_up(world.desk)
        world.lose()
        self._note(dict(world.restore(PLACE)["not_in_backup"]))
        while not self._receive():
            pass
        for name in (NAME, "main"):
            rekey(world.desk, name)
        recalls_due(world.desk, NAME)

    # Helpers.

    def _receive(self) -> bool:
        """What lies there next, agreed to where it is a recall; whether there was nothing."""
        with self.deal.world.desk.store.read() as tx:
            restored = [str(row["name"]) for row in tx.find("vault", state="restored")]
        for name in restored:
            rekey(self.deal.world.desk, name)
        told = receive(self.deal.world.desk, DEAL, self.deal.files, NAME, dry_run=True)
        if "approve" in told.get("would", {}):
            act, content = told["would"]["approve"]
            approve(self.deal.world, second(), {"approve": {"act": act, "content": content}})
        return bool(self.deal.receive()["resumed"])

    def _people(self) -> list[int]:
        return sorted({n for _, n in self.have})

    def _parts(self, n: int) -> Iterable[int]:
        with self.deal.world.desk.store.read() as tx:
            return {int(row["compartment"]) for row in tx.find("record", vault=self._vault(tx), subject=who(n))}

    def _vault(self, tx: Transaction) -> str:
        (row,) = tx.find("vault", name=NAME)
        return str(row["id"])

    def _note(self, what: object) -> None:
        self.done.append(what)


def play(seeds: Iterable[int], ground: Path) -> None:
    """Each history in a folder of its own, which goes with it."""
    for seed in seeds:
        where = ground / f"arrivals-{seed}"
        Arrivals(seed, where).run()
        shutil.rmtree(where)
