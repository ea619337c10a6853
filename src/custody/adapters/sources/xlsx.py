"""Workbooks through fastexcel: every sheet a table, every cell the text a person sees, title rows skipped.

A numeric cell of more than 15 digits is already damaged in the file (a spreadsheet keeps 15): its row is quarantined.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Final

import fastexcel
import pyarrow as pa

from custody.adapters.sources.dialect import headers
from custody.base.errors import Malformed
from custody.ports.source import Batch, Quarantine, Quarantined, TableHead

_ROWS: Final = 8192
_DIGITS: Final = 10**15


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
            bad = [column for column, value in zip(head.columns, numbers[place], strict=False) if _lost(value)]
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
        assert self._book is not None
        loaded = self._book.load_sheet(sheet, header_row=None, skip_rows=0, dtype_coercion="coerce", dtypes="float")
        columns = [column.to_pylist() for column in loaded.to_arrow().columns]
        texts = self._cells(sheet, "string")
        found = [list(row) for row in zip(*columns, strict=True)]
        return [
            [
                value if value is not None and _was_number(text, value) else None
                for value, text in zip(row, line, strict=False)
            ]
            for row, line in zip(found, texts, strict=False)
        ]


def _lost(value: float | None) -> bool:
    return value is not None and abs(value) >= _DIGITS


def _was_number(text: str, value: float) -> bool:
    """Whether the text is what a spreadsheet makes of a float; a long number kept as text has its own last digits."""
    return text == format(Decimal(repr(value)), "f") or "E" in text.upper()


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
