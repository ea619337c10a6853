"""Look at everything a vault holds and name what does not agree (spec/vault.md §24): by class and place, never by value.

Classes: `segment.missing`, `segment.changed`, `record.no-key`, `record.altered`, `record.missing`, `record.orphan`,
`key.no-record`, `key.erased`, `subject.page`, `subject.no-key`, `page.altered`, `page.members`, `head`, `file.stray`.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from os import SEEK_END
from typing import Final, NamedTuple, cast

from custody.acts.backing import copy
from custody.acts.erasing import LIVE
from custody.acts.vaults import AUDIT, SUBJECT_BYTES, Keyring, leaves, pages, slot_places
from custody.base import ids
from custody.base.errors import CustodyError, Missing
from custody.ports.files import Files
from custody.ports.store import Row, Transaction
from custody.vault import keyring as rings
from custody.vault.keyid import NO_KEY, key_id
from custody.vault.page import Sealed, open_page, slot
from custody.vault.page import live as live_slots
from custody.vault.payload import unpack
from custody.vault.record import HEADER, open_record
from custody.vault.segment import FOOT_BYTES, HEAD_BYTES, head


class Fault(NamedTuple):
    """One thing that does not agree, and where."""

    kind: str
    where: Mapping[str, str | int]


_TOLD: Final = ("subject", "record", "compartment", "schema", "revision", "row")
_LENGTH: Final = 4
_COUNT: Final = 8


@dataclass(slots=True)
class Survey:
    """What was looked at and what was found."""

    faults: list[Fault] = field(default_factory=list)
    records: int = 0
    keys: int = 0
    pages: int = 0
    segments: int = 0

    def say(self, kind: str, **where: str | int) -> None:
        """Note one fault."""
        self.faults.append(Fault(kind, where))

    def of(self, kind: str) -> list[Fault]:
        """The faults of one class."""
        return [one for one in self.faults if one.kind == kind]


def survey(tx: Transaction, ring: Keyring, files: Files) -> Survey:
    """Open every page and every record of one vault. Holds one segment's locations in memory, never a data set."""
    found = Survey()
    keys = _keys(tx, ring, found)
    subjects = {cast("bytes", row["id"]): slot_places(cast("bytes", row["slots"]))
                for row in tx.scan("subject", order=("id",), vault=ring.vault, state=LIVE)}  # fmt: skip
    _subjects(found, ring, subjects, keys, tx)
    used = set[tuple[int, int, int]]()
    for row in tx.find("segment", order=("id",), vault=ring.vault):
        found.segments += 1
        used |= _segment(tx, ring, files, row, (subjects, keys), found)
    _orphans(tx, ring, found)
    _erased(tx, ring, keys, found)
    for place in sorted(keys.keys() - used):
        if place[0] != AUDIT:
            found.say("key.no-record", compartment=place[0], page=place[1], slot=place[2])
    _strays(tx, ring, files, found)
    return found


def _keys(tx: Transaction, ring: Keyring, found: Survey) -> dict[tuple[int, int, int], bytes]:
    """{place: DEK}; pages that do not open are named and left out."""
    keys: dict[tuple[int, int, int], bytes] = {}
    held: list[Sealed] = []
    for page in pages(tx, ring.vault):
        found.pages += 1
        held.append(page)
        place = page.place.compartment, page.place.page
        try:
            slots = open_page(page, ring.key, ring.generation)
        except CustodyError:
            found.say("page.altered", compartment=place[0], page=place[1])
            continue
        for number in live_slots(slots):
            keys[(*place, number)] = slot(slots, number)
    kept = leaves(tx, ring.vault)
    for page in held:
        if kept.get((page.place.compartment, page.place.page)) != rings.leaf(page.place, page.sealed, page.wrap):
            found.say("head", compartment=page.place.compartment, page=page.place.page)
    try:
        rings.check(ring.head, held)
    except CustodyError:
        found.say("head", generation=ring.generation)
    if tx.count("vault", id=ring.vault, generation=ring.head.generation) != 1:
        found.say("head", generation=ring.generation)
    found.keys = len(keys)
    return keys


