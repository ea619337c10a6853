"""A CSV file written line by line, so that the line and row of every fault is known."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, cast

from custody_sample.facts import BrokenLine, Tally


class _Echo:
    """A file that hands back what csv writes to it."""

    def write(self, line: str) -> str:
        return line


@dataclass(slots=True)
class CsvFile:
    """`path` in `encoding`; `table` is its name in the facts."""

    path: Path
    table: str
    columns: Sequence[str]
    encoding: str
    newline: str
    tally: Tally
    _line: int = 1
    _file: BinaryIO = field(init=False)

    def __enter__(self) -> Self:
        self._file = self.path.open("wb")
        self._put(self.line(self.columns).encode(self.encoding))
        self.tally.rows[self.table] = 0
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def row(self, cells: Sequence[str]) -> None:
        """Write a good row."""
        self._row(self.line(cells).encode(self.encoding))

    def damaged(self, cells: Sequence[str], column: str) -> None:
        """Write a well-formed row in which a spreadsheet has damaged one number."""
        self._broken("number damaged", column)
        self.row(cells)

    def broken(self, data: bytes, reason: str) -> None:
        """Write a line as it stands, line end included."""
        self._broken(reason)
        self._row(data)

    def line(self, cells: Sequence[str]) -> str:
        """One row as text."""
        writer = csv.writer(_Echo(), lineterminator=self.newline)
        return cast("str", writer.writerow(cells))

    def _broken(self, reason: str, column: str = "") -> None:
        row = self.tally.rows[self.table] + 1
        self.tally.broken.append(BrokenLine(self.table, self.path.name, self._line, row, reason, column))

    def _row(self, data: bytes) -> None:
        self.tally.rows[self.table] += 1
        self._put(data)

    def _put(self, data: bytes) -> None:
        self._line += data.count(b"\n")
        self._file.write(data)
