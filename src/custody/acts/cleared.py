"""The filtered copy behind a shipment: cleared records byte for byte as they lie, and what leaves need to know of them.

One pass over the rows in the order of the segments; neighbours on disk are read in one go, the gaps between them with
them, so that a record costs no call of its own.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import count, groupby, islice
from operator import itemgetter
from typing import BinaryIO, Final, NamedTuple, cast

from custody.base.errors import Broken
from custody.ports.files import Files
from custody.ports.store import Transaction

_SPAN: Final = 1 << 20
_NEAR: Final = 4_096
_COLUMNS: Final = ("segment", "position", "length", "subject", "compartment", "record", "revision", "schema")

Owner = tuple[bytes, int]
_Row = tuple[str, int, int, bytes, int, int, int, int]


class Copied(NamedTuple):
    """One record that was copied: its number among all that were, and what its leaf says of it."""

    record: int
    revision: int
    schema: int
    number: int


class ClearedRecords:
    """Iterate once for the sealed records; `of` then holds what was copied, by (subject, compartment)."""

    def __init__(
        self, tx: Transaction, files: Files, vault: str, cleared: Callable[[Iterable[Owner]], Iterator[bool]]
    ) -> None:
        self._tx, self._files, self._vault, self._cleared = tx, files, vault, cleared
        self._number = count()
        self.of: dict[Owner, list[Copied]] = defaultdict(list)

    def __iter__(self) -> Iterator[bytes]:
        files = {str(row["id"]): str(row["file"]) for row in self._tx.find("segment", vault=self._vault)}
        for segment, rows in groupby(self._rows(), key=itemgetter(0)):
            with self._files.open(files[segment]) as source:
                yield from self._copy(source, rows)

    def _rows(self) -> Iterator[_Row]:
        found = self._tx.columns("record", _COLUMNS, order=("segment", "position"), vault=self._vault)
        rows = (cast("_Row", one) for one in found)
        while near := list(islice(rows, _NEAR)):
            goes = self._cleared((row[3], row[4]) for row in near)
            yield from (row for row, one in zip(near, goes, strict=True) if one)

    def _copy(self, source: BinaryIO, rows: Iterable[_Row]) -> Iterator[bytes]:
        for start, near in _spans(rows):
            _, last, length, *_ = near[-1]
            source.seek(start)
            block = source.read(last + length - start)
            if len(block) != last + length - start:
                raise Broken("ship.short", "A segment ends before its last record.", kind="missing",
                             next="custody vault check")  # fmt: skip
            for _, position, size, subject, compartment, record, revision, schema in near:
                self.of[subject, compartment].append(Copied(record, revision, schema, next(self._number)))
                yield block[position - start : position - start + size]


def _spans(rows: Iterable[_Row]) -> Iterator[tuple[int, list[_Row]]]:
    """(first byte, rows) of stretches of about a megabyte."""
    near: list[_Row] = []
    for row in rows:
        if near and row[1] + row[2] - near[0][1] > _SPAN:
            yield near[0][1], near
            near = []
        near.append(row)
    if near:
        yield near[0][1], near
