"""Workbooks (spec/sources.md §4) through calamine: every sheet a table, title rows skipped, cells as text.

A numeric cell of more than 15 digits is already damaged in the file (a spreadsheet keeps 15): its row is quarantined.
A text cell of 18 digits is not: which of the two a cell is, the file says.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import python_calamine as calamine

from custody.adapters.sources.compound import circles, stream
from custody.adapters.sources.damage import lost
from custody.adapters.sources.dialect import bare, headers
from custody.adapters.sources.digest import sha256
from custody.adapters.sources.faulty import Faults, faults
from custody.base.errors import Malformed
from custody.ports.source import Batch, Quarantine, Quarantined, TableHead

_ROWS: Final = 8192
_TITLES: Final = 10
_VISIBLE: Final = calamine.SheetVisibleEnum.Visible


@dataclass(frozen=True, slots=True)
class _Sheet:
    head: TableHead
    name: str
    skip: int


@dataclass(slots=True)
class WorkbookSource:
    """One workbook; its tables are `book.sheet`."""

    path: Path
    file: str
    name: str
    _sheets: dict[str, _Sheet] = field(default_factory=dict)
    _skipped: list[Quarantined] = field(default_factory=list)
    _book: Any = None
    _open: tuple[str, Any] = ("", None)
    _faulty: dict[str, Faults] = field(default_factory=dict)

    def heads(self) -> Sequence[TableHead]:
        """Its sheets that hold anything. Raises Malformed `file.encrypted`, `file.unreadable`, `file.empty`."""
        if self._book is None:
            self._look()
        return [sheet.head for sheet in self._sheets.values()]

    def skipped(self) -> Sequence[Quarantined]:
        """Sheets without rows, charts."""
        self.heads()
        return self._skipped

    def read(self, table: str, quarantine: Quarantine) -> Iterator[Batch]:
        """Stream the rows of one sheet; rows without any content are none."""
        self.heads()
        sheet, ordinal = self._sheets[table], 0
        width = len(sheet.head.columns)
        ordinals: list[int] = []
        kept: list[list[str]] = []
        for place, cells in enumerate(self._rows(sheet.name)):
            if place <= sheet.skip or not any(cell != "" for cell in cells):
                continue
            ordinal += 1
            texts = [_text(cell) for cell in cells[:width]]
            texts += [""] * (width - len(texts))
            if bad := [name for name, cell in zip(sheet.head.columns, cells, strict=False) if lost(cell)]:
                raw = "\t".join(texts).encode()
                quarantine(Quarantined(table, self.file, place + 1, ordinal, "cell.number_damaged", f"column {bad[0]}", raw))  # fmt: skip
                continue
            ordinals.append(ordinal)
            kept.append(texts)
            if len(kept) == _ROWS:
                yield _batch(ordinals, kept, sheet.head)
                ordinals, kept = [], []
        if kept:
            yield _batch(ordinals, kept, sheet.head)

    def close(self) -> None:
        """Let the workbook go; it is opened again when it is needed."""
        self._book, self._open = None, ("", None)

    def _look(self) -> None:
        try:
            _refuse_locked(self.path)
            if circles(self.path):
                raise ValueError  # noqa: TRY301 - told below, as every other way in which a workbook cannot be read
            self._book = calamine.load_workbook(self.path)
            sheets = list(self._book.sheets_metadata)
            known = dict(self._sheets)
            if known:
                return
            digest = sha256(self.path)
            for one in sheets:
                self._meet(one, digest)
            self._open = ("", None)  # many workbooks may be open at once: none keeps a sheet until it is read
        except calamine.PasswordError as error:
            raise Malformed(
                "file.encrypted", "The workbook has a password.", next="Save it again without a password.",
                where={"file": self.file},
            ) from error  # fmt: skip
        except (calamine.CalamineError, OSError, ValueError) as error:
            raise Malformed(
                "file.unreadable", "The workbook cannot be read.", next="Open it and save it again as .xlsx.",
                where={"file": self.file},
            ) from error  # fmt: skip
        if not self._sheets:
            raise Malformed("file.empty", "The workbook is empty.", where={"file": self.file})

    def _meet(self, one: Any, digest: str) -> None:  # noqa: ANN401 - the library's metadata object
        name = f"{self.name}.{one.name}"
        if one.typ != calamine.SheetTypeEnum.WorkSheet:
            self._skipped.append(Quarantined(name, self.file, None, None, "sheet.chart"))
            return
        rows = self._rows(one.name)
        first = [cells for _, cells in zip(range(20), rows, strict=False)]
        skip = _titles(first)
        named = _named(first[skip]) if first else 0
        # A cell filled beyond the named ones makes its column one, wherever it stands.
        width = max([named, *(_named(cells) for cells in first[skip:]), *map(_named, rows)])
        if not width:
            self._skipped.append(Quarantined(name, self.file, None, None, "sheet.empty"))
            return
        header = [_text(cell) for cell in first[skip][:width]]
        told = {"sheet": one.name, "skip": str(skip)}
        below = [[_text(cell) for cell in cells] for cells in first[skip + 1 :]]
        if bare(header, below):
            header, skip, told["header"] = [], skip - 1, "none"
        columns = headers([*header, *[""] * (width - len(header))])
        if one.visible != _VISIBLE:
            told["hidden"] = "yes"
        media = self.path.suffix.lower().removeprefix(".") or "xlsx"
        self._sheets[name] = _Sheet(TableHead(name, self.file, media, columns, "", told, sha256=digest), one.name, skip)

    def _rows(self, sheet: str) -> Iterator[list[Any]]:
        """The rows of a sheet from the first on; the sheet read last is kept, for parsing is the costly part."""
        if self._open[0] != sheet:
            self._open = (sheet, self._book.get_sheet_by_name(sheet))
        if sheet not in self._faulty:
            self._faulty[sheet] = faults(self.path, sheet)
        found: Iterator[list[Any]] = self._open[1].iter_rows()
        return (
            _restored(found, self._faulty[sheet], (self._open[1].start or (0, 0))[1]) if self._faulty[sheet] else found
        )


def _refuse_locked(path: Path) -> None:
    """A new workbook under a password is a compound file whatever its name ends with. Raises calamine.PasswordError."""
    if stream(path, ("EncryptedPackage",)) is not None:
        raise calamine.PasswordError


def _restored(rows: Iterator[list[Any]], lost: Faults, first: int) -> Iterator[list[Any]]:
    """The rows with the errors that calamine left out, as text in their cells."""
    by_row: dict[int, dict[int, str]] = {}
    for (row, column), text in lost.items():
        by_row.setdefault(row, {})[column - first] = text
    for place, cells in enumerate(rows):
        for column, text in by_row.get(place, {}).items():
            if 0 <= column < len(cells) and cells[column] == "":
                cells[column] = text
        yield cells


def _batch(ordinals: list[int], kept: list[list[str]], head: TableHead) -> Batch:
    columns = [pa.array(cells, pa.string()) for cells in zip(*kept, strict=True)]
    schema = pa.schema([pa.field(name, pa.string()) for name in head.columns])
    return Batch(ordinals, pa.RecordBatch.from_arrays(columns, schema=schema))


def _text(cell: object) -> str:
    """What a person sees, as far as the cell's value tells it."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else format(Decimal(repr(cell)), "f")
    if isinstance(cell, dt.datetime):
        return cell.isoformat(" ", "seconds" if not cell.microsecond else "auto")
    return str(cell)  # int, date (ISO), time, a span of time


def _named(cells: Sequence[object]) -> int:
    """How many cells there are up to the last that says something."""
    count = len(cells)
    while count and not str(cells[count - 1]).strip():
        count -= 1
    return count


def _titles(rows: Sequence[Sequence[object]]) -> int:
    """Which row is the header: the first that fills nearly as many cells as the fullest one."""
    filled = [sum(1 for cell in row if str(cell).strip()) for row in rows]
    width = max(filled, default=0)
    return next((place for place, count in enumerate(filled[:_TITLES]) if count and count >= max(1, width - 1)), 0)
