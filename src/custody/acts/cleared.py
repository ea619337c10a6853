"""The filtered copy behind a shipment: cleared records byte for byte as they lie, and what leaves need to know of them.

One pass over the rows in the order of the segments; neighbours on disk are read in one go, the gaps between them with
them, so that a record costs no call of its own.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby, islice
from operator import itemgetter
from typing import BinaryIO, Final, cast

from custody.acts.block import NOWHERE
from custody.acts.copied import Copied
from custody.acts.verdicts import Owner
from custody.base.errors import Broken
from custody.ports.files import Files
from custody.ports.store import Transaction

_SPAN: Final = 1 << 20
_NEAR: Final = 4_096
_COLUMNS: Final = ("segment", "position", "length", "subject", "compartment", "record", "revision", "schema")

_Row = tuple[str, int, int, int, int, int, int, int]
"""As `_COLUMNS`, but for the subject: their place among everybody."""


class ClearedRecords:
    """Iterate once for the sealed records; `copied` is told of each. `cleared` says whose a record is that goes, else NOWHERE."""

    def __init__(
        self, tx: Transaction, files: Files, vault: str, cleared: Callable[[Iterable[Owner]], Iterator[int]],
        copied: Callable[[Copied], None],
    ) -> None:  # fmt: skip
        self._tx, self._files, self._vault, self._cleared, self._copied = tx, files, vault, cleared, copied

    def __iter__(self) -> Iterator[bytes]:
        files = {str(row["id"]): str(row["file"]) for row in self._tx.find("segment", vault=self._vault)}
        for segment, rows in groupby(self._rows(), key=itemgetter(0)):
            with self._files.open(files[segment]) as source:
                yield from self._copy(source, rows)

    def _rows(self) -> Iterator[_Row]:
        found = self._tx.columns("record", _COLUMNS, order=("segment", "position"), vault=self._vault)
        rows = cast("Iterator[tuple[str, int, int, bytes, int, int, int, int]]", found)
        while near := list(islice(rows, _NEAR)):
            whose = self._cleared((row[3], row[4]) for row in near)
            yield from (
                (row[0], row[1], row[2], who, *row[4:]) for row, who in zip(near, whose, strict=True) if who != NOWHERE
            )

    def _copy(self, source: BinaryIO, rows: Iterable[_Row]) -> Iterator[bytes]:
        copied = self._copied
        for start, near in _spans(rows):
            _, last, length, *_ = near[-1]
            source.seek(start)
            block = source.read(last + length - start)
            if len(block) != last + length - start:
                raise Broken("ship.short", "A segment ends before its last record.", kind="missing",
                             next="custody vault check")  # fmt: skip
            for _, position, size, who, *said in near:
                copied(Copied(who, *said))
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
