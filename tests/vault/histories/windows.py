"""Histories in which destroys take their time, one may be taken back, and another vault is written while this one is at work."""

import random
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta

from custody.acts.adding import Newcomer, add_people
from custody.acts.reading import Reader
from custody.adapters.keys.memory import MemoryProvider
from custody.adapters.simulated.weather import Weather
from custody.base import ids
from custody.base.clock import Clock
from custody.base.errors import CustodyError, Unavailable
from custody.ports.keys import Destroyed, RootState
from custody.services.compact import compact
from custody.services.destroys_due import destroys_due
from custody.services.erase import erase
from custody.services.vault_new import vault_new
from custody.vault.payload import pack, unpack
from tests.vault.histories.judge import Wrong
from tests.vault.histories.play import STEPS, WEIGHTS, Play
from tests.vault.histories.world import NAME, World

OTHER = "second"
WINDOWS = tuple(timedelta(hours=hours) for hours in (0, 0, 3, 9, 30))
MORE = {"window": 7, "ask": 5, "take_back": 4, "beside": 14}
BUSY = 40
"""So many moments at most pass before the other vault is written."""


class Windowed(MemoryProvider):
    """Roots that were ordered to go are gone when their date has come, and can be taken back until then."""

    def __init__(self, clock: Clock, before: MemoryProvider) -> None:
        super().__init__()
        self._clock, self._roots = clock, dict(before._roots)

    def state(self, ref: str) -> RootState:
        if ref in self._ends and self._ends[ref] <= self._clock.now():
            self._roots.pop(ref, None)
            return "gone"
        return super().state(ref)

    def destroy(self, ref: str, now: datetime) -> Destroyed:
        self.state(ref)
        return super().destroy(ref, now)

    def take_back(self) -> bool:
        """Whoever runs the provider cancels one destroy."""
        for ref in [one for one in self._ends if self.state(one) == "scheduled"][-1:]:
            del self._ends[ref]
            return True
        return False


@dataclass(slots=True)
class Beside(Weather):
    """A weather in which, after so many moments, something else is done in between, as soon as nobody is within a transaction."""

    later: int | None = None
    act: Callable[[], object] | None = None

    def moment(self) -> None:
        Weather.moment(self)
        if self.later is None or self.act is None:
            return
        self.later -= 1
        if self.later < 0 and self.act():
            self.later = None


class WindowedPlay(Play):
    """See `Play`. `other` is what the other vault says."""

    def __init__(self, seed: int, world: World) -> None:
        super().__init__(seed, world)
        self.side = random.Random(f"{seed}-beside")
        self.weather = world.weather
        assert isinstance(self.weather, Beside)
        world.provider = Windowed(world.clock, world.provider)
        world.reopen()
        vault_new(world.desk, OTHER, untried=False)
        with world.desk.store.write() as tx:
            self.second = str(tx.find("vault", name=OTHER)[0]["id"])
            tx.add("schema", [{**row, "vault": self.second} for row in tx.find("schema", vault=world.vault)])
        self.other: dict[bytes, str] = {}
        self.base: dict[bytes, str] = {}
        self.kept: dict[str, dict[bytes, str]] = {}
        self.erased: set[str] = set()
        self._come()

    def run(self, steps: int = STEPS, first: Sequence[str] = ()) -> None:
        names = {**WEIGHTS, **MORE}
        super().run(steps, [*first, *self.side.choices(list(names), list(names.values()), k=steps - len(first))])

    def _check(self) -> None:
        self.weather.later = None
        super()._check()
        if (found := self._read()) != self.other:
            raise Wrong(f"the other vault lost {len(self.other.keys() - found.keys())}, or says something else")
        self.base = dict(self.other)

    def _window(self) -> None:
        self.world.provider.postpone(self.side.choice(WINDOWS))

    def _slow(self) -> None:
        self.world.provider.postpone(WINDOWS[-1])

    def _quick(self) -> None:
        self.world.provider.postpone(WINDOWS[0])

    def _ask(self) -> None:
        self._try(lambda: destroys_due(self.world.desk, NAME))

    def _take_back(self) -> None:
        """The run that follows finds it and orders it anew; whatever it can open is final only then."""
        if self.world.provider.take_back():
            out, self.weather.out = set(self.weather.out), set()
            for vault in (NAME, OTHER):
                destroys_due(self.world.desk, vault)
            self.weather.out = out

    def _beside(self) -> None:
        """The next act has another one in its middle."""
        acts = self._come, self._go, self._go, self._tidy
        self._interrupt(self.side.choice(("_backup", "_rotate", "_rotate", "_erase", "_seal")), acts)

    def _beside_rotation(self) -> None:
        """A rotation, in whose middle somebody is erased in the other vault, which is then compacted."""
        self._interrupt("_rotate", (self._go,))

    def _interrupt(self, act: str, others: Sequence[Callable[[], None]]) -> None:
        self.weather.later = self.side.randrange(BUSY)
        self.weather.act = lambda: self._between(self.side.choice(others))
        getattr(self, act)()

    def _between(self, act: Callable[[], None]) -> bool:
        """Whether it could be done here: not within somebody's transaction."""
        if not self._free():
            return False
        fuse, self.weather.fuse, self.weather.later = self.weather.fuse, None, None
        out, self.weather.out = set(self.weather.out), set()
        try:
            act()
        except Unavailable as error:  # the other one holds what this one needs
            if error.slug != "vault.busy":
                raise
        finally:
            self.weather.fuse, self.weather.out = fuse, out
        return True

    def _free(self) -> bool:
        with closing(sqlite3.connect(self.world.home / "core.db", timeout=0, isolation_level=None)) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return False
            connection.execute("ROLLBACK")
            return True

    def _come(self) -> None:
        words = {f"other-{self.tokens + n}": n for n in range(1, 3)}
        self.tokens += len(words)
        people = [Newcomer("customer", [(1, 1, pack(n, [word]))]) for word, n in words.items()]
        self.other |= dict(zip(add_people(self.world.desk, self.second, people), words, strict=True))

    def _go(self) -> None:
        if self.other:
            who = self.side.choice(sorted(self.other))
            erase(self.world.desk, [ids.subject_text(who)], OTHER)
            self.erased.add(self.other.pop(who))
            self._tidy()

    def _tidy(self) -> None:
        compact(self.world.desk, OTHER, least=0)

    def _cover(self, place: str) -> None:
        super()._cover(place)
        self.kept[place] = dict(self.base)

    def _after_loss(self, found: dict, *, whole: bool) -> None:
        super()._after_loss(found, whole=whole)
        there = self._read()
        covered = self.kept[self.restored]
        if lost := [who for who, word in covered.items() if word not in self.erased and there.get(who) != word]:
            raise Wrong(f"the other vault lost {len(lost)} records that were in an acknowledged backup")
        self.other, self.kept = there, {}

    def _restore(self, place: str) -> None:
        self.restored = place
        super()._restore(place)

    def _read(self) -> dict[bytes, str]:
        out, self.weather.out = set(self.weather.out), set()
        try:
            with self.world.desk.store.read() as tx:
                reader = Reader(self.world.desk, tx, self.second)
                rows = tx.find("record", vault=self.second)
                found = {row["subject"]: unpack(reader.open(row))[1][0] for row in rows}
                reader.close()
                return found
        except CustodyError as error:
            raise Wrong(f"the other vault does not open: {error.slug}") from error
        finally:
            self.weather.out = out
