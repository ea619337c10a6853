"""Parquet files (spec/sources.md §5): texts, whole numbers, floats and bytes as they are, everything else as text."""

import datetime as dt
import decimal
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from custody.adapters.sources.dialect import headers
from custody.adapters.sources.digest import sha256
from custody.base.errors import Malformed
from custody.ports.source import Batch, Quarantine, Quarantined, TableHead

_ROWS: Final = 8192
_TOLD: Final = (b"comment", b"description", b"label", b"title")
_WHOLE: Final = (pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32())


@dataclass(slots=True)
class ParquetSource:
    """One file, one table."""

    path: Path
    file: str
    name: str
    _head: TableHead | None = None

    def heads(self) -> Sequence[TableHead]:
        """Its one table. Raises Malformed `file.unreadable`."""
        if self._head is None:
            try:
                schema = parquet.read_schema(self.path)
            except (pa.ArrowException, OSError) as error:
                raise Malformed(
                    "file.unreadable",
                    "The Parquet file cannot be read.",
                    next="Export it again.",
                    where={"file": self.file},
                ) from error
            columns = headers(schema.names)
            told = dict(zip(columns, map(_comment, schema), strict=True))
            self._head = TableHead(self.name, self.file, "parquet", columns, sha256=sha256(self.path), comments=told)
        return [self._head]

    def skipped(self) -> Sequence[Quarantined]:
        """A Parquet file is read whole."""
        return ()

    def read(self, table: str, quarantine: Quarantine) -> Iterator[Batch]:  # noqa: ARG002 - a typed file has no bad rows
        """Stream the rows. Raises Malformed `file.unreadable` when a page is damaged."""
        head = self.heads()[0]
        assert table == head.name
        met = 0
        try:
            with parquet.ParquetFile(self.path) as source:
                for found in source.iter_batches(batch_size=_ROWS):
                    rows = range(met + 1, met + found.num_rows + 1)
                    met += found.num_rows
                    yield Batch(rows, pa.RecordBatch.from_arrays([_plain(one) for one in found.columns], list(head.columns)))  # fmt: skip
        except (pa.ArrowException, OSError) as error:
            raise Malformed(
                "file.unreadable", "The Parquet file is damaged.", next="Export it again.",
                where={"file": self.file, "row": met + 1},
            ) from error  # fmt: skip

    def close(self) -> None:
        """Nothing stays open between reads."""


def _comment(one: pa.Field) -> str:
    """What the file says of a column, under the names that writers use."""
    told = one.metadata or {}
    found = next((told[name] for name in _TOLD if name in told), b"")
    return found.decode("utf-8", "replace")


def _plain(column: pa.Array) -> pa.Array:
    """The column in one of the types that a source may give (model/source.py)."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _plain(column.dictionary_decode())
    if kind in _WHOLE:
        return pc.cast(column, pa.int64())
    if pa.types.is_floating(kind):
        return pc.cast(column, pa.float64())
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return pc.cast(column, pa.binary())
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return pc.cast(column, pa.string())
    return pa.array([None if cell is None else _text(cell) for cell in column.to_pylist()], pa.string())


def _text(cell: Any) -> str:  # noqa: ANN401 - whatever a nested column holds
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, dt.datetime):
        return cell.isoformat(" ")
    if isinstance(cell, list | dict | tuple):
        return json.dumps(cell, ensure_ascii=False, default=_text)
    return format(cell, "f") if isinstance(cell, decimal.Decimal) else str(cell)
