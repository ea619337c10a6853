"""What was delivered, opened once: records in stretches, each stretch in the order of its keys' pages (spec/package.md §5, docs/architecture.md §8).

Records lie in the order in which they were shipped, their keys on random pages. Of everybody is held the id and where each key
lies; of records a stretch is in memory at a time, and every page is opened once for it.
"""

import hashlib
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import BinaryIO, Final

import numpy as np

from custody.acts.alike import Numbers
from custody.acts.arriving import Taken
from custody.acts.block import Gathering, Ids
from custody.acts.customer_work import Watch, watch
from custody.acts.rows import Value
from custody.base.errors import Broken
from custody.model.datamap import REFERENCE_COMPARTMENT
from custody.package import frames
from custody.package.accept import Slots
from custody.package.frames import Frame
from custody.ports.spill import Entry, Spill
from custody.ports.store import Row
from custody.vault import record as records
from custody.vault.page import SLOTS, slot
from custody.vault.payload import unpack
from custody.vault.segment import SegmentWriter

_STRETCH: Final = 32 << 20
"""Bytes of records that are opened together, and how many at most."""
_MANY: Final = 65_536
_NEAR: Final = 8_192
NOWHERE: Final = 2**32 - 1
_WIDE: Final = 1 << 32


@dataclass(slots=True)
class Roll:
    """Whose keys were delivered: ids in order, and for each compartment where the key of each lies, four bytes a person."""

    ids: Ids
    slots: Mapping[int, "array[int]"]
    pages: Mapping[int, Sequence[int]]
    people: int = 0

    def find(self, owners: Sequence[tuple[bytes, int]]) -> Numbers:
        """Where the key of each (subject, compartment) lies, as one number in the order of the pages; -1 where none was delivered."""
        who = self.ids.find(subject for subject, _ in owners)
        found = np.full(len(owners), -1, dtype=np.int64)
        compartments = np.fromiter((compartment for _, compartment in owners), np.int64, len(owners))
        for compartment, held in self.slots.items():
            mine = np.flatnonzero((compartments == compartment) & (who >= 0))
            place = np.frombuffer(held, dtype=np.uint32)[who[mine]].astype(np.int64)
            found[mine] = np.where(place == NOWHERE, -1, compartment * _WIDE + place)
        return found

    def place(self, number: int) -> tuple[int, int, int]:
        """(compartment, page, slot) of such a number."""
        compartment, place = divmod(number, _WIDE)
        return compartment, self.pages[compartment][place // SLOTS], place % SLOTS


def owners(spill: Spill) -> Iterator[tuple[bytes, dict[int, tuple[int, int]]]]:
    """(subject, {compartment: (page, slot)}) of whose keys were delivered, in the order of their ids."""
    for who, held in groupby(spill.scan("slot", ("subject", "compartment")), itemgetter(0)):
        yield who, {compartment: (page, number) for _, compartment, page, number in held}


def roll(taken: Taken) -> Roll:
    """Everybody whose keys were delivered. Raises Broken `package.leaf-twice`."""
    pages: dict[int, list[int]] = {}
    for compartment, page in sorted(taken.accepted.slots):
        pages.setdefault(compartment, []).append(page)
    rank = {(compartment, page): at for compartment, some in pages.items() for at, page in enumerate(some)}
    slots = {compartment: array("I") for compartment in pages}
    gathered, near, made, keys = Gathering(), list[bytes](), 0, 0
    for who, places in owners(taken.spill):
        near.append(who)
        keys += len(places)
        made += any(compartment != REFERENCE_COMPARTMENT for compartment in places)
        for compartment, held in slots.items():
            at = places.get(compartment)
            held.append(NOWHERE if at is None else rank[compartment, at[0]] * SLOTS + at[1])
        if len(near) >= _NEAR:
            gathered.add(near)
            near = []
    if keys != taken.found.opened:
        raise Broken("package.leaf-twice", "Two leaves name the same part of one customer.", kind="duplicated",
                     next="Ask the seller to ship again; do not use this package.")  # fmt: skip
    gathered.add(near)
    return Roll(gathered.done()[0], slots, pages, made)


def open_all(
    opened: AbstractContextManager[BinaryIO], taken: Taken, everybody: Roll, picking: "Picking | None" = None
) -> None:
    """Open every delivered record of a segment once and put aside where it lies; its row number is read from inside. What was not released is passed over.

    With `picking`, what it takes lies where it put it, and the others are not put aside. Raises Broken `package.records` unless they are exactly those that the leaves of delivered keys name.
    """
    seen = watch(taken.contents, taken.spill)
    opening = _Opening(bytes.fromhex(taken.contents.origin), taken, everybody, picking, seen)
    with opened as source:
        for near in _stretches(frames.read(source)):
            taken.spill.put("came", opening.run(near))
            seen.flush()
    if not taken.match.agree():
        raise Broken("package.records", "The records are not those that the leaf table names.", kind="altered",
                     next="custody verify FOLDER")  # fmt: skip


class Hashed:
    """A file that is hashed as it is read."""

    def __init__(self, source: BinaryIO) -> None:
        self._source, self._digest = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        data = self._source.read(size)
        self._digest.update(data)
        return data

    def hexdigest(self) -> str:
        """Of what was read so far."""
        return self._digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Picking:
    """Records into another segment as they come by, but those whose keys lie where `staying`, ascending, says."""

    writer: SegmentWriter
    staying: Numbers

    def take(self, near: Sequence[Frame], where: Numbers) -> Mapping[int, int]:
        """{number in the stretch: where it lies now} of what is taken."""
        goes = np.flatnonzero((where >= 0) & ~np.isin(where, self.staying, assume_unique=False)).tolist()
        places = self.writer.extend(near[at].sealed for at in goes)
        return {at: position for at, (position, _) in zip(goes, places, strict=True)}


@dataclass(slots=True)
class _Opening:
    """Records of one segment."""

    origin: bytes
    taken: Taken
    everybody: Roll
    picking: Picking | None
    watch: Watch

    def run(self, near: Sequence[Frame]) -> Iterator[Entry]:
        """Those of these records whose key was delivered, and which are taken."""
        heads = [records.parse(frame.sealed) for frame in near]
        where = self.everybody.find([(head.subject, head.compartment) for head in heads])
        lies = {at: frame.offset for at, frame in enumerate(near)} if self.picking is None else self.picking.take(near, where)  # fmt: skip
        order = np.argsort(where, kind="stable")
        order = order[where[order] >= 0]
        for at, number in zip(order.tolist(), where[order].tolist(), strict=True):
            head = heads[at]
            row, values = self._open(near[at], self.everybody.place(number))
            if at in lies:
                self.watch.see(head.subject, head.schema, row, values)
                yield (
                    head.subject, head.record, head.compartment, head.schema, head.revision, row, lies[at], len(near[at].sealed)
                )  # fmt: skip

    def _open(self, frame: Frame, place: tuple[int, int, int]) -> tuple[int, Sequence[Value]]:
        dek = slot(self.taken.accepted.slots[place[:2]], place[2])
        _, payload = records.open_record(self.origin, dek, frame.sealed)
        self.taken.match.hold(hashlib.sha256(frame.sealed).digest(), frame.sealed[:48])
        return unpack(payload)


def located(spill: Spill, vault: str, segment: str) -> Iterator[Row]:
    """The rows of `record`, in the order of their keys: in any other each would be looked for on its own."""
    for subject, record, compartment, schema, revision, row, position, length in spill.scan(
        "came", ("subject", "record")
    ):
        yield {"vault": vault, "segment": segment, "subject": subject, "record": record, "compartment": compartment,
               "schema": schema, "revision": revision, "row": row, "position": position, "length": length}  # fmt: skip


def keys_at(slots: Slots, places: Iterable[tuple[int, int, int]]) -> dict[tuple[int, int, int], bytes]:
    """The keys that lie at these places; pages are opened in their order."""
    return {place: slot(slots[place[:2]], place[2]) for place in sorted(places)}


def _stretches(every: Iterator[Frame]) -> Iterator[list[Frame]]:
    near, held = list[Frame](), 0
    for frame in every:
        near.append(frame)
        held += len(frame.sealed)
        if held >= _STRETCH or len(near) >= _MANY:
            yield near
            near, held = [], 0
    yield near
