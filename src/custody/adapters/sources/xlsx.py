"""Workbooks through fastexcel: every sheet a table, every cell the text a person sees, title rows skipped.

A numeric cell of more than 15 digits is already damaged in the file (a spreadsheet keeps 15): its row is quarantined.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import fastexcel
import pyarrow as pa

from custody.adapters.sources.dialect import headers
from custody.base.errors import Malformed
from custody.ports.source import Batch, Quarantine, Quarantined, TableHead

_ROWS: Final = 8192
_DIGITS: Final = 10**15
_SCIENTIFIC: Final = re.compile(r"-?\d(\.\d+)?[Ee]\+1[1-9]")


@dataclass(slots=True)
class WorkbookSource:
    """One workbook; its tables are `book.sheet`."""

    path: Path
    file: str
    name: str
    _heads: dict[str, tuple[TableHead, str, int]] = field(default_factory=dict)
    _book: fastexcel.ExcelReader | None = None

    def heads(self) -> Sequence[TableHead]:
        """Its sheets that hold anything. Raises Malformed `file.unreadable`."""
        if self._book is None:
            self._open()
        return [head for head, _, _ in self._heads.values()]

    def read(self, table: str, quarantine: Quarantine) -> Iterator[Batch]:
        """Stream the rows of one sheet."""
        self.heads()
        head, sheet, skip = self._heads[table]
        texts, numbers = self._cells(sheet, "string"), self._numbers(sheet)
        rows, ordinals, ordinal = [], [], 0
        schema = pa.schema([pa.field(name, pa.string()) for name in head.columns])
        for place, cells in enumerate(texts[skip + 1 :], start=skip + 1):
            padded = [*cells, *[""] * (len(head.columns) - len(cells))][: len(head.columns)]
            if not any(padded):
                continue
            ordinal += 1
            cells_seen = zip(head.columns, padded, numbers[place], strict=False)
            bad = [column for column, text, value in cells_seen if _lost(text, value)]
            if bad:
                raw = "\t".join(padded).encode()
                detail = f"column {bad[0]}"
                quarantine(Quarantined(table, head.file, place + 1, ordinal, "cell.number_damaged", detail, raw))
                continue
            rows.append(padded)
            ordinals.append(ordinal)
        for start in range(0, len(rows), _ROWS):
            part = rows[start : start + _ROWS]
            columns = [pa.array(cells, pa.string()) for cells in zip(*part, strict=True)]
            yield Batch(ordinals[start : start + _ROWS], pa.RecordBatch.from_arrays(columns, schema=schema))

    def close(self) -> None:
        """Let the workbook go."""
        self._book = None

    def _open(self) -> None:
        data = self.path.read_bytes()
        try:
            self._book = fastexcel.read_excel(data)
            names = list(self._book.sheet_names)
        except (fastexcel.FastExcelError, ValueError) as error:
            raise Malformed(
                "file.unreadable",
                "The workbook cannot be read.",
                next="Save it again as .xlsx without a password.",
                where={"file": self.file},
            ) from error
        digest = hashlib.sha256(data).hexdigest()
        for sheet in names:
            rows = self._cells(sheet, "string")
            if not rows:
                continue
            skip = _titles(rows)
            columns = headers(_trim(rows[skip]))
            name = f"{self.name}.{sheet}"
            head = TableHead(name, self.file, "xlsx", columns, "", {"sheet": sheet, "skip": str(skip)}, sha256=digest)
            self._heads[name] = (head, sheet, skip)

    def _cells(self, sheet: str, kind: str) -> list[list[str]]:
        assert self._book is not None
        loaded = self._book.load_sheet(sheet, header_row=None, skip_rows=0, dtypes=kind)  # type: ignore[call-overload]
        columns = [column.to_pylist() for column in loaded.to_arrow().columns]
        return [["" if cell is None else cell for cell in row] for row in zip(*columns, strict=True)]

    def _numbers(self, sheet: str) -> list[list[float | None]]:
        """What the file keeps as a number, cell by cell; text of digits is no number, however much it looks like one."""
        assert self._book is not None
        loaded = [
            self._book.load_sheet(sheet, header_row=None, skip_rows=0, dtype_coercion="coerce", dtypes=kind)
            for kind in ("float", "boolean")
        ]
        floats, kinds = ([column.to_pylist() for column in one.to_arrow().columns] for one in loaded)
        # Only a number answers to being read as a boolean; text never does. That tells 16 digits of text from a number.
        columns = [
            [value if kind is not None else None for value, kind in zip(*pair, strict=True)]
            for pair in zip(floats, kinds, strict=True)
        ]
        return [list(row) for row in zip(*columns, strict=True)]


def _lost(text: str, value: float | None) -> bool:
    """A number too long to be kept whole, or text that such a number left behind: `6.22202E+18`."""
    return (value is not None and abs(value) >= _DIGITS) or _SCIENTIFIC.fullmatch(text) is not None


def _trim(cells: Sequence[str]) -> list[str]:
    kept = list(cells)
    while kept and not kept[-1].strip():
        kept.pop()
    return kept or [""]


def _titles(rows: Sequence[Sequence[str]]) -> int:
    width = max(sum(1 for cell in row if cell.strip()) for row in rows[:20])
    for place, row in enumerate(rows[:6]):
        if sum(1 for cell in row if cell.strip()) >= max(1, width - 1):
            return place
    return 0
