"""`会员.csv`: the member list as an accounting program exports it, in GB 18030 with Windows line ends.

Beside the customers it holds rows that cannot be taken in: two people under one customer number, a remark with a comma
nobody quoted, a card number that a spreadsheet turned into 6.22E+18. Those people are nowhere else in the sample.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from custody_sample.chance import Share
from custody_sample.facts import MEMBERS, Tally
from custody_sample.people import People
from custody_sample.person import MEMBER_COLUMNS, Person
from custody_sample.text import CsvFile

NAME: Final = "会员.csv"
_SHARED: Final = 2000
_RAGGED: Final = 3000
_DAMAGED: Final = 3000


class Members:
    """Writes the member list; `add` returns the other holders of a shared number, who may have orders too."""

    def __init__(self, directory: Path, people: People, tally: Tally) -> None:
        self.file = CsvFile(directory / NAME, MEMBERS, MEMBER_COLUMNS, "gb18030", "\r\n", tally)
        self._people, self._tally = people, tally
        self._first, self._second, self._ragged, self._damaged = (
            Share(people.seed, name, people.total, every)
            for name, every in (("first", _SHARED), ("second", _SHARED), ("ragged", _RAGGED), ("damaged", _DAMAGED))
        )

    def add(self, index: int, person: Person) -> Iterator[Person]:
        """Write one customer, and what stands below it."""
        self._tally.customer(person)
        self.file.row(person.cells())
        for share, half in ((self._first, 0), (self._second, 1)):
            rank = share.rank(index)
            if rank is not None:
                yield self._holder(rank, half)
        rank = self._ragged.rank(index)
        if rank is not None:
            cells = [*self._extra(2 * self._first.count + rank).cells()[:-1], "周末送货", "不要打电话"]
            self.file.broken(self.file.line(cells).encode("gb18030"), "too many cells")
        rank = self._damaged.rank(index)
        if rank is not None:
            extra = self._extra(2 * self._first.count + self._ragged.count + rank)
            self.file.damaged(replace(extra, card="6.22202E+18").cells(), "银行卡号")

    def _holder(self, rank: int, half: int) -> Person:
        """One of two people who hold the same number."""
        person = replace(self._extra(2 * rank + half), number=self._people.number(self._people.total + rank))
        self._tally.shared_keys += half
        self._tally.shared[MEMBERS] += 1
        self.file.row(person.cells())
        return person

    def _extra(self, place: int) -> Person:
        """Somebody beyond the customers; `replace` keeps such a row on one line."""
        person = self._people.person(self._people.total + place)
        return replace(person, remark="")
