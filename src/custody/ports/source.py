"""What a source of customer data offers: tables of text as it was written, and everything it could not read.

Rules: values are never inferred or repaired (`0622` and 20-digit numbers are identifiers); a row that cannot be
read is handed to `quarantine` with file, line and reason; rows met = rows yielded + rows quarantined.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A key the source itself declares: `column` here refers to `to_column` of `to_table`."""

    column: str
    to_table: str
    to_column: str


@dataclass(frozen=True, slots=True)
class TableHead:
    """What is known of a table before its rows are read.

    `name` is `stem`, `book.sheet` or `schema.table`, without extension. `file` is the path below the scanned folder
    (or the file name), never a path of the machine. Empty headers become `column_<n>` (n from 1).
    """

    name: str
    file: str
    media: str
    columns: tuple[str, ...]
    encoding: str = ""
    dialect: Mapping[str, str] = field(default_factory=dict)
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows as they stand: `rows[i]` is the 1-based ordinal of the data row behind row i of `data`.

    Text sources give string columns. A typed source (SQLite) gives int64, float64, string or binary columns where a
    column has one type, else a binary column of msgpack cells marked `custody:cells = msgpack` in its field metadata.
    """

    rows: Sequence[int]
    data: pa.RecordBatch


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A row (or a whole file, `row` None) that could not be taken in. `raw` is sealed by whoever keeps it."""

    table: str
    file: str
    line: int | None
    row: int | None
    reason: str
    detail: str = ""
    raw: bytes = b""


Quarantine = Callable[[Quarantined], None]


class Source(Protocol):
    """One file or database that is open for reading, and only for reading."""

    def heads(self) -> Sequence[TableHead]:
        """Its tables, in a stable order."""
        ...

    def read(self, table: str, quarantine: Quarantine) -> Iterator[Batch]:
        """Stream the rows of one table in source order; reading again gives the same rows and ordinals."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...


class SourceOpener(Protocol):
    """Turns what a person names (a file, a folder, a database URL) into sources."""

    def open(self, target: str, quarantine: Quarantine) -> Sequence[Source]:
        """Open `target`; files that cannot be read at all are handed to `quarantine`. Raises Missing, Malformed."""
        ...
