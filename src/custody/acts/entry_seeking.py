"""Entries of the ledger by what was typed: what happened, who did it, which deal, an entry's number, a day. Found by key, the newest first.

An entry is told when every word means something of it. Nothing but the entries told, and the keys of those that one
word means, is read.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import groupby, islice
from typing import Final, cast

from custody.acts.entries import KIND, MATTER, PRINCIPAL, positions
from custody.acts.typed import Word
from custody.base import canonical
from custody.base.canonical import Json
from custody.ports.store import Holds, OneOf, Transaction

_BATCH: Final = 200
_MOST: Final = 50
"""People or deals that one word may mean: more are told apart by typing more of it."""
ENTRY: Final = "entry"
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Meant:
    """What one word may mean: entries about one of these, or with a number in one of these spans."""

    keys: Sequence[Key]
    spans: Sequence[range]

    def walk(self, tx: Transaction, space: str, before: int) -> Iterator[int]:
        """Each entry once, the newest first, below `before`."""
        found = (_about(tx, space, key, before) for key in self.keys)
        numbers = (iter(range(min(span.stop, before) - 1, span.start - 1, -1)) for span in self.spans)
        return (number for number, _ in groupby(merge(*found, *numbers, reverse=True)))

    def size(self, tx: Transaction, space: str) -> int:
        """How many there are at most."""
        return sum(map(len, self.spans)) + sum(
            tx.count("entry_about", space=space, topic=topic, whom=whom) for topic, whom in self.keys
        )

    def of(self, tx: Transaction, space: str, numbers: Sequence[int]) -> set[int]:
        """Those of these entries that it means."""
        found = {number for number in numbers if any(number in span for span in self.spans)}
        for topic in {topic for topic, _ in self.keys}:
            whom = [whom for one, whom in self.keys if one == topic]
            rows = tx.first("entry_about", None, (OneOf("whom", whom), OneOf("position", numbers)), order=(), space=space, topic=topic)  # fmt: skip
            found.update(cast("int", row["position"]) for row in rows)
        return found


def newest(tx: Transaction, space: str, words: Sequence[Word], most: int, before: int, size: int) -> list[int]:
    """The numbers of the newest `most` entries below `before` that every word means."""
    meant = sorted((_meant(tx, space, word, size) for word in words), key=lambda one: one.size(tx, space))
    left = meant[0].walk(tx, space, before)
    found: list[int] = []
    while len(found) < most and (some := list(islice(left, _BATCH))):
        fit = set(some)
        for other in meant[1:]:
            fit &= other.of(tx, space, some)
        found += [number for number in some if number in fit]
    return found[:most]


def _meant(tx: Transaction, space: str, word: Word, size: int) -> _Meant:
    who = tx.first("principal", _MOST, (Holds(("handle",), word.text),), order=("handle",), party=space)
    deals = tx.first("matter", _MOST, (Holds(("ref",), word.text),), order=("-ref",), party=space)
    keys = [(KIND, name) for name in sorted(word.means(ENTRY))]
    keys += [(PRINCIPAL, str(row["id"])) for row in who] + [(MATTER, str(row["id"])) for row in deals]
    numbers = [range(int(word.text), int(word.text) + 1)] if word.text.isascii() and word.text.isdigit() else []
    spans = [*numbers, *([_day(tx, space, *word.days, size)] if word.days else [])]
    return _Meant(keys, [span for span in spans if span and span.start < size])


def _day(tx: Transaction, space: str, since: str, until: str, size: int) -> range:
    """The entries from one instant to before another: their instants never fall, so few are read."""

    def at(number: int) -> str:
        (row,) = tx.find("ledger_entry", space=space, position=number)
        return str(cast("dict[str, Json]", canonical.decode(cast("bytes", row["entry"])))["at"])

    return range(bisect_left(range(size), since, key=at), bisect_left(range(size), until, key=at))


def _about(tx: Transaction, space: str, key: Key, before: int) -> Iterator[int]:
    while found := positions(tx, space, *key, _BATCH, before):
        yield from found
        before = found[-1]
