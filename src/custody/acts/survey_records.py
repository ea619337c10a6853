"""The records' half of a check: every record of every segment opened under its subject's key (spec/vault.md §24).

Locations come in the order of the file and in batches; of the keys so many pages stay open as a segment has around it.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from heapq import merge
from itertools import groupby, islice, pairwise
from operator import itemgetter
from os import SEEK_END
from typing import Any, BinaryIO, Final, NamedTuple, cast

from custody.acts.backing import copy
from custody.acts.erasing import LIVE
from custody.acts.surveyed import Slots, Survey, place_of
from custody.acts.unnamed import Unkept
from custody.acts.vaults import Keyring, page_at
from custody.base import ids
from custody.base.errors import CustodyError, Missing
from custody.ports.files import Files
from custody.ports.store import Row, Transaction
from custody.vault.keyid import NO_KEY
from custody.vault.keyring import Spot
from custody.vault.page import PAGE_BYTES, SLOTS, open_page, slot
from custody.vault.payload import unpack
from custody.vault.record import HEADER, KEY_ID, SUITE_AT, open_record
from custody.vault.segment import FOOT_BYTES, HEAD_BYTES, head
from custody.vault.suite import suite_of

_BATCH: Final = 20_000
_OPEN: Final = 512
_LENGTH: Final = 4
_COUNT: Final = 8


class Location(NamedTuple):
    """Where a record should lie, and what it should say of itself."""

    subject: bytes
    record: int
    compartment: int
    schema: int
    revision: int
    row: int
    position: int
    length: int


class _Placed:
    """Rows of a table by segment, in one passage over all of them: both come in the order of the segments."""

    def __init__(self, tx: Transaction, vault: str, table: str, names: Sequence[str]) -> None:
        rows = tx.columns(table, ("segment", *names), order=("segment", "position"), vault=vault)
        self._groups = groupby(cast("Iterator[tuple[str, *tuple[Any, ...]]]", rows), key=itemgetter(0))
        self._next = next(self._groups, None)

    def of(self, segment: str) -> Iterator[tuple[Any, ...]]:
        """Those of one segment; ask for each once, ascending. What lies in no segment is passed over here (`survey_orphans`)."""
        while self._next is not None and self._next[0] < segment:
            self._next = next(self._groups, None)
        if self._next is not None and self._next[0] == segment:
            yield from (row[1:] for row in self._next[1])


class _Keys:
    """The key of a subject's compartment; pages that do not open have none."""

    def __init__(self, tx: Transaction, ring: Keyring) -> None:
        self._tx, self._ring = tx, ring
        self._page = lru_cache(_OPEN)(self._opened)

    def slots(self, subjects: set[bytes]) -> dict[bytes, bytes]:
        """{live subject: its list of slots}."""
        rows = self._tx.among("subject", ("id", "slots"), "id", subjects, vault=self._ring.vault, state=LIVE)
        return dict(cast("Iterator[tuple[bytes, bytes]]", rows))

    def at(self, place: tuple[Spot, int] | None) -> bytes:
        """32 bytes, zero where there is no key."""
        return slot(self._page(place[0]), place[1]) if place and place[1] < SLOTS else NO_KEY

    def _opened(self, spot: Spot) -> bytes:
        try:
            return bytes(open_page(page_at(self._tx, self._ring.vault, spot), self._ring.key, self._ring.generation))
        except CustodyError:
            return bytes(PAGE_BYTES)


def survey_segments(tx: Transaction, ring: Keyring, files: Files, found: Survey) -> Slots:
    """Every segment, its own hash, its records and what no row names; returns the slots that a location leads to."""
    used, keys, unkept = Slots(), _Keys(tx, ring), Unkept(tx, ring, found)
    placed = _Placed(tx, ring.vault, "record", Location._fields)
    older = _Placed(tx, ring.vault, "revision", ("position", "length"))
    for row in tx.find("segment", order=("id",), vault=ring.vault):
        found.segments += 1
        name = str(row["id"])
        locations = map(Location._make, placed.of(name))
        try:
            source = files.open(str(row["file"]))
        except Missing:
            records = sum(len(some) for some in _batches(locations, keys, used))
            found.say("segment.missing", segment=name, records=records)
            continue
        except OSError:  # it lies there, and its disk does not read it
            records = sum(len(some) for some in _batches(locations, keys, used))
            found.say("segment.changed", segment=name, records=records)
            continue
        with source:
            _whole(source, row, found)
            here = _looked(source, row, _batches(locations, keys, used), found)
            unkept.look(name, source, merge(here, older.of(name)))
    unkept.settle()
    return used


