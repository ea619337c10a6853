"""JSON Lines, or one JSON array of objects (spec/sources.md §5): an object a row; numbers keep their digits, nested values stay JSON text.

A column is a key that any line has, in the order met first. A key that a line lacks, and null, are both no value.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from custody.adapters.sources.dialect import headers
from custody.adapters.sources.digest import sha256
from custody.adapters.sources.json_array import begins, elements
from custody.adapters.sources.lines import lines
from custody.base.errors import Malformed
from custody.ports.source import Batch, Quarantine, Quarantined, TableHead

_ROWS: Final = 8192
_MARK: Final = b"\xef\xbb\xbf"
_MOST_COLUMNS: Final = 2_000


class _Number(str):
    """A number's own digits: `0.10` and twenty digits stay what they are."""

    __slots__ = ()


@dataclass(slots=True)
class JsonLinesSource:
    """One file, one table."""

    path: Path
    file: str
    name: str
    _head: TableHead | None = None
    _keys: dict[str, int] = field(default_factory=dict)

    def heads(self) -> Sequence[TableHead]:
        """Its one table. Raises Malformed `file.empty`, `file.no-rows`, `file.columns`."""
        if self._head is None:
            self._head = self._look()
        return [self._head]

    def skipped(self) -> Sequence[Quarantined]:
        """A JSON Lines file is read whole."""
        return ()

    def read(self, table: str, quarantine: Quarantine) -> Iterator[Batch]:
        """Stream the rows."""
        head = self.heads()[0]
        assert table == head.name
        schema = pa.schema([pa.field(name, pa.string()) for name in head.columns])
        ordinals: list[int] = []
        kept: list[list[str | None]] = []
        for ordinal, (line, raw) in enumerate(self._lines(), start=1):
            found = _object(raw)
            if isinstance(found, str):
                quarantine(Quarantined(head.name, head.file, line, ordinal, found, raw=raw))
                continue
            ordinals.append(ordinal)
            kept.append([_text(found.get(key)) for key in self._keys])
            if len(kept) == _ROWS:
                yield _batch(ordinals, kept, schema)
                ordinals, kept = [], []
        if kept:
            yield _batch(ordinals, kept, schema)

    def close(self) -> None:
        """Nothing stays open between reads."""

    def _look(self) -> TableHead:
        met = False
        for _, raw in self._lines():
            met = True
            found = _object(raw)
            if not isinstance(found, str):
                self._keys.update(dict.fromkeys(found, 0))
            if len(self._keys) > _MOST_COLUMNS:
                raise Malformed(
                    "file.columns", "The lines have thousands of different keys.", where={"file": self.file}
                )
        if not met:
            raise Malformed("file.empty", "The file is empty.", where={"file": self.file})
        if not self._keys:
            raise Malformed(
                "file.no-rows", "No line is a JSON object.", next="Save it as one JSON object a line.",
                where={"file": self.file},
            )  # fmt: skip
        return TableHead(self.name, self.file, "jsonl", headers(list(self._keys)), "utf-8", sha256=sha256(self.path))

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        """(line, text) of each row: a line that holds anything, or an element of the array that the file is."""
        if begins(self.path):
            yield from elements(self.path)
            return
        with self.path.open("rb") as source:
            mark = len(_MARK) if source.read(3) == _MARK else 0
        for number, raw in enumerate(lines(self.path, "utf-8", mark), start=1):
            if raw.strip():
                yield number, raw


def _object(raw: bytes) -> Mapping[str, Any] | str:
    """The object on a line, or the reason why there is none."""
    try:
        found = json.loads(raw.decode(), parse_int=_Number, parse_float=_Number, parse_constant=_refuse, object_pairs_hook=_once)  # fmt: skip
        if b"\\u" in raw:
            json.dumps(found, ensure_ascii=False).encode()  # half of an escaped pair has no UTF-8
    except UnicodeError:
        return "row.undecodable"
    except _TwiceError:
        return "row.key-twice"
    except (ValueError, RecursionError):
        return "row.json"
    return found if isinstance(found, dict) else "row.not-object"


class _TwiceError(ValueError):
    """A key stands twice in one object: which one is meant, nobody knows."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _TwiceError
    return found


def _refuse(word: str) -> None:
    raise ValueError(word)  # NaN and Infinity are no JSON


def _text(value: Any) -> str | None:  # noqa: ANN401 - any JSON value
    if value is None:
        return None
    if isinstance(value, str):
        return str(value)
    return _json(value)


def _json(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """JSON text in which each number has the digits it had."""
    if isinstance(value, _Number):
        return value
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key, ensure_ascii=False)}: {_json(one)}" for key, one in value.items()) + "}"  # fmt: skip
    if isinstance(value, list):
        return "[" + ", ".join(map(_json, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _batch(ordinals: list[int], kept: list[list[str | None]], schema: pa.Schema) -> Batch:
    columns = [pa.array(cells, pa.string()) for cells in zip(*kept, strict=True)]
    return Batch(ordinals, pa.RecordBatch.from_arrays(columns, schema=schema))
