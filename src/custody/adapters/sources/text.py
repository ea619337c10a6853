"""Delimited text (spec/sources.md §3): a fast pass by pyarrow; where it fails, and for unclean files, a slow pass by line.

Both passes give the same text for every good row: nothing is inferred, trimmed or normalised. A row that cannot be
taken in goes to quarantine with its line and reason; its ordinal is counted all the same.
"""

import csv
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
from custody.adapters.sources.lines import lines, plain_encoding
from custody.adapters.sources.records import Shape, records
from custody.adapters.sources.strict import Verdict, inspect
from custody.base.errors import Malformed
from custody.ports.source import Batch, Quarantine, Quarantined, TableHead

_ROWS: Final = 8192
_HEAD: Final = 1 << 18
_MARKS: Final = {"utf-8-sig": 3, "utf-16": 2, "utf-32": 4}


@dataclass(slots=True)
class TextSource:
    """One file, one table. `encoding` is a person's answer when two encodings remain plausible."""

    path: Path
    file: str
    name: str
    tabs: bool = False
    encoding: str = ""
    media: str = "csv"
    _head: TableHead | None = field(default=None)
    _how: dialects.Dialect = field(default_factory=lambda: dialects.Dialect(","))
    _start: bytes = b""
    _verdict: Verdict = field(default_factory=lambda: Verdict(clean=False, flat=False))

    def heads(self) -> Sequence[TableHead]:
        """Its one table. Raises Malformed `encoding.ambiguous`, `encoding.unknown`, `file.empty`."""
        if self._head is None:
            self._head = self._look()
        return [self._head]

    def skipped(self) -> Sequence[Quarantined]:
        """A text file is read whole."""
        return ()

    def read(self, table: str, quarantine: Quarantine) -> Iterator[Batch]:
        """Stream the rows."""
        head = self.heads()[0]
        assert table == head.name
        met = 0
        if self._verdict.clean:
            try:
                for batch in _fast(self.path, head, self._how):
                    met += batch.data.num_rows
                    first = self._how.lines if self._verdict.flat else None
                    lines_of = [None if first is None else first + row for row in batch.rows]
                    yield from _whole(batch, head, quarantine, lines_of)
            except (pa.ArrowInvalid, UnicodeDecodeError):
                pass  # rows up to here came out as they stand; the slow pass goes on behind them
            else:
                return
        yield from self._slow(head, met, quarantine)

    def close(self) -> None:
        """Nothing stays open between reads."""

    def _look(self) -> TableHead:
        found = encodings.survey(self.path)
        if found.blank:
            raise Malformed("file.empty", "The file is empty.", where={"file": self.file})
        name = self.encoding or encodings.decided(found, self.file)
        self._start = found.head[:8]
        try:
            text = found.head[:_HEAD].decode(name, errors="replace").removeprefix("\ufeff")
        except LookupError as error:
            raise Malformed(
                "encoding.unknown", "There is no such encoding.", next="Use utf-8, gb18030, big5, cp1252 or utf-16.",
                where={"file": self.file},
            ) from error  # fmt: skip
        self._how, columns = dialects.detect(text, tabs=self.tabs)
        self._verdict = inspect(self.path, name, self._how.delimiter, utf8=found.utf8)
        told = {"delimiter": self._how.delimiter, "skip": str(self._how.skip)}
        told |= {"header": "none"} if self._how.bare else {}
        return TableHead(self.name, self.file, self.media, columns, name, told, sha256=found.sha256)

    def _slow(self, head: TableHead, known: int, quarantine: Quarantine) -> Iterator[Batch]:
        """The rows behind the first `known` ones, which were clean."""
        encoding = plain_encoding(head.encoding, self._start)
        mark = _MARKS.get(head.encoding, 4 if self._start.startswith(b"\x84\x31\x95\x33") else 0)
        found = lines(self.path, encoding, mark, cr=_ends_with_cr(self.path))
        for _ in range(self._how.lines):
            next(found, None)
        shape = Shape(encoding, head.dialect["delimiter"], len(head.columns))
        kept: list[tuple[int, int, list[str]]] = []
        for ordinal, one in enumerate(records(found, self._how.lines + 1, shape), start=1):
            if ordinal <= known:
                continue
            if one.fault:
                quarantine(Quarantined(head.name, head.file, one.line, ordinal, one.fault, one.detail, one.raw))
                continue
            kept.append((ordinal, one.line, one.cells))
            if len(kept) == _ROWS:
                yield from _whole(_batch(kept, head), head, quarantine, [line for _, line, _ in kept])
                kept = []
        if kept:
            yield from _whole(_batch(kept, head), head, quarantine, [line for _, line, _ in kept])