def survey_orphans(tx: Transaction, ring: Keyring, found: Survey) -> None:
    """Rows that lead nowhere: of no live subject, of no segment. Both tables come in the order of their subjects."""
    segments = {row["id"] for row in tx.find("segment", vault=ring.vault)}
    live = (
        cast("bytes", one) for (one,) in tx.columns("subject", ("id",), order=("id",), vault=ring.vault, state=LIVE)
    )
    who = next(live, None)
    rows = tx.columns("record", ("subject", "record", "segment"), order=("subject", "record"), vault=ring.vault)
    for subject, record, segment in cast("Iterator[tuple[bytes, int, str]]", rows):
        while who is not None and who < subject:
            who = next(live, None)
        if who != subject or segment not in segments:
            found.say("record.orphan", subject=ids.subject_text(subject), record=record)


def survey_strays(tx: Transaction, ring: Keyring, files: Files, found: Survey) -> None:
    """Files that no row names: what a crash left, or somebody put there."""
    rows = tx.find("segment", order=("file",), vault=ring.vault)
    named = {str(row["file"]) for row in rows}
    for row, after in pairwise(rows):
        if row["file"] == after["file"]:
            found.say("segment.changed", segment=str(after["id"]))
    for folder in sorted({name.rpartition("/")[0] for name in named}):
        for name in files.list(folder):
            if name not in named:
                found.say("file.stray", file=name)


_Keyed = tuple[Location, bytes]


def _batches(locations: Iterator[Location], keys: _Keys, used: Slots) -> Iterator[list[_Keyed]]:
    """Locations with the key of each, zero where there is none."""
    while some := list(islice(locations, _BATCH)):
        slots = keys.slots({one.subject for one in some})
        made: list[_Keyed] = []
        for one in some:
            place = place_of(slots.get(one.subject, b""), one.compartment)
            dek = keys.at(place)
            if place and dek != NO_KEY:
                used.put(place[0], (place[1],))
            made.append((one, dek))
        yield made


def _whole(source: BinaryIO, row: Row, found: Survey) -> None:
    """The segment as a file: its hash, its count, its head; a sector that is bad is a segment that is not as it was."""
    try:
        _as_written(source, row, found)
    except OSError:
        found.say("segment.changed", segment=str(row["id"]))


def _as_written(source: BinaryIO, row: Row, found: Survey) -> None:
    name = str(row["id"])
    if copy(source, None) != row["sha256"] or source.tell() != row["bytes"]:
        found.say("segment.changed", segment=name)
    source.seek(-FOOT_BYTES + _LENGTH, SEEK_END) if source.tell() >= FOOT_BYTES else None
    if int.from_bytes(source.read(_COUNT)) != row["records"]:
        found.say("segment.changed", segment=name, records=cast("int", row["records"]))
    source.seek(0)
    if not _is_head(source.read(HEAD_BYTES), ids.id_bytes(str(row["origin"]))):
        found.say("segment.changed", segment=name, byte=0)


def _looked(source: BinaryIO, row: Row, batches: Iterator[list[_Keyed]], found: Survey) -> Iterator[tuple[int, int]]:
    """The places of records that were looked at, batch by batch."""
    for some in batches:
        _records(source, row, some, found)
        yield from ((one.position, one.length) for one, _ in some)


def _records(source: BinaryIO, row: Row, some: Sequence[_Keyed], found: Survey) -> None:
    origin = ids.id_bytes(str(row["origin"]))
    for one, dek in some:
        found.records += 1
        kind = fault(one, _piece(source, one), origin, dek)
        if kind:
            found.say(
                kind,
                segment=str(row["id"]),
                byte=one.position,
                subject=ids.subject_text(one.subject),
                record=one.record,
            )


def _piece(source: BinaryIO, one: Location) -> bytes:
    """What lies at a location; nothing where it leads out of the file, or the disk does not read it."""
    try:
        inside = one.position >= 0 and 0 <= one.length <= source.seek(0, SEEK_END) - one.position
        source.seek(one.position if inside else 0)
        return source.read(one.length) if inside else b""
    except OSError:
        return b""


def fault(one: Location, sealed: bytes, origin: bytes, dek: bytes) -> str:
    """What is wrong with the bytes at a location; "" when they open under this key to what its row says."""
    if len(sealed) != one.length or len(sealed) < HEADER.size:
        return "record.missing"
    if dek == NO_KEY or not _names(sealed, dek):
        return "record.no-key"
    try:
        opened, payload = open_record(origin, dek, sealed)
        number = unpack(payload)[0]
    except CustodyError:
        return "record.altered"
    same = (opened.subject, opened.record, opened.compartment, opened.schema, opened.revision, number)
    return "" if same == one[: len(same)] else "record.altered"


def _names(sealed: bytes, dek: bytes) -> bool:
    """Whether the header names this key, by the suite that it says it is of."""
    try:
        return suite_of(sealed[SUITE_AT]).key_id(dek) == sealed[KEY_ID]
    except CustodyError:
        return False


def _is_head(data: bytes, origin: bytes) -> bool:
    try:
        return head(data)[0] == origin
    except CustodyError:
        return False
