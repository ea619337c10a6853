"""What a look at a vault found, and how slots are noted on the way: one bit each, 128 bytes a page (spec/vault.md §24)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from custody.acts.vaults import slot_places
from custody.vault.keyring import Spot


class Fault(NamedTuple):
    """One thing that does not agree, and where."""

    kind: str
    where: Mapping[str, str | int]


@dataclass(slots=True)
class Survey:
    """What was looked at and what was found."""

    faults: list[Fault] = field(default_factory=list)
    records: int = 0
    keys: int = 0
    pages: int = 0
    segments: int = 0
    entries: int = 0
    unheld: set[str] = field(default_factory=set)
    """What older entries do not commit to: it was held against nothing."""
    suites: Counter[tuple[int, int]] = field(default_factory=Counter)
    """Pages by (compartment, suite)."""
    live: Counter[tuple[int, int]] = field(default_factory=Counter)
    """Keys by the same."""
    restored: bool = False
    """Whether the vault was brought back from a backup once: of what came after the facts only keys may be left, of people nobody knows."""

    def say(self, kind: str, **where: str | int) -> None:
        """Note one fault."""
        self.faults.append(Fault(kind, where))

    def wrong(self) -> set[str]:
        """The classes that are faults: a file too many is none, nor is a key under which nothing lies after a restore."""
        harmless = {"file.stray", *(("key.no-record", "key.of-nobody") if self.restored else ())}
        return {one.kind for one in self.faults} - harmless

    def of(self, kind: str) -> list[Fault]:
        """The faults of one class."""
        return [one for one in self.faults if one.kind == kind]


class Slots:
    """A set of slots: a bit for each, by page."""

    def __init__(self) -> None:
        self._bits: dict[Spot, int] = {}

    def put(self, spot: Spot, numbers: Iterable[int]) -> None:
        """Add slots of one page; the page is known from then on, be it without any."""
        bits = self.bits(spot)
        for number in numbers:
            bits |= 1 << number
        self._bits[spot] = bits

    def bits(self, spot: Spot) -> int:
        """The slots of one page, a bit for each."""
        return self._bits.get(spot, 0)

    def has(self, spot: Spot, number: int) -> bool:
        """Whether this slot is in it."""
        return bool(self.bits(spot) >> number & 1)

    def beside(self, other: "Slots") -> Iterator[tuple[Spot, int]]:
        """The slots that are not in `other`, in order."""
        for spot, bits in sorted(self._bits.items()):
            left = bits & ~other.bits(spot)
            while left:
                yield spot, (left & -left).bit_length() - 1
                left &= left - 1

    def __contains__(self, spot: Spot) -> bool:
        return spot in self._bits

    def __len__(self) -> int:
        return sum(bits.bit_count() for bits in self._bits.values())


def place_of(slots: bytes, compartment: int) -> tuple[Spot, int] | None:
    """Where the key of a compartment lies by a subject's list of slots."""
    found = slot_places(slots).get(compartment)
    return None if found is None else ((compartment, found[0]), found[1])
