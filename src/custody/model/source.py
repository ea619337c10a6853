"""What a source holds, as nouns: its tables, the rows as they stand, and what could not be taken in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

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
    (or the file name), never a path of the machine. Empty headers become `column_<n>` (n from 1). `comments` are what the
    source itself says of its columns, `comment` what it says of the table.
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
    comments: Mapping[str, str] = field(default_factory=dict)
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows as they stand: `rows[i]` is the 1-based ordinal of the data row behind row i of `data`.

    Text sources give string columns. A typed source (SQLite) gives int64, float64, string or binary columns where a
    column has one type, else a binary column of msgpack cells marked `custody:cells = msgpack` in its field metadata.
    """

    rows: Sequence[int]
    data: pa.RecordBatch


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file reads in an encoding that may be the right one: cells of its header, and letters met in it where that does not tell."""

    encoding: str
    cells: tuple[str, ...]
    letters: str = ""


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
