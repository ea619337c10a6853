"""Export to CSV files in one zip: UTF-8 with a mark for spreadsheets, every value quoted, NULL an empty cell.

CSV keeps no types: what was a number in its source comes back as text. There are two forms. `.zip` is for databases: every value
verbatim; a spreadsheet may run a cell that begins with `=`. `.sheets.zip` is for people who open it in a spreadsheet: no cell of it
runs, since whatever begins like a formula, or with an apostrophe, has an apostrophe more; the archive's comment says so, and reading
takes it off again, so that nothing is lost.

Rows wait for their place in the zip in one file without a name in the zip's folder: whatever ends the process ends it. Only the zip
itself, while it is packed, has one (`NAME.part`); the next export of that name takes it away.
"""

import csv
import io
import os
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

from custody.acts.spreadsheets import LEADS
from custody.adapters.files.local import PART, sync_folder
from custody.ports.target import Value

_MARK: Final = "\ufeff"
_NULL: Final = ""
_SHEETS: Final = ".sheets.zip"
_SAFE: Final = b"custody/csv/sheets/1"
_MORE: Final = "'"
_CHUNK: Final = 1 << 20


class CsvTarget:
    """See `ports.target.Target`."""

    def __init__(self, path: Path) -> None:
        self._path, self._part = path, path.with_name(path.name + PART)
        self._aside: BinaryIO | None = None
        self._tables: dict[str, list[tuple[int, int]]] = {}
        self._safe = path.name.lower().endswith(_SHEETS)

    @property
    def name(self) -> str:
        return self._path.name

    @property
    def place(self) -> str:
        return str(self._path.parent.resolve())

    def exists(self) -> bool:
        return self._path.exists()

    def create(self, table: str, columns: Sequence[str]) -> None:
        if self._aside is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._part.unlink(missing_ok=True)
            self._aside = tempfile.TemporaryFile(dir=self._path.parent)  # noqa: SIM115 - let go of by finish and discard
        self._tables[table] = []
        self._put(table, [_MARK + self._line(columns)])

    def write(self, table: str, rows: Iterable[Sequence[Value]]) -> int:
        return self._put(table, (self._line(row) for row in rows))

    def finish(self) -> None:
        with zipfile.ZipFile(self._part, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for table in self._tables:
                with archive.open(_member(table), "w", force_zip64=True) as member:
                    for piece in self._pieces(table):
                        member.write(piece)
            archive.comment = _SAFE if self._safe else b""
        with self._part.open("rb") as written:
            os.fsync(written.fileno())
        self._part.replace(self._path)
        sync_folder(self._path.parent)
        self._let_go()

    def discard(self) -> None:
        self._let_go()
        with suppress(OSError):  # what went wrong is told, and this goes with the next export
            self._part.unlink(missing_ok=True)

    def read(self, table: str) -> Iterator[tuple[Value, ...]]:
        with zipfile.ZipFile(self._path) as archive, archive.open(_member(table)) as raw:
            lines = _cells(io.TextIOWrapper(raw, encoding="utf-8-sig", newline=""))
            next(lines, None)
            safe = archive.comment == _SAFE
            yield from (tuple(_as_it_was(cell) for cell in row) if safe else row for row in lines)

    def beyond(self, known: Mapping[str, Sequence[str]]) -> Sequence[tuple[str, str]]:
        members = {_member(table): (table, columns) for table, columns in known.items()}
        found: list[tuple[str, str]] = []
        with zipfile.ZipFile(self._path) as archive:
            for name in sorted(archive.namelist()):
                if name not in members:
                    found.append((name, ""))
                    continue
                table, columns = members[name]
                with archive.open(name) as raw:
                    header = next(_cells(io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")), ())
                named = [_as_it_was(one) if archive.comment == _SAFE else one for one in header]
                found += [(table, str(one)) for one in named if one not in columns]
        return found

    def _line(self, row: Sequence[Value]) -> str:
        return _line([_for_people(cell) for cell in row] if self._safe else row)

    def _put(self, table: str, lines: Iterable[str]) -> int:
        """Lines behind what was set aside so far; how many."""
        assert self._aside is not None
        begin, count = self._aside.seek(0, os.SEEK_END), 0
        for line in lines:
            self._aside.write(line.encode("utf-8"))
            count += 1
        self._tables[table].append((begin, self._aside.tell()))
        return count

    def _pieces(self, table: str) -> Iterator[bytes]:
        """What was set aside of a table, in order."""
        assert self._aside is not None
        for begin, end in self._tables[table]:
            self._aside.seek(begin)
            while (rest := end - self._aside.tell()) > 0:
                yield self._aside.read(min(rest, _CHUNK))

    def _let_go(self) -> None:
        """The file without a name is gone with its last user."""
        if self._aside is not None:
            self._aside.close()
        self._aside, self._tables = None, {}


def _member(table: str) -> str:
    """A table's file: no separator of a path survives in its name."""
    return table.replace("/", "_").replace("\\", "_") + ".csv"


def _line(row: Sequence[Value]) -> str:
    return ",".join(_NULL if cell is None else '"' + _text(cell).replace('"', '""') + '"' for cell in row) + "\r\n"


def _for_people(cell: Value) -> Value:
    """As a cell that nothing runs, and that tells what it was."""
    text = None if cell is None else _text(cell)
    return f"{_MORE}{text}" if text is not None and text.startswith((*LEADS, _MORE)) else text


def _as_it_was(cell: Value) -> Value:
    """Inverse of it."""
    return (
        cell[1:] if isinstance(cell, str) and cell.startswith(_MORE) and cell[1:].startswith((*LEADS, _MORE)) else cell
    )


def _text(cell: Value) -> str:
    return cell.hex() if isinstance(cell, bytes) else str(cell)


def _cells(lines: Iterable[str]) -> Iterator[tuple[Value, ...]]:
    """Quoted cells are text, bare ones NULL: the standard reader gives both as '', so each line is asked again."""
    for text in _records(lines):
        row = next(csv.reader(io.StringIO(text, newline=""), strict=True), [])
        quoted = _quoted(text)
        yield tuple(cell if told else None for cell, told in zip(row, quoted, strict=True))


def _records(lines: Iterable[str]) -> Iterator[str]:
    """Physical lines joined until every quote is closed."""
    held = ""
    for line in lines:
        held += line
        if held.count('"') % 2 == 0:
            yield held
            held = ""


def _quoted(record: str) -> list[bool]:
    """For each cell of a record whether it begins with a quote."""
    told, inside, begins = [], False, True
    for character in record.rstrip("\r\n") if record.count('"') == 0 else record.removesuffix("\n").removesuffix("\r"):
        if begins:
            told.append(character == '"')
            begins = False
        if character == '"':
            inside = not inside
        elif character == "," and not inside:
            begins = True
    return [*told, False] if begins else told
