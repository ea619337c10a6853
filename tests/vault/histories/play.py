"""Random histories of a vault against a model of what people were told. Seeded: a history is its seed."""

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from custody.acts.adding import Newcomer, add_people
from custody.acts.compacting import compact
from custody.acts.matters import ledger_size
from custody.acts.mirroring import mirrored
from custody.acts.reseal import reseal
from custody.acts.revising import revise_record
from custody.acts.shred import held
from custody.adapters.simulated.weather import Crashed
from custody.base import ids
from custody.base.clock import stamp
from custody.base.errors import Broken, CustodyError, Refused, Unavailable
from custody.ports.store import Row
from custody.services.backup import backup
from custody.services.erase import erase
from custody.services.hold import hold_add, hold_release
from custody.services.rekey import rekey
from custody.services.restore import restore_finish
from custody.services.vault_renew import vault_renew
from custody.vault.payload import pack
from tests.vault.histories.judge import Judge, Wrong
from tests.vault.histories.world import NAME, PLACES, World

Live = dict[tuple[bytes, int], str]
STEPS = 24
PARTIES = ("provider", "mirror", *PLACES)
WEIGHTS = {"seal": 14, "pair": 8, "revise": 8, "correct": 6, "part": 6, "erase": 12, "hold": 6, "release": 4, "backup": 12, "rotate": 9,
           "compact": 5, "renew": 6, "outage": 6, "calm": 8, "lose": 7}  # fmt: skip


