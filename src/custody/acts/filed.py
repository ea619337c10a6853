"""What is on file for everybody, held as a number for each person who has anything: people with the same evidence share one set.

A gate asks for it a stretch of people at a time (spec/law.md §7).
"""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np
import numpy.typing as npt

from custody.acts.alike import NOTHING, Held
from custody.acts.block import NOWHERE, Ids
from custody.acts.vaults import SUBJECT_BYTES
from custody.ports.store import Cell, Transaction


@dataclass(slots=True)
class Filed:
    """`sets[0]` is nothing. Who is told apart by name is few: everybody together, whoever grew up, whom something was set aside for."""

    sets: list[Held] = field(default_factory=lambda: [NOTHING])
    _ids: Ids = field(default_factory=Ids)
    _number: npt.NDArray[np.uint32] = field(default_factory=lambda: np.zeros(0, dtype=np.uint32))
    _named: dict[bytes, int] = field(default_factory=dict)

    @classmethod
    def of(cls, told: Mapping[bytes, Held]) -> "Filed":
        """Of a few."""
        made = cls()
        for who, held in told.items():
            made.put(who, held)
        return made

    @classmethod
    def read(cls, tx: Transaction, matter: str) -> "Filed":
        """What is on file for whom in a deal, as its rows have it."""
        made, ids, number = cls(), bytearray(), array("I")
        for who, place in made._steps(tx, matter):
            if len(who) == SUBJECT_BYTES:
                ids += who
                number.append(place)
            else:
                made._named[who] = place
        made._ids, made._number = Ids(ids), np.frombuffer(number, dtype=np.uint32)
        return made

    def _steps(self, tx: Transaction, matter: str) -> Iterator[tuple[bytes, int]]:
        """A row moves a person from one set to the next larger one, which is made once: this loop meets every row."""
        names = ("subject", "compartment", "type")
        larger: dict[tuple[int, Cell, Cell], int] = {}
        last, place = None, 0
        for subject, compartment, kind in tx.columns("evidence", names, order=names, matter=matter):
            if subject != last:
                if last is not None:
                    yield cast("bytes", last), place
                last, place = subject, 0
            step = (place, compartment, kind)
            known = larger.get(step)
            if known is None:
                known = larger[step] = len(self.sets)
                self.sets.append(self.sets[place] | {(cast("int", compartment), str(kind))})
            place = known
        if last is not None:
            yield cast("bytes", last), place

    def put(self, who: bytes, held: Held) -> None:
        """Say it of one person by name."""
        if held not in self.sets:
            self.sets.append(held)
        self._named[who] = self.sets.index(held)

    def get(self, who: bytes) -> Held:
        """What is on file for one person."""
        if who in self._named or len(who) != SUBJECT_BYTES:
            return self.sets[self._named.get(who, 0)]
        return self.sets[self.numbers([who])[0]]

    def numbers(self, ids: Sequence[bytes]) -> list[int]:
        """The number of each person's set."""
        if not len(self._ids):
            found = [0] * len(ids)
        else:
            place = self._ids.find(ids)
            found = np.where(place == NOWHERE, 0, self._number[place]).tolist()
        if not self._named.keys() <= {b""}:
            found = [self._named.get(who, number) for who, number in zip(ids, found, strict=True)]
        return found
