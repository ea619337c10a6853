"""Open what a vault holds, table by table, and put rows together again from their compartments."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import BinaryIO, Final, Self, TypeVar, cast

from custody.acts.desk import Desk
from custody.acts.vaults import Keyring, open_keyring, slot_places, slots_of
from custody.base import canonical, ids
from custody.base.errors import Broken, Malformed, Missing, Unavailable
from custody.ports.store import OneOf, Row, Transaction
from custody.vault.page import slot
from custody.vault.payload import Value, unpack
from custody.vault.record import Header, open_record

_PAGES: Final = 2_048
"""So many key pages stay open, the newest: 64 MB."""
_FILES: Final = 64
_NEAR: Final = 4_096
"""Records that are opened together."""
_SAYS: Final = ("subject", "record", "compartment", "schema", "revision")
"""What a header and its location both say."""
_PLACES: Final = ("segment", "position", "length")
_NO_FILE: Final = "files.missing"
UNREAD: Final = (Broken, Malformed, Missing, OSError)
"""What is raised of a record that nobody can read now, though what it lies on answers."""
_NOTHING: Final[Mapping[bytes, Collection[int]]] = {}
Key = TypeVar("Key")
Held = TypeVar("Held")


@dataclass(frozen=True, slots=True)
class Layout:
    """A record layout: its table, where its values go in the row, and whether it carries the row's key."""

    number: int
    table: str
    columns: tuple[str, ...]
    places: tuple[int, ...]
    home: bool


@dataclass(slots=True)
class RowAgain:
    """A row as far as it was delivered: values by place, and the payload of each layout."""

    values: dict[int, Value] = field(repr=False)
    payloads: dict[int, bytes] = field(repr=False)
    home: bool = False


class Gone(Missing):
    """A record that went since this transaction began, and its file with it: erased or corrected, not lost."""