class Play:
    """One history. `live` is what people may count on; `dead` what nobody may read again."""

    def __init__(self, seed: int, world: World) -> None:
        self.dice = random.Random(seed)
        self.world = world
        self.judge = Judge(self.world)
        self.live: Live = {}
        self.sealings: dict[tuple[bytes, int], int] = {}
        self.told: dict[tuple[bytes, int], set[str]] = {}
        self.ever: dict[tuple[bytes, int], set[str]] = {}
        self.dead: set[str] = set()
        self.pending: set[str] = set()
        self.pairs: dict[bytes, tuple[bytes, ...]] = {}
        """Whose rows a joint subject holds."""
        self.holds: set[bytes] = set()
        self.unsure: set[bytes] = set()
        self.covered: dict[str, dict[tuple[bytes, int], tuple[str, int]]] = {}
        self.tokens = 0
        self.done: list[str] = []

    def run(self, steps: int = STEPS, first: Sequence[str] = ()) -> None:
        """All steps, `first` these; Wrong names the step at which it broke."""
        try:
            for number in range(steps):
                thrown = self.dice.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
                name = first[number] if number < len(first) else thrown
                self.done.append(name)
                self.world.clock.advance(timedelta(hours=1))
                getattr(self, f"_{name}")()
                self._check()
        except Wrong as wrong:
            raise Wrong(f"{wrong} after {self.done}") from wrong
        finally:
            self.world.close()

    def _check(self) -> None:
        found = self.judge.look(self.dead)
        if found != self.live:
            lost, more = self.live.keys() - found.keys(), found.keys() - self.live.keys()
            other = [one for one in self.live.keys() & found.keys() if self.live[one] != found[one]]
            raise Wrong(f"lost {len(lost)}, unexpected {len(more)}, other words {len(other)}")
        with self.world.desk.store.read() as tx:
            joint = {
                row["id"]: row["members"]
                for row in tx.find("subject", vault=self.world.vault, kind="joint", state="live")
            }
        if any(joint.get(one) != b"".join(self.pairs[one]) for one in self._shared()):
            raise Wrong("rows that two people share name somebody else")

    def _try(
        self, act: Callable[[], object], after: Live | None = None, *, dead: set[str] | None = None, within: int = 40
    ) -> bool:
        """Do `act`, perhaps with a crash in it; the model follows what was answered, or what is found after a crash."""
        before = dict(self.live)
        after = before if after is None else after
        if self.dice.random() < 0.25:
            self.world.weather.fuse = self.dice.randrange(within)
        try:
            answer = act()
        except Crashed:
            self.world.reopen()
            self.world.weather.fuse = None
            found = self.judge.look(self.dead)
            if found not in (before, after):
                raise Wrong("a crash left neither the old nor the new state") from None
            took = found == after and after != before
            self._follow(after if took else before, dead if took else None)
            return False
        except Unavailable:
            self._settle_outage(before, after, dead)
            return False
        finally:
            self.world.weather.fuse = None
        self._follow(after, dead)
        if answer is True or (isinstance(answer, Mapping) and answer.get("mirrored") is True):
            self._believe()
        return True

    def _believe(self) -> None:
        """People were told that it is mirrored: what was erased until now stays away, whatever is lost."""
        self.dead |= self.pending
        self.pending = set()

    def _settle_outage(self, before: Live, after: Live, dead: set[str] | None) -> None:
        """A party was out: the act may have been committed before it was noticed."""
        found = self.judge.look(self.dead)
        if found not in (before, after):
            raise Wrong("an outage left neither the old nor the new state")
        took = found == after and after != before
        self._follow(after if took else before, dead if took else None)

    def _follow(self, live: Live, dead: set[str] | None) -> None:
        self.live = live
        for key, token in live.items():
            self.ever.setdefault(key, set()).add(token)
            self.told.setdefault(key, set()).add(token)
        self.pending |= dead or set()
        if self._is_mirrored():
            self._believe()

    # The acts.

    def _seal(self) -> None:
        people = [Newcomer("customer", [(number, number, self._payload(n)) for n in range(self.dice.randint(1, 3))
                                        for number in [self.dice.choice((1, 1, 2))]]) for _ in range(self.dice.randint(1, 3))]  # fmt: skip
        self._sealed(people)

    def _pair(self) -> None:
        """Rows that name two people, who have others of their own."""
        people = sorted({one[0] for one in self.live} - self.pairs.keys())
        if len(people) > 1:
            members, before = tuple(self.dice.sample(people, 2)), set(self.live)
            records = [(1, 1, self._payload(n)) for n in range(self.dice.randint(1, 2))]
            self._sealed([Newcomer("joint", records, members=members)])
            self.pairs |= {key[0]: members for key in self.live.keys() - before}

    def _sealed(self, people: Sequence[Newcomer]) -> None:
        before = dict(self.live)
        if self.dice.random() < 0.25:
            self.world.weather.fuse = self.dice.randrange(16)
        try:
            add_people(self.world.desk, self.world.vault, people)
        except (Crashed, Unavailable) as stopped:
            if isinstance(stopped, Crashed):
                self.world.reopen()
        finally:
            self.world.weather.fuse = None
        found = self.judge.look(self.dead)
        fresh = {key: token for key, token in found.items() if key not in before}
        if {key: token for key, token in found.items() if key in before} != before or len(fresh) not in {
            0, sum(len(person.records) for person in people)
        }:  # fmt: skip
            raise Wrong("sealing moved something else, or came in half")
        self.live = found
        self._follow(found, None)

    def _revise(self) -> None:
        if key := self._any():
            payload = self._payload(self._row(key))
            after = {**self.live, key: self._said(payload)}
            self._try(lambda: revise_record(self.world.desk, self.world.vault, *key, lambda *_: payload, "typo"), after)

    def _correct(self) -> None:
        """The law demands it: the wrong value goes for good, the rest of the compartment moves."""
        if key := self._any():
            payload, compartment = self._payload(self._row(key)), self._compartment(key)
            self._move(key[0], compartment, {key: payload}, set(), "corrected")

    def _part(self) -> None:
        if key := self._any():
            self._move(key[0], self._compartment(key), {}, {key}, "partial")

    def _move(self, subject: bytes, compartment: int, new: dict, gone: set, why: str) -> None:
        inside = {one for one in self.live if one[0] == subject and self._compartment(one) == compartment}
        after = {
            one: self._said(new[one]) if one in new else token for one, token in self.live.items() if one not in gone
        }
        wrong = {token for one in (*new, *gone) for token in self.told[one]} | self._older(inside - set(new) - gone)

        def change(row, payload):
            key = (subject, row["record"])
            return None if key in gone else new.get(key, payload)

        try:
            self._try(lambda: self._reseal(subject, compartment, change, why), after, dead=wrong)
        except Refused:
            self._require_held({subject})
            return
        if self.live == after:
            self._require_free({subject})
            for one in inside:
                self.sealings[one] = self.sealings.get(one, 0) + 1
                if one in self.live:
                    self.told[one] = {self.live[one]}

    def _reseal(self, subject: bytes, compartment: int, change, why: str) -> bool:
        reseal(self.world.desk, self.world.vault, subject, [compartment], change, why)
        return mirrored(self.world.desk)

    def _older(self, keys: set) -> set[str]:
        """Earlier revisions of what stays: they lay under the key that goes."""
        return {token for one in keys for token in self.told[one] if token != self.live[one]}

    def _erase(self) -> None:
        people = {one[0] for one in self.live}
        if not people:
            return
        taken = self._some_of(self.dice.choice(self._shared())) if self._shared() and self.dice.random() < 0.5 else None
        taken = taken or self.dice.sample(sorted(people), min(len(people), self.dice.randint(1, 2)))
        gone = {*taken, *self._along(taken)}
        after = {one: token for one, token in self.live.items() if one[0] not in gone}
        wrong = {token for one in self.live if one[0] in gone for token in self.told[one]}
        names = [ids.subject_text(one) for one in taken]
        try:
            self._try(lambda: self._erased(gone, names), after, dead=wrong)
        except Refused:
            self._require_held(set(taken))
            return
        if self.live == after:
            self._require_free(set(taken))

    def _some_of(self, shared: bytes) -> list[bytes]:
        """One of a pair, both, the rows they share, or all of it; those of them who are still there."""
        one, other = self.pairs[shared]
        taken = self.dice.choice(([one], [one, other], [shared], [one, other, shared]))
        return [who for who in taken if any(key[0] == who for key in self.live)]

    def _along(self, taken: Sequence[bytes]) -> list[bytes]:
        """Rows that are shared by nobody who is still there, and that no hold keeps, go with the last of them."""
        found = list[bytes]()
        with self.world.desk.store.read() as tx:
            kept = held(tx, self.world.vault, stamp(self.world.clock.now()))
            for one in self._shared():
                rows = [tx.find("subject", vault=self.world.vault, id=who)[0] for who in self.pairs[one]]
                left = [row for row in rows if row["state"] == "live" and row["id"] not in taken]
                if not left and one not in kept and not set(taken).isdisjoint(self.pairs[one]):
                    found.append(one)
        return found

    def _erased(self, taken: set[bytes], names: Sequence[str]) -> Mapping[str, object]:
        """The answer names the rows that stay because they are of somebody else too."""
        left = {
            ids.subject_text(one)
            for one in self._shared()
            if one not in taken and not set(taken).isdisjoint(self.pairs[one])
        }
        answer = erase(self.world.desk, names, NAME)
        if not left <= set(answer["joint"]):
            raise Wrong("rows that stay for another person's sake were not told")
        return answer

    def _renew(self) -> None:
        """Nothing that can be read changes, whichever suite it goes to and how far it comes."""
        suite, most = self.dice.choice((None, 1, 2)), self.dice.choice((None, 1, 2))
        self._try(lambda: vault_renew(self.world.desk, NAME, suite, most=most))

    def _hold(self) -> None:
        if key := self._any():
            if self._try(lambda: hold_add(self.world.desk, ids.subject_text(key[0]), "dispute", "", NAME)):
                self.holds.add(key[0])
                self.unsure.discard(key[0])
            elif key[0] not in self.holds:
                self.unsure.add(key[0])

    def _release(self) -> None:
        if self.holds:
            subject = self.dice.choice(sorted(self.holds))
            name = ids.subject_text(subject)
            try:
                self._try(lambda: hold_release(self.world.desk, name, "dispute", NAME))
            except CustodyError:
                if subject in self._there(self.live):
                    raise Wrong("a hold that was acknowledged is not there") from None
            self.holds.discard(subject)
            self.unsure.add(subject)

    def _backup(self) -> None:
        place = self.dice.choice(PLACES)
        if self._try(lambda: backup(self.world.desk, place)):
            self._cover(place)

    def _rotate(self) -> None:
        """A new rotation renews every place; the rest of one that was cut off may lie behind that step."""
        with self.world.desk.store.read() as tx:
            anew = all(
                row["state"] in {"destroyed", "abandoned"} for row in tx.find("rotation", vault=self.world.vault)
            )
        if self._try(lambda: rekey(self.world.desk, NAME)) and anew:
            for place in list(self.covered):
                self._cover(place)

    def _compact(self) -> None:
        self._try(lambda: compact(self.world.desk, self.world.vault, NAME, least=0.1), within=8)

    def _outage(self) -> None:
        self.world.weather.out.add(self.dice.choice(PARTIES))

    def _calm(self) -> None:
        self.world.weather.out.clear()

    def _lose(self) -> None:
        """The disk is gone. With a backup it comes back: covered records all, erased ones never."""
        if not self.covered or self.world.outside.inner.newest(self.world.party) is None:
            return
        place = self.dice.choice(sorted(self.covered))
        whole = not self.pending and self._is_mirrored()
        before = dict(self.live)
        self.world.lose()
        self.world.weather.out.discard("mirror") if self.dice.random() < 0.7 else None
        self._restore(place)
        found = self.judge.look(self.dead)
        kept = {
            key
            for key, what in self.covered[place].items()
            if key in before and what == (before[key], self.sealings.get(key, 0))
        }
        if lost := kept - found.keys():
            raise Wrong(f"lost {len(lost)} records that were in an acknowledged backup")
        if wrong := [key for key, token in found.items() if token not in self.ever.get(key, ()) or token in self.dead]:
            raise Wrong(f"{len(wrong)} records came back that nobody may read")
        self._after_loss(found, whole=whole)

    def _restore(self, place: str) -> None:
        """Until it is done: parties come back, the process dies in between; a store that took its name is not replaced."""
        beyond: int | None = None
        for attempt in range(12):
            if self.dice.random() < 0.4 and attempt < 4:
                self.world.weather.fuse = self.dice.randrange(60)
            try:
                if not self.world.place.empty():
                    self.world.reopen()
                    restore_finish(self.world.desk)
                else:
                    self.world.restore(place, beyond=beyond)
            except Crashed:
                self.world.close()
            except Broken as error:
                # A backup broke off behind its facts: the mirror is the newest there is, so an owner says so.
                if error.slug != "restore.behind":
                    raise
                beyond = int(str(error.where["facts"]))
            except Unavailable:
                self.world.weather.out.clear()
            else:
                return
            finally:
                self.world.weather.fuse = None
        raise Wrong("a restore never ended")

    def _after_loss(self, found: Live, *, whole: bool) -> None:
        """What people count on from here is what is there; everything the restore answered for is acknowledged anew."""
        self.live = found
        self.told = {key: self.ever[key] - self.dead for key in found}
        self.sealings = {key: self.sealings.get(key, 0) + 1 for key in found}
        self.covered = {}
        self.pending = set()
        with self.world.desk.store.read() as tx:
            held = {row["subject"] for row in tx.find("hold", vault=self.world.vault)}
        there = self._there(found)
        if whole and (gone := (self.holds & there) - held - self.unsure):
            raise Wrong(f"{len(gone)} holds were lost")
        self.holds, self.unsure = held & there, set()
        self._follow(found, None)

    # Helpers.

    def _shared(self) -> list[bytes]:
        """Joint subjects of whom something is there."""
        return sorted({key[0] for key in self.live} & self.pairs.keys())

    def _there(self, live: Live) -> set[bytes]:
        """Of whom something is there, be it together with somebody else."""
        return self._whose({key[0] for key in live})

    def _whose(self, subjects: set[bytes]) -> set[bytes]:
        """These, and whose rows they share."""
        return subjects.union(*(self.pairs[one] for one in subjects & self.pairs.keys()))

    def _is_mirrored(self) -> bool:
        with self.world.desk.store.read() as tx:
            newest = self.world.outside.inner.newest(self.world.party)
            return (newest[0] if newest else 0) == ledger_size(tx, self.world.party)

    def _cover(self, place: str) -> None:
        self.covered[place] = {key: (token, self.sealings.get(key, 0)) for key, token in self.live.items()}

    def _require_held(self, subjects: set[bytes]) -> None:
        if not self._whose(subjects) & (self.holds | self.unsure):
            raise Wrong("an erasure was refused for a hold that nobody set")

    def _require_free(self, subjects: set[bytes]) -> None:
        if held := self._whose(subjects) & (self.holds - self.unsure):
            raise Wrong(f"{len(held)} held customers were erased")
        self.unsure -= subjects

    def _compartment(self, key: tuple[bytes, int]) -> int:
        return self._record(key)["compartment"]

    def _row(self, key: tuple[bytes, int]) -> int:
        return self._record(key)["row"]

    def _record(self, key: tuple[bytes, int]) -> Row:
        with self.world.desk.store.read() as tx:
            return tx.find("record", vault=self.world.vault, subject=key[0], record=key[1])[0]

    def _any(self) -> tuple[bytes, int] | None:
        return self.dice.choice(sorted(self.live)) if self.live else None

    def _payload(self, row: int) -> bytes:
        self.tokens += 1
        return pack(row, [f"word-{self.tokens}"])

    def _said(self, payload: bytes) -> str:
        return payload[payload.index(b"word-") :].decode()
