"""Delimited text: a fast strict pass by pyarrow, and only for a file that fails it a salvage pass line by line.

Both passes give the same text for every good row: nothing is inferred, trimmed or normalised. A row that cannot be
taken in goes to quarantine with its line and reason; its ordinal is counted all the same.
"""

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pyarrow as pa
from pyarrow import csv as arrow_csv

from custody.adapters.sources import dialect as dialects
from custody.adapters.sources import encoding as encodings
from custody.adapters.sources.damage import damaged
from custody.base.errors import Malformed
from custody.ports.source import Batch, Quarantine, Quarantined, TableHead

_ROWS: Final = 8192
_OPEN_LINES: Final = 50


@dataclass(slots=True)
class TextSource:
    """One file, one table. `encoding` is a person's answer when two encodings remain plausible."""

    path: Path
    file: str
    name: str
    tabs: bool = False
    encoding: str = ""
    _head: TableHead | None = field(default=None)
    _dialect: dialects.Dialect = field(default_factory=lambda: dialects.Dialect(","))
    _salvage: bool = False

    def heads(self) -> Sequence[TableHead]:
        """Its one table. Raises Malformed `encoding.ambiguous`, `file.empty`."""
        if self._head is None:
            self._head = self._look()
        return [self._head]

    def read(self, table: str, quarantine: Quarantine) -> Iterator[Batch]:
        """Stream the rows."""
        head = self.heads()[0]
        assert table == head.name
        if not self._salvage and self._clean(head):
            return _damage(_fast(self.path, head, self._dialect), head, quarantine)
        self._salvage = True
        return _damage(_batches(_salvage(self.path, head, self._dialect, quarantine), head), head, quarantine)

    def close(self) -> None:
        """Nothing stays open between reads."""

    def _look(self) -> TableHead:
        data = self.path.read_bytes()
        if not data.strip():
            raise Malformed("file.empty", "The file is empty.", where={"file": self.file})
        names = (self.encoding,) if self.encoding else encodings.detect(data)
        if len(names) > 1:
            raise Malformed(
                "encoding.ambiguous",
                f"The file reads as {' and as '.join(names)}; both look right.",
                next=f"Say which: --encoding {self.file}={names[0]}",
                where={"file": self.file},
            )
        if names:
            name = names[0]
        else:
            name, self._salvage = encodings.detect_loose(data), True
        text = data[:200_000].decode(name, errors="replace")
        self._dialect = dialects.detect(text, tabs=self.tabs)
        columns = dialects.headers(_header(text, self._dialect))
        told = {"delimiter": self._dialect.delimiter, "skip": str(self._dialect.skip)}
        digest = hashlib.sha256(data).hexdigest()
        return TableHead(self.name, self.file, "csv", columns, name, told, sha256=digest)

    def _clean(self, head: TableHead) -> bool:
        try:
            for _ in _fast(self.path, head, self._dialect):
                pass
        except (pa.ArrowInvalid, pa.ArrowException, UnicodeDecodeError, ValueError):
            return False
        return True


def _fast(path: Path, head: TableHead, how: dialects.Dialect) -> Iterator[Batch]:
    names = [f"c{place}" for place in range(len(head.columns))]
    encoding = "utf8" if head.encoding in {"utf-8", "utf-8-sig"} else head.encoding
    reading = arrow_csv.ReadOptions(
        column_names=names, skip_rows=how.skip + 1, encoding=encoding, block_size=4 << 20, use_threads=False
    )
    parsing = arrow_csv.ParseOptions(delimiter=how.delimiter, newlines_in_values=True, ignore_empty_lines=False)
    converting = arrow_csv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()), null_values=[], strings_can_be_null=False
    )
    wanted = pa.schema([pa.field(name, pa.string()) for name in head.columns])
    met = 0
    with arrow_csv.open_csv(path, reading, parsing, converting) as reader:
        for found in reader:
            for start in range(0, found.num_rows, _ROWS):
                part = found.slice(start, _ROWS)
                rows = range(met + 1, met + part.num_rows + 1)
                met += part.num_rows
                yield Batch(rows, pa.RecordBatch.from_arrays(part.columns, schema=wanted))