def _subjects(
    found: Survey, ring: Keyring, subjects: Mapping[bytes, Mapping[int, tuple[int, int]]],
    keys: Mapping[tuple[int, int, int], bytes], tx: Transaction,
) -> None:  # fmt: skip
    """Each slot of a live subject holds a key, and its page's list of members names that subject there."""
    members: dict[tuple[int, int], bytes] = {}
    for row in tx.scan("page", order=("compartment", "page"), vault=ring.vault):
        compartment, page, listed = (
            cast("int", row["compartment"]),
            cast("int", row["page"]),
            cast("bytes", row["members"]),
        )
        members[compartment, page] = listed
        if row["used"] != len(listed) // SUBJECT_BYTES or row["wrap_g"] != ring.generation:
            found.say("page.members", compartment=compartment, page=page)
        for number in range(len(listed) // SUBJECT_BYTES):
            if (
                any(listed[number * SUBJECT_BYTES : (number + 1) * SUBJECT_BYTES])
                and (compartment, page, number) not in keys
            ):
                found.say("page.members", compartment=compartment, page=page, slot=number)
    for subject, held in subjects.items():
        for compartment, (page, slot_number) in held.items():
            where: dict[str, str | int] = {
                "subject": ids.subject_text(subject),
                "compartment": compartment,
                "page": page,
                "slot": slot_number,
            }
            listed = members.get((compartment, page), b"")
            if (compartment, page) not in members:
                found.say("subject.page", **where)
            elif (compartment, page, slot_number) not in keys:
                found.say("subject.no-key", **where)
            elif listed[slot_number * SUBJECT_BYTES : (slot_number + 1) * SUBJECT_BYTES] != subject:
                found.say("page.members", **where)


def _segment(
    tx: Transaction, ring: Keyring, files: Files, row: Row,
    known: tuple[Mapping[bytes, Mapping[int, tuple[int, int]]], Mapping[tuple[int, int, int], bytes]], found: Survey,
) -> set[tuple[int, int, int]]:  # fmt: skip
    """Every record that lies in one segment, opened; the segment's own hash says what no record's tag covers."""
    subjects, keys = known
    name = str(row["id"])
    wanted: dict[int, list[Row]] = defaultdict(list)
    for each in tx.scan("record", order=("position",), vault=ring.vault, segment=name):
        wanted[cast("int", each["position"])].append(each)
    used = {place for rows in wanted.values() for each in rows if (place := _place(each, subjects)) in keys and place}
    try:
        held = files.open(str(row["file"]))
    except Missing:
        found.say("segment.missing", segment=name, records=len(wanted))
        return used
    with held as source:
        if copy(source, None) != row["sha256"] or source.tell() != row["bytes"]:
            found.say("segment.changed", segment=name)
        source.seek(-FOOT_BYTES + _LENGTH, SEEK_END) if source.tell() >= FOOT_BYTES else None
        if int.from_bytes(source.read(_COUNT)) != row["records"]:
            found.say("segment.changed", segment=name, records=cast("int", row["records"]))
        origin = ids.id_bytes(str(row["origin"]))
        source.seek(0)
        if not _is_head(source.read(HEAD_BYTES), origin):
            found.say("segment.changed", segment=name, byte=0)
        for position, rows in wanted.items():
            for each in rows:
                found.records += 1
                source.seek(position)
                sealed = source.read(cast("int", each["length"]))
                kind = _fault(each, sealed, origin, keys.get(_place(each, subjects) or (0, 0, -1)))
                if kind:
                    found.say(kind, segment=name, byte=position, subject=ids.subject_text(cast("bytes", each["subject"])),
                              record=cast("int", each["record"]))  # fmt: skip
    return used


def _fault(row: Row, sealed: bytes, origin: bytes, dek: bytes | None) -> str:
    if len(sealed) != row["length"] or len(sealed) < HEADER.size:
        return "record.missing"
    if dek is None or dek == NO_KEY or key_id(dek) != sealed[32:48]:
        return "record.no-key"
    try:
        opened, payload = open_record(origin, dek, sealed)
        number = unpack(payload)[0]
    except CustodyError:
        return "record.altered"
    same = (opened.subject, opened.record, opened.compartment, opened.schema, opened.revision, number)
    return "" if same == tuple(row[name] for name in _TOLD) else "record.altered"


def _erased(tx: Transaction, ring: Keyring, keys: Mapping[tuple[int, int, int], bytes], found: Survey) -> None:
    """No erased key is in a page, at its place or anywhere else."""
    live = {key_id(dek) for dek in keys.values()}
    for row in tx.scan("erasure", order=("seq",), vault=ring.vault):
        if row["key_id"] in live:
            found.say("key.erased", compartment=cast("int", row["compartment"]), page=cast("int", row["page"]),
                      slot=cast("int", row["slot"]))  # fmt: skip


def _orphans(tx: Transaction, ring: Keyring, found: Survey) -> None:
    """Rows that lead nowhere: of no live subject, of no segment."""
    live = {row["id"] for row in tx.scan("subject", order=("id",), vault=ring.vault, state=LIVE)}
    segments = {row["id"] for row in tx.find("segment", vault=ring.vault)}
    for row in tx.scan("record", order=("subject", "record"), vault=ring.vault):
        if row["subject"] not in live or row["segment"] not in segments:
            found.say(
                "record.orphan",
                subject=ids.subject_text(cast("bytes", row["subject"])),
                record=cast("int", row["record"]),
            )


def _strays(tx: Transaction, ring: Keyring, files: Files, found: Survey) -> None:
    """Files that no row names: what a crash left, or somebody put there."""
    named = {str(row["file"]) for row in tx.find("segment", vault=ring.vault)}
    for folder in sorted({name.rpartition("/")[0] for name in named}):
        for name in files.list(folder):
            if name not in named:
                found.say("file.stray", file=name)


def _place(row: Row, subjects: Mapping[bytes, Mapping[int, tuple[int, int]]]) -> tuple[int, int, int] | None:
    compartment = cast("int", row["compartment"])
    held = subjects.get(cast("bytes", row["subject"]), {})
    return (compartment, *held[compartment]) if compartment in held else None


def _is_head(data: bytes, origin: bytes) -> bool:
    try:
        return head(data)[0] == origin
    except CustodyError:
        return False
