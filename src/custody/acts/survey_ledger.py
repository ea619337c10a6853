"""The ledger's half of a check: each entry follows from those before it, each opening is its entry's (spec/vault.md §24).

Rows come in the order of their numbers, of three tables side by side; what is in memory does not grow with them.
Where an entry does not follow, those after it are not held against it: one fault is told once.
"""

from collections.abc import Callable, Iterator, Mapping
from operator import itemgetter
from typing import Final, NamedTuple, cast

from custody.acts.entries import about_rows
from custody.acts.surveyed import Survey
from custody.base import canonical, merkle
from custody.base.canonical import Json
from custody.base.clock import parse
from custody.base.errors import CustodyError
from custody.ledger import entry as entries
from custody.ports.store import Cell, Transaction, one
from custody.vault import record as records

_ABOUT: Final = ("position", "topic", "whom", "kind")


class Line(NamedTuple):
    """One entry as it is kept, with its opening: salt and detail."""

    number: int
    entry: bytes
    hash: bytes
    salt: bytes
    detail: bytes

    @property
    def told(self) -> Mapping[str, Json]:
        """The entry, read."""
        return cast("Mapping[str, Json]", canonical.decode(self.entry))


Rows = Iterator[tuple[Cell, ...]]


def lines(tx: Transaction, space: str, found: Survey | None = None) -> Iterator[Line]:
    """Every entry that has an opening, in order; what has none is named in `found`."""
    held = tx.columns("ledger_entry", ("position", "entry", "hash"), order=("position",), space=space)
    more = _Beside(tx.columns("opening", ("position", "salt", "detail"), order=("position",), space=space))
    for number, entry, leaf in cast("Iterator[tuple[int, bytes, bytes]]", held):
        opening = more.of(number, found, "ledger.opening")
        if not opening and found is not None:
            found.say("ledger.opening", entry=number)
        yield Line(number, entry, leaf, *cast("tuple[bytes, bytes]", opening[0][1:] if opening else (b"", b"")))
    more.rest(found, "ledger.opening")


def survey_ledger(tx: Transaction, space: str, found: Survey) -> None:
    """The chain, the openings that lie in clear, what is noted beside, and the head."""
    frontier, last, whole, step = merkle.Frontier(), "", True, 0
    about = _Beside(tx.columns("entry_about", _ABOUT, order=_ABOUT[:3], space=space))
    for line in lines(tx, space, found):
        found.entries += 1
        at = _follows(line, space, frontier, last) if whole else last
        if whole and at and line.told["kind"] == entries.STEP:  # it rests on what stands before it
            at, step = at if _rests(tx, space, line, step) else "", line.number
        if whole and not at:
            whole = False
            found.say("ledger.entry", entry=line.number)
        last = at
        frontier.append(line.hash)
        if not _own(line):
            found.say("ledger.opening", entry=line.number)
        if about.of(line.number, found, "ledger.about") != _noted(line, space):
            found.say("ledger.about", entry=line.number)
    about.rest(found, "ledger.about")
    if whole and not _is_head(tx, space, frontier, last):
        found.say("ledger.head", size=frontier.size)


class _Beside:
    """Rows of a table that are looked at by number, ascending."""

    def __init__(self, rows: Rows) -> None:
        self._rows, self._number = rows, cast("Callable[[tuple[Cell, ...]], int]", itemgetter(0))
        self._next = next(rows, None)

    def of(self, number: int, found: Survey | None, kind: str) -> list[tuple[Cell, ...]]:
        """Those of this number; those of numbers that nobody asked for are named."""
        own: list[tuple[Cell, ...]] = []
        while self._next is not None and self._number(self._next) <= number:
            if self._number(self._next) == number:
                own.append(self._next)
            elif found is not None:
                found.say(kind, entry=self._number(self._next))
            self._next = next(self._rows, None)
        return own

    def rest(self, found: Survey | None, kind: str) -> None:
        """What is left belongs to no entry."""
        while self._next is not None:
            if found is not None:
                found.say(kind, entry=self._number(self._next))
            self._next = next(self._rows, None)


def _follows(line: Line, space: str, frontier: merkle.Frontier, last: str) -> str:
    """When the entry was made, if it is whole and builds on all before it; else ""."""
    try:
        told = entries.parse(line.entry)
        same = (told["n"], told["space"], told["prev"]) == (frontier.size, space, frontier.root().hex())
        at = str(told["at"])
        in_time = bool(parse(at)) and entries.in_order(last, told)
    except CustodyError:
        return ""
    return at if same and in_time and line.number == frontier.size and merkle.leaf_hash(line.entry) == line.hash else ""


def _rests(tx: Transaction, space: str, line: Line, step: int) -> bool:
    def at_of(number: int) -> str:
        row = one(tx, "ledger_entry", space=space, position=number)
        return str(entries.parse(cast("bytes", row["entry"]))["at"]) if row else ""

    try:
        return entries.steps_back(line.told, at_of, step)
    except CustodyError:
        return False


def _own(line: Line) -> bool:
    """Whether the opening is this entry's: by the commitment, or where it is sealed by the number in its header."""
    try:
        told = entries.parse(line.entry)
        if line.salt:
            return entries.commit(entries.Opening(line.salt, line.detail)).hex() == told["c"]
        return records.parse(line.detail).record == line.number
    except CustodyError:
        return False


def _noted(line: Line, space: str) -> list[tuple[Cell, ...]]:
    try:
        rows = [tuple(row[name] for name in _ABOUT) for row in about_rows(space, line.number, line.entry, line.detail)]
    except CustodyError:
        return []
    return sorted(rows)


def _is_head(tx: Transaction, space: str, frontier: merkle.Frontier, last: str) -> bool:
    head = one(tx, "ledger_head", space=space)
    if head is None:
        return frontier.size == 0
    return (head["size"], head["frontier"], head["last_at"]) == (frontier.size, b"".join(frontier.to_list()), last)