def _salvage(
    path: Path, head: TableHead, how: dialects.Dialect, quarantine: Quarantine
) -> Iterator[tuple[int, list[str]]]:
    ordinal, met = 0, _Met(head, how, quarantine)
    for number, raw in enumerate(_lines(path.read_bytes(), head.encoding), start=1):
        if number <= how.skip + 1:
            continue
        text = met.decode(raw, number, ordinal + 1)
        if text is None:
            ordinal += 1
            continue
        whole = met.join(text, number)
        if whole is None or (not whole.strip("\r\n") and len(head.columns) > 1):
            continue
        ordinal += 1
        cells = met.judge(whole, met.start, ordinal)
        if cells is not None:
            yield ordinal, cells
    for extra, line in enumerate(met.pending.splitlines(keepends=True)):
        ordinal += 1
        cells = met.judge(line, met.start + extra, ordinal)
        if cells is not None:
            yield ordinal, cells


@dataclass(slots=True)
class _Met:
    """Where the salvage pass stands: a row that is still open across lines, and where it began."""

    head: TableHead
    how: dialects.Dialect
    quarantine: Quarantine
    pending: str = ""
    start: int = 0

    def decode(self, raw: bytes, line: int, row: int) -> str | None:
        """The line as text; None, and quarantined, when its bytes are not of the file's encoding."""
        try:
            return raw.decode("utf-8" if self.head.encoding == "utf-8-sig" else self.head.encoding)
        except UnicodeDecodeError:
            self.quarantine(Quarantined(self.head.name, self.head.file, line, row, "row.undecodable", raw=raw))
            return None

    def join(self, text: str, line: int) -> str | None:
        """The whole row that ends with this line; None while a quote is open (for at most 50 lines)."""
        self.start = self.start if self.pending else line
        whole = self.pending + text
        if _open_quote(whole) and whole.count("\n") < _OPEN_LINES:
            self.pending = whole
            return None
        self.pending = ""
        return whole

    def judge(self, text: str, line: int, row: int) -> list[str] | None:
        """The cells of a good row; None, and quarantined, for a bad one."""
        cells = _cells(text, self.how.delimiter)
        reason = _reason(cells, text, len(self.head.columns))
        if reason:
            self.quarantine(Quarantined(self.head.name, self.head.file, line, row, reason, raw=text.encode()))
            return None
        return cells


def _batches(rows: Iterator[tuple[int, list[str]]], head: TableHead) -> Iterator[Batch]:
    schema = pa.schema([pa.field(name, pa.string()) for name in head.columns])
    ordinals: list[int] = []
    kept: list[list[str]] = []
    for ordinal, cells in rows:
        ordinals.append(ordinal)
        kept.append(cells)
        if len(kept) == _ROWS:
            yield _batch(ordinals, kept, schema)
            ordinals, kept = [], []
    if kept:
        yield _batch(ordinals, kept, schema)


def _batch(ordinals: list[int], kept: list[list[str]], schema: pa.Schema) -> Batch:
    columns = [pa.array(cells, pa.string()) for cells in zip(*kept, strict=True)]
    return Batch(ordinals, pa.RecordBatch.from_arrays(columns, schema=schema))


def _damage(batches: Iterator[Batch], head: TableHead, quarantine: Quarantine) -> Iterator[Batch]:
    for batch in batches:
        bad = damaged(batch.data)
        if not bad:
            yield batch
            continue
        for place, column in bad.items():
            row = batch.rows[place]
            detail = f"column {column}"
            quarantine(
                Quarantined(head.name, head.file, None, row, "cell.number_damaged", detail, raw=_raw(batch, place))
            )
        keep = [place for place in range(batch.data.num_rows) if place not in bad]
        yield Batch([batch.rows[place] for place in keep], batch.data.take(pa.array(keep, pa.int64())))


def _raw(batch: Batch, place: int) -> bytes:
    values = [column[place].as_py() for column in batch.data.columns]
    target = io.StringIO()
    csv.writer(target).writerow(values)
    return target.getvalue().encode()


def _lines(data: bytes, encoding: str) -> Iterator[bytes]:
    if encoding == "utf-8-sig":
        data = data.removeprefix(b"\xef\xbb\xbf")
    if encoding.startswith("utf-16"):
        text = data.decode(encoding, errors="replace")
        yield from (line.encode(encoding) for line in text.splitlines(keepends=True))
        return
    yield from io.BytesIO(data)


def _header(text: str, how: dialects.Dialect) -> list[str]:
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=how.delimiter)
    for _ in range(how.skip):
        next(rows, None)
    return next(rows, [])


def _cells(text: str, delimiter: str) -> list[str] | None:
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def _reason(cells: list[str] | None, text: str, width: int) -> str:
    if cells is None:
        return "row.quote"
    if "\0" in text:
        return "row.nul"
    return "" if len(cells) == width else "row.ragged"


def _open_quote(text: str) -> bool:
    return text.count('"') % 2 == 1
