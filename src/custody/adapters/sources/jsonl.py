"""JSON Lines, or one JSON array of objects (spec/sources.md §5): an object a row; numbers keep their digits, nested values stay JSON text.

A column is a key that any line has, in the order met first. A key that a line lacks, and null, are both no value.
JSON is UTF-8; a file of which UTF-8 reads less than half is judged as other text is (encoding.py).
"""

import codecs
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from custody.adapters.sources import encoding as encodings
from custody.adapters.sources.dialect import headers
from custody.adapters.sources.json_array import begins, elements
from custody.adapters.sources.lines import lines, plain_encoding
from custody.base.errors import Malformed
from custody.ports.source import Batch, Quarantine, Quarantined, TableHead

_ROWS: Final = 8192
_WIDE_MARKS: Final = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MARKS: Final = (codecs.BOM_UTF8, *_WIDE_MARKS)
_FEW: Final = 8  # bytes above 127; fewer tell no encoding
_HALF: Final = 0.25  # the rank of UTF-8 is the square of the share of lines that it reads
_MOST_COLUMNS: Final = 2_000


class _Number(str):
    """A number's own digits: `0.10` and twenty digits stay what they are."""

    __slots__ = ()


@dataclass(slots=True)
class JsonLinesSource:
    """One file, one table. `encoding` is a person's answer when two encodings remain plausible."""

    path: Path
    file: str
    name: str
    encoding: str = ""
    _written: str = "utf-8"
    _mark: int = 0
    _head: TableHead | None = None
    _keys: dict[str, int] = field(default_factory=dict)

    def heads(self) -> Sequence[TableHead]:
        """Its one table. Raises Malformed `file.empty`, `file.no-rows`, `file.columns`, `encoding.ambiguous`, `encoding.unknown`."""
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
            found = _object(raw, self._written)
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
        survey = encodings.survey(self.path)
        name = self._decide(survey)
        self._written, self._mark = plain_encoding(name, survey.head), _mark(survey.head)
        met = False
        for _, raw in self._lines():
            met = True
            found = _object(raw, self._written)
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
        return TableHead(self.name, self.file, "jsonl", headers(list(self._keys)), name, sha256=survey.sha256)

    def _decide(self, survey: encodings.Survey) -> str:
        told = self.encoding or ("utf-8" if _is_utf8(survey) else encodings.decided(survey, self.file))
        try:
            codecs.lookup(told)
        except LookupError as error:
            raise Malformed(
                "encoding.unknown", "There is no such encoding.", next="Use utf-8, gb18030, big5, cp1252 or utf-16.",
                where={"file": self.file},
            ) from error  # fmt: skip
        return told.removesuffix("-sig")

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        """(line, text) of each row: a line that holds anything, or an element of the array that the file is."""
        if begins(self.path, self._written):
            yield from elements(self.path, self._written)
            return
        for number, raw in enumerate(lines(self.path, self._written, self._mark), start=1):
            if raw.strip():
                yield number, raw


def _mark(head: bytes) -> int:
    """How many bytes of byte order mark the file begins with."""
    return next((len(one) for one in _MARKS if head.startswith(one)), 0)


def _is_utf8(survey: encodings.Survey) -> bool:
    """Whether the file is UTF-8 but for a few lines: it says so, reads so for the most part, or has too little to judge by."""
    if survey.utf8 or survey.head.startswith(codecs.BOM_UTF8):
        return not survey.head.startswith(_WIDE_MARKS) and b"\0" not in survey.head[:64]
    if survey.head.startswith(_WIDE_MARKS) or b"\0" in survey.head[:64]:
        return False
    if sum(byte > 127 for line in survey.odd for byte in line) < _FEW:
        return True
    return next(value for value, name in encodings.rank(survey.odd) if name == "utf-8") >= _HALF


def _object(raw: bytes, encoding: str = "utf-8") -> Mapping[str, Any] | str:
    """The object on a line, or the reason why there is none."""
    try:
        found = json.loads(raw.decode(encoding), parse_int=_Number, parse_float=_Number, parse_constant=_refuse, object_pairs_hook=_once)  # fmt: skip
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