def _whole(batch: Batch, head: TableHead, quarantine: Quarantine, lines_of: Sequence[int | None]) -> Iterator[Batch]:
    """The batch without the rows in which a spreadsheet has damaged a number."""
    bad = damaged(batch.data)
    for place, column in bad.items():
        detail, raw = f"column {column}", _raw(batch, place)
        quarantine(Quarantined(head.name, head.file, lines_of[place], batch.rows[place], "cell.number_damaged", detail, raw))  # fmt: skip
    if not bad:
        yield batch
        return
    keep = [place for place in range(batch.data.num_rows) if place not in bad]
    if keep:
        yield Batch([batch.rows[place] for place in keep], batch.data.take(pa.array(keep, pa.int64())))


def _fast(path: Path, head: TableHead, how: dialects.Dialect) -> Iterator[Batch]:
    """Rows by pyarrow; ArrowInvalid where one is not as wide as the header."""
    names = [f"c{place}" for place in range(len(head.columns) + how.spare)]
    encoding = "utf8" if head.encoding in {"utf-8", "utf-8-sig"} else head.encoding
    reading = arrow_csv.ReadOptions(
        column_names=names, skip_rows=how.lines, encoding=encoding, block_size=4 << 20, use_threads=False
    )
    parsing = arrow_csv.ParseOptions(
        delimiter=how.delimiter, newlines_in_values=True, ignore_empty_lines=len(head.columns) > 1
    )
    converting = arrow_csv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()), null_values=[], strings_can_be_null=False
    )
    wanted = pa.schema([pa.field(name, pa.string()) for name in head.columns])
    met = 0
    with arrow_csv.open_csv(path, reading, parsing, converting) as reader:
        for found in reader:
            spare = found.columns[len(head.columns) :]
            if any(pa.compute.any(pa.compute.not_equal(column, "")).as_py() for column in spare):
                raise pa.ArrowInvalid("cells beyond the header")
            for start in range(0, found.num_rows, _ROWS):
                part = found.slice(start, _ROWS)
                rows = range(met + 1, met + part.num_rows + 1)
                met += part.num_rows
                yield Batch(rows, pa.RecordBatch.from_arrays(part.columns[: len(head.columns)], schema=wanted))


def _ends_with_cr(path: Path) -> bool:
    """Whether lines end with a carriage return alone, as the first one does."""
    with path.open("rb") as source:
        head = source.read(_HEAD)
    return b"\n" not in head and b"\r" in head


def _batch(kept: list[tuple[int, int, list[str]]], head: TableHead) -> Batch:
    columns = [pa.array(cells, pa.string()) for cells in zip(*(cells for _, _, cells in kept), strict=True)]
    schema = pa.schema([pa.field(name, pa.string()) for name in head.columns])
    return Batch([ordinal for ordinal, _, _ in kept], pa.RecordBatch.from_arrays(columns, schema=schema))


def _raw(batch: Batch, place: int) -> bytes:
    values = [column[place].as_py() for column in batch.data.columns]
    target = io.StringIO()
    csv.writer(target).writerow(values)
    return target.getvalue().encode()
