"""Records of a delimited file, one by one, when the file is not clean: what is whole, and what is wrong with the rest.

A field is quoted if it begins with a quote; inside, two quotes stand for one; after the closing quote comes a delimiter
or the record's end. A quote anywhere else is a character. If a quoted field never closes properly, its first line
alone is the broken record, and reading goes on with the next line: no later row is swallowed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from custody.adapters.sources.encoding import foreign
from custody.adapters.sources.strict import odd

_LONGEST_LINES: Final = 1_000
_LONGEST: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Record:
    """One row met: where it begins, its bytes, its cells, and `fault` when it cannot be taken in."""

    line: int
    raw: bytes
    cells: list[str]
    fault: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a good record looks like: named columns, spare empty cells allowed behind them."""

    encoding: str
    delimiter: str
    width: int


def records(lines: Iterator[bytes], first: int, shape: Shape) -> Iterator[Record]:
    """The records of `lines`, the first of which is physical line `first`."""
    waiting: list[bytes] = []
    number = first
    while True:
        raw = waiting.pop() if waiting else next(lines, None)
        if raw is None:
            return
        taken = _take(raw, lines, waiting, shape)
        if taken is None:
            yield Record(number, raw, [], "row.quote")
            number += 1
            continue
        bodies, cells = taken
        if cells or shape.width == 1:  # in a table of several columns a blank line is no row
            for parts, row in _parted(bodies, cells, shape) or [(bodies, cells or [""])]:
                yield _judge(number, parts, row, shape)
        number += len(bodies)


def _take(
    raw: bytes, lines: Iterator[bytes], waiting: list[bytes], shape: Shape
) -> tuple[list[bytes], list[str]] | None:
    """The lines of one record and its cells; None if it never ends well, and then `waiting` holds what was looked at."""
    bodies, text = [raw], _text(raw, shape.encoding)
    while True:
        cells = split(_chop(text), shape.delimiter)
        if cells is not None:
            return bodies, cells
        # Only a field that is still open can be mended by what follows: a quote put here would close it.
        if split(text + '"', shape.delimiter) is None or not _extend(bodies, lines, waiting):
            waiting += reversed(bodies[1:])
            return None
        text = "".join(_text(body, shape.encoding) for body in bodies)


def _extend(bodies: list[bytes], lines: Iterator[bytes], waiting: list[bytes]) -> bool:
    """Take lines up to and with the next that holds a quote; False when none comes soon enough."""
    size = sum(map(len, bodies))
    while len(bodies) < _LONGEST_LINES and size < _LONGEST:
        more = waiting.pop() if waiting else next(lines, None)
        if more is None:
            return False
        bodies.append(more)
        size += len(more)
        if b'"' in more:
            return True
    return False


def _chop(text: str) -> str:
    """Without its line end, of which there is one."""
    return text[:-2] if text.endswith("\r\n") else text[:-1] if text.endswith(("\n", "\r")) else text


def split(line: str, delimiter: str) -> list[str] | None:
    """The cells of one record; None when its quotes do not close or stand where they may not."""
    if not line:
        return []
    if '"' not in line:
        return line.split(delimiter)
    cells, place = [], 0
    while True:
        if line[place : place + 1] == '"':
            cell, place = _quoted(line, place)
        else:
            end = line.find(delimiter, place)
            end = len(line) if end < 0 else end
            cell, place = line[place:end], end
        if place < 0 or (place < len(line) and line[place] != delimiter):
            return None
        cells.append(cell)
        if place >= len(line):
            return cells
        place += 1


def _quoted(line: str, place: int) -> tuple[str, int]:
    """The content of the quoted field that begins at `place`, and where it ends; -1 when it does not."""
    begin = place + 1
    while True:
        place = line.find('"', place + 1)
        if place < 0:
            return "", -1
        if line[place + 1 : place + 2] != '"':
            return line[begin:place].replace('""', '"'), place + 1
        place += 1


def _text(raw: bytes, encoding: str) -> str:
    """For finding the record's end; whether the bytes are right is judged on the whole record."""
    return raw.decode(encoding, errors="replace")


def _parted(bodies: list[bytes], cells: list[str], shape: Shape) -> list[tuple[list[bytes], list[str]]]:
    """The rows of a line that is no row itself, if it is one between each two carriage returns that stand alone in it; else none."""
    if len(bodies) > 1 or _wide(cells, shape):
        return []
    try:
        pieces = _chop(bodies[0].decode(shape.encoding)).split("\r")
    except UnicodeDecodeError:
        return []
    rows = [split(piece, shape.delimiter) for piece in pieces]
    found = [
        ([one.encode(shape.encoding)], row) for one, row in zip(pieces, rows, strict=True) if row and _wide(row, shape)
    ]
    return found if len(found) == len(pieces) > 1 else []


def _wide(cells: list[str], shape: Shape) -> bool:
    """Whether a row has a cell for each column, and nothing beyond."""
    return len(cells) >= shape.width and not any(cells[shape.width :])


def _judge(number: int, bodies: list[bytes], cells: list[str], shape: Shape) -> Record:
    raw = b"".join(bodies)
    for offset, body in enumerate(bodies):
        fault, detail = _decoding(body, shape.encoding)
        if fault:
            return Record(number + offset, raw, [], fault, detail)
    if any("\0" in cell for cell in cells):
        return Record(number, raw, [], "row.nul")
    if not _wide(cells, shape):
        return Record(number, raw, [], "row.ragged", f"{len(cells)} of {shape.width} cells")
    return Record(number, raw, cells[: shape.width])


def _decoding(raw: bytes, encoding: str) -> tuple[str, str]:
    if raw.isascii() and not encoding.startswith("utf-16"):
        return "", ""
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        return "row.undecodable", f"not {encoding}"
    other = foreign(raw, encoding) if odd(text, encoding) else ""
    return ("row.other-encoding", other) if other else ("", "")
