"""A table measured in one streaming pass: shapes of all cells, and the distinct values that joins are proposed from."""

from dataclasses import dataclass, field
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from custody.classify.names import GIVEN, SURNAMES
from custody.classify.patterns import Shape, measure
from custody.ports.source import Batch, TableHead

DISTINCT_CAP: Final = 400_000
_NAME_SAMPLE: Final = 500


@dataclass(slots=True)
class ColumnProfile:
    """What was seen of one column. `values` are hashes of distinct cells, up to a cap."""

    name: str
    shape: Shape = field(default_factory=Shape)
    values: set[int] = field(default_factory=set)
    capped: bool = False
    text: bool = True
    sampled: int = 0

    @property
    def distinct_share(self) -> int:
        """Distinct values per hundred filled cells."""
        return 100 * len(self.values) // self.shape.filled if self.shape.filled else 0


@dataclass(slots=True)
class TableProfile:
    """The profile of a whole table."""

    head: TableHead
    columns: list[ColumnProfile]
    rows: int = 0


class Profiler:
    """Feed it every batch of one table."""

    def __init__(self, head: TableHead) -> None:
        self._profile = TableProfile(head, [ColumnProfile(name) for name in head.columns])

    def update(self, batch: Batch) -> None:
        """Take in one batch."""
        self._profile.rows += len(batch.rows)
        for column, cells in zip(self._profile.columns, batch.data.columns, strict=True):
            column.text = pa.types.is_string(cells.type)
            text = measure(
                column.shape, pc.cast(cells, pa.string()) if not pa.types.is_binary(cells.type) else _blank(cells)
            )
            _distinct(column, text)
            if column.sampled < _NAME_SAMPLE:
                _names(column, text.slice(0, _NAME_SAMPLE))

    def finish(self) -> TableProfile:
        """The profile."""
        return self._profile


def _blank(cells: pa.Array) -> pa.Array:
    return pa.array([""] * len(cells), pa.string())


def _distinct(column: ColumnProfile, text: pa.Array) -> None:
    if column.capped:
        return
    column.values.update(hash(value) for value in pc.unique(text).to_pylist())
    column.capped = len(column.values) > DISTINCT_CAP


def _names(column: ColumnProfile, text: pa.Array) -> None:
    for value in text.to_pylist():
        column.sampled += 1
        if value[0] in SURNAMES and 2 <= len(value) <= 4 and not value.isascii():
            column.shape.surname += 1
        words = value.replace(".", " ").replace("-", " ").lower().split()
        if words and len(words) <= 4 and any(word in GIVEN for word in words):
            column.shape.given += 1
