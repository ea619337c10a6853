"""Records in a segment that no row names: dead, or lost with their row though the key is there (spec/vault.md §24).

Dead is one whose key is in no page: erased, or never handed over; or one that a later revision of the same record replaced, or that came again and lies in another segment, too.
Headers are read from what lies between the places that rows name; whose key is there is told by the pages, not by what the store says was erased.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from os import SEEK_END
from typing import BinaryIO, Final, NamedTuple, cast

from custody.acts.key_backup import key_ids
from custody.acts.surveyed import Survey
from custody.acts.vaults import Keyring, pages
from custody.base import ids
from custody.base.errors import CustodyError, Malformed
from custody.ports.store import Transaction
from custody.vault.page import Sealed
from custody.vault.record import SHORTEST, parse
from custody.vault.segment import FOOT_BYTES, HEAD_BYTES

_MANY: Final = 200_000
"""So many are held at a time, for one passage over the pages."""
_LENGTH: Final = 4


class Unnamed(NamedTuple):
    """A record that no row names, where it lies, and what its header says."""

    segment: str
    position: int
    subject: bytes
    record: int
    revision: int
    key: bytes


class Unkept:
    """Those that a check meets on its way, settled in stretches."""

    def __init__(self, tx: Transaction, ring: Keyring, found: Survey) -> None:
        self._tx, self._ring, self._found = tx, ring, found
        self._near: list[Unnamed] = []

    def look(self, segment: str, source: BinaryIO, named: Iterable[tuple[int, int]]) -> None:
        """What lies beside the places of one segment. A part that is no record is told with the hash of the segment or the place before it."""
        try:
            for one in unnamed(segment, source, named):
                self._near.append(one)
                if len(self._near) >= _MANY:
                    self.settle()
        except (CustodyError, OSError):
            for _ in named:
                pass  # what is at the places that are left is looked at all the same

    def settle(self) -> None:
        """Name those whose key is there."""
        for one in with_key(self._tx, self._ring.vault, self._near, self._ids):
            self._found.say("record.unnamed", segment=one.segment, byte=one.position, subject=ids.subject_text(one.subject),
                            record=one.record)  # fmt: skip
        self._near.clear()

    def _ids(self, page: Sealed) -> set[bytes]:
        try:
            return key_ids(page, self._ring.key, self._ring.generation)
        except CustodyError:
            return set()  # a page that does not open is told by itself


def unnamed(segment: str, source: BinaryIO, named: Iterable[tuple[int, int]]) -> Iterator[Unnamed]:
    """What lies beside the `named` places (position, length), which ascend. Raises Malformed for what is no record."""
    end = HEAD_BYTES
    for position, length in named:
        if position - _LENGTH > end:
            yield from _between(segment, source, end, position - _LENGTH)
        end = max(end, position + length)
    yield from _between(segment, source, end, source.seek(0, SEEK_END) - FOOT_BYTES)


def with_key(
    tx: Transaction, vault: str, some: Sequence[Unnamed], ids_of: Callable[[Sealed], set[bytes]]
) -> list[Unnamed]:
    """Those whose key is in a page, which `ids_of` opens, and that lie nowhere else: nothing that a vault does leaves one behind."""
    wanted, there = {one.key for one in some}, set[bytes]()
    for page in pages(tx, vault) if wanted else ():
        there |= ids_of(page) & wanted
    alive = [one for one in some if one.key in there]
    names = ("subject", "record", "revision", "segment")
    rows = tx.among("record", names, "subject", {one.subject for one in alive}, vault=vault)
    held = {(subject, record): (cast("int", revision), segment) for subject, record, revision, segment in rows}
    return [one for one in alive if not _elsewhere(one, *held.get((one.subject, one.record), (0, "")))]


def _elsewhere(lying: Unnamed, revision: int, segment: object) -> bool:
    """Whether the row of that record is of a later revision, or of the same one in another segment: it came again."""
    return revision > lying.revision or (revision == lying.revision and segment != lying.segment)


def _between(segment: str, source: BinaryIO, start: int, end: int) -> Iterator[Unnamed]:
    while start < end:
        source.seek(start)
        length = int.from_bytes(source.read(_LENGTH))
        if start + _LENGTH + length > end:
            raise Malformed("vault.segment", "What lies between the records of a segment is no record.")
        head = parse(source.read(min(length, SHORTEST)))
        yield Unnamed(segment, start + _LENGTH, head.subject, head.record, head.revision, head.key_id)
        start += _LENGTH + length
