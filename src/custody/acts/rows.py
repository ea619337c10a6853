"""Arrow batches as rows of plain values, the same way for whoever seals, re-reads or compares."""

from collections.abc import Iterator, Sequence

import msgpack
import pyarrow as pa

from custody.ports.source import Batch

Value = str | int | float | bytes | bool | None


def columns(batch: Batch) -> list[list[Value]]:
    """The batch column by column; cells of a mixed column are unpacked (see `ports.source.Batch`)."""
    return [cells(batch, place) for place in range(batch.data.num_columns)]


def cells(batch: Batch, place: int) -> list[Value]:
    """One column of the batch."""
    return _cells(batch.data.schema.field(place), batch.data.column(place))


def rows(batch: Batch) -> Iterator[tuple[int, tuple[Value, ...]]]:
    """(ordinal, values) for each row of the batch."""
    found = columns(batch)
    values: Iterator[tuple[Value, ...]] = zip(*found, strict=True) if found else iter([()] * len(batch.rows))
    return zip(batch.rows, values, strict=True)


def key_text(value: Value) -> str:
    """A key as it is compared between tables: text, without the blanks around it; '' is no key."""
    return "" if value is None else str(value).strip()


def _cells(field: pa.Field, column: pa.Array) -> list[Value]:
    cells: list[Value] = column.to_pylist()
    if (field.metadata or {}).get(b"custody:cells") != b"msgpack":
        return cells
    return [None if cell is None else msgpack.unpackb(cell) for cell in cells if not isinstance(cell, str)]


def pick(values: Sequence[Value], places: Sequence[int]) -> tuple[Value, ...]:
    """The values at `places`, in that order."""
    return tuple(values[place] for place in places)