class Reader:
    """Opens records of one vault within one reading transaction, as they were when it began, also where a compaction moves them meanwhile."""

    def __init__(
        self,
        desk: Desk,
        tx: Transaction,
        vault: str,
        only: Collection[bytes] | None = None,
        lost: Counter[bytes] | None = None,
    ) -> None:
        """`only` are the subjects to open; nobody else's slots are looked up then, until `turn_to` says who is next.

        `lost` counts, by subject, records that `put` and `opened` pass over since nobody can read them; without it `put` raises.
        """
        self._desk, self._tx, self._vault = desk, tx, vault
        self._ring: Keyring = open_keyring(desk, tx, vault)
        self._pages: dict[tuple[int, int], bytearray] = {}
        self._slots = self._slots_of(only)
        self._segments: dict[str, tuple[bytes, BinaryIO]] = {}
        self._lost = lost
        self.layouts = {one.number: one for one in _layouts(tx, vault)}

    def turn_to(self, only: Collection[bytes]) -> None:
        """Open the records of these subjects from here on: for stretches of a vault that is larger than memory."""
        self._slots = self._slots_of(only)

    def columns(self) -> dict[str, tuple[str, ...]]:
        """{table: column names}, for every table of the vault."""
        found = {}
        for row in self._tx.find("tally", order=("tbl",), vault=self._vault):
            told = cast("dict[str, list[list[str]]]", canonical.decode(cast("bytes", row["columns"])))
            found[str(row["tbl"])] = tuple(one[0] for one in told["columns"])
        return found

    def rows(self, name: str, shut: Mapping[bytes, Collection[int]] = _NOTHING) -> Iterator[tuple[int, RowAgain]]:
        """(source row, what of it is held) of one table, in source order; of the people only a stretch is known at a time. What is `shut` of somebody is not opened."""
        numbers = [one.number for one in self.layouts.values() if one.table == name]
        found = self._tx.scan("record", (OneOf("schema", numbers),), order=("row", "schema"), vault=self._vault)
        held: dict[int, RowAgain] = {}
        while near := list(islice(found, _NEAR)):
            self.turn_to({cast("bytes", record["subject"]) for record in near})
            for record in near:
                if record["compartment"] in shut.get(cast("bytes", record["subject"]), ()):
                    continue
                self._put(self.layouts[cast("int", record["schema"])], record, held)
            yield from _before(held, cast("int", near[-1]["row"]))
        yield from held.items()

    def put(self, record: Row, tables: dict[str, dict[int, RowAgain]]) -> None:
        """Open one record into its row of its table."""
        layout = self.layouts[cast("int", record["schema"])]
        try:
            self._put(layout, record, tables.setdefault(layout.table, {}))
        except UNREAD:
            if self._lost is None:
                raise
            self._lost[cast("bytes", record["subject"])] += 1

    def opened(self, record: Row) -> bytes | None:
        """As `open`; None, and counted, where nobody can read it: its file is lost, it rotted, another lies in its place. What it lies on must answer all the same."""
        try:
            return self.open(record)
        except Gone:
            return None
        except UNREAD:
            if self._lost is not None:
                self._lost[cast("bytes", record["subject"])] += 1
            return None

    def lies(self, record: Row) -> bool:
        """Whether the file is there in which a record lies, as far as this transaction knows."""
        try:
            self._segment(self._tx, str(record["segment"]))
        except (Missing, OSError):
            return False
        return True

    def _put(self, layout: Layout, record: Row, rows: dict[int, RowAgain]) -> None:
        payload = self.open(record)
        number, values = unpack(payload)
        if number != record["row"]:
            raise _misplaced(record)
        row = rows.setdefault(number, RowAgain({}, {}))
        row.values |= dict(zip(layout.places, values, strict=True))
        row.payloads[layout.number] = payload
        row.home = row.home or layout.home

    def open(self, record: Row) -> bytes:
        """The payload of one record. Raises Broken `vault.misplaced` when the store's location leads to another one of the same key, else as `open_record`."""
        subject, compartment = cast("bytes", record["subject"]), cast("int", record["compartment"])
        page, number = self._slots[subject][compartment]
        if (compartment, page) not in self._pages:
            _make_room(self._pages, _PAGES)
            self._pages[compartment, page] = slots_of(self._tx, self._ring, compartment, page)
        key = slot(self._pages[compartment, page], number)
        try:
            header, payload = self._open(self._tx, record, key)
        except Missing as error:
            if error.slug != _NO_FILE:
                raise
            header, payload = self._moved(record, key, error)
        # The key and the tag say that this record is whole; only the location says that it is the one that was asked for.
        if any(getattr(header, name) != record[name] for name in _SAYS):
            raise _misplaced(record)
        return payload

    def _open(self, tx: Transaction, record: Row, key: bytes) -> tuple[Header, bytes]:
        """From where a transaction says that it lies. Raises Missing `files.missing`, else as `open_record`."""
        origin, source = self._segment(tx, str(record["segment"]))
        source.seek(cast("int", record["position"]))
        return open_record(origin, key, source.read(cast("int", record["length"])))

    def _moved(self, record: Row, key: bytes, error: Missing) -> tuple[Header, bytes]:
        """What a compaction moved since this transaction began, and took the file of, from where it lies now: it is the same sealed bytes.

        Raises `error` where the file is lost, `Gone` where the record is, Unavailable `vault.raced` where it was sealed anew.
        """
        with self._desk.store.read() as tx:
            now = _as_of_now(tx, self._vault, record)
            if now is None:
                raise Gone(error.slug, str(error)) from error
            if now["segment"] == record["segment"]:
                raise error
            try:
                return self._open(tx, now, key)
            except Broken as other:
                if other.slug != "vault.key":
                    raise
                raise Unavailable("vault.raced", "Another writer changed what was being read.", retry=True, next="Run it again.") from other  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the segments."""
        for _, source in self._segments.values():
            source.close()
        self._pages.clear()

    def _slots_of(self, only: Collection[bytes] | None) -> dict[bytes, dict[int, tuple[int, int]]]:
        alive, names = {"vault": self._vault, "state": "live"}, ("id", "slots")
        rows = (self._tx.columns("subject", names, **alive) if only is None
                else self._tx.among("subject", names, "id", only, **alive))  # fmt: skip
        return {cast("bytes", subject): slot_places(cast("bytes", slots)) for subject, slots in rows}

    def _segment(self, tx: Transaction, name: str) -> tuple[bytes, BinaryIO]:
        if name not in self._segments:
            for _, source in _make_room(self._segments, _FILES):
                source.close()
            row = tx.find("segment", vault=self._vault, id=name)[0]
            source = self._desk.files.open(str(row["file"]))
            self._segments[name] = (ids.id_bytes(str(row["origin"])), source)
        return self._segments[name]


def _as_of_now(tx: Transaction, vault: str, record: Row) -> Row | None:
    """Where these same bytes lie by now; None where no row names them any more."""
    found = [
        row
        for table in ("record", "revision")
        for row in tx.find(table, vault=vault, subject=record["subject"], record=record["record"], revision=record["revision"])
    ]  # fmt: skip
    return {**record, **{name: found[0][name] for name in _PLACES}} if found else None


def _before(held: dict[int, RowAgain], last: int) -> Iterator[tuple[int, RowAgain]]:
    """Take off the rows that are whole: those before the last, of which more may come."""
    for number in [one for one in held if one < last]:
        yield number, held.pop(number)


def _make_room(held: dict[Key, Held], most: int) -> list[Held]:
    """Let the oldest go until one more fits; what went."""
    return [held.pop(key) for key in list(held)[: max(0, len(held) + 1 - most)]]


def _misplaced(record: Row) -> Broken:
    return Broken("vault.misplaced", "Another record lies where this one should.", kind="swapped",
                  where={"record": cast("int", record["record"])}, next="custody vault check")  # fmt: skip


def _layouts(tx: Transaction, vault: str) -> Iterator[Layout]:
    for row in tx.find("schema", order=("number",), vault=vault):
        told = cast("Mapping[str, list[str]]", canonical.decode(cast("bytes", row["columns"])))
        places = tuple(cast("list[int]", told["places"]))
        yield Layout(cast("int", row["number"]), str(row["tbl"]), tuple(told["columns"]), places, bool(told["home"]))
