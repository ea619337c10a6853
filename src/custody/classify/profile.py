"""A table measured in one streaming pass over all its rows: pattern counts, lengths, distinct values, a fair sample.

Counts are over every cell, never a sample; the sample (the distinct values with the smallest hashes) only feeds the
dictionaries. Nothing depends on row order or batch size. Memory per column is bounded by `sketch.KEPT` hashes.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from custody.classify import wordings
from custody.classify.cells import Cells, cells
from custody.classify.dictionaries import Lead
from custody.classify.patterns import WORDY, count
from custody.classify.sketch import Sketch
from custody.classify.vocabulary import blank
from custody.model.source import Batch, TableHead

_SMALL: Final = 4096
_LINE: Final = 100
_GATHERED: Final = 32_768
_MARK: Final = b"custody:cells"


@dataclass(slots=True)
class ColumnProfile:
    """What was seen of one column. Blank cells (empty, `-`, `无`, `N/A`, …) are rows but not `filled`; `tells`: cells by what their words tell of."""

    name: str
    rows: int = 0
    filled: int = 0
    stand_ins: int = 0
    characters: int = 0
    longest: int = 0
    opaque: int = 0
    hits: Counter[str] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    tells: Counter[str] = field(default_factory=Counter)
    sample: list[str] = field(default_factory=list)
    sketch: Sketch = field(default_factory=Sketch)

    def share(self, *names: str) -> float:
        """Share of telling cells that match: the sum over `names`, at most 1."""
        told = max(1, self.told)
        return min(1.0, sum(self.hits[name] for name in names) / told)

    def wordy(self, name: str) -> float:
        """Share of the sample that matches a pattern of words."""
        return self.words[name] / len(self.sample) if self.sample else 0.0

    @property
    def told(self) -> int:
        """Cells that say something."""
        return self.filled - self.stand_ins

    @property
    def mean_length(self) -> float:
        """Mean code points of a filled cell."""
        return self.characters / self.filled if self.filled else 0.0

    @property
    def distinct(self) -> int:
        """Distinct values, estimated above `sketch.KEPT`."""
        return self.sketch.distinct()

    @property
    def uniqueness(self) -> float:
        """Distinct values per filled cell."""
        return min(1.0, self.distinct / self.filled) if self.filled else 0.0

    @property
    def joinable(self) -> bool:
        """Whether the values could be keys."""
        return bool(self.filled) and self.longest <= 64 and not self.hits["decimal"] and self.share("date") < 0.5


@dataclass(slots=True)
class TableProfile:
    """The profile of a whole table."""

    head: TableHead
    columns: list[ColumnProfile]
    rows: int = 0
    first: tuple[str, ...] = ()
    lead: Lead = field(default_factory=lambda: Lead(()))


class Profiler:
    """Feed it every batch of one table, then take `finish()`. Small batches are gathered: expressions are costly to start."""

    def __init__(self, head: TableHead) -> None:
        self._profile = TableProfile(
            head, [ColumnProfile(name) for name in head.columns], lead=Lead(tuple(head.columns))
        )
        self._waiting: list[pa.RecordBatch] = []
        self._held = 0

    def update(self, batch: Batch) -> None:
        """Take in one batch."""
        if not self._profile.rows and batch.data.num_rows:
            self._profile.first = _first(batch.data)
        if self._profile.lead.wanted:
            self._profile.lead.take([column.to_pylist() for column in batch.data.columns])
        self._profile.rows += len(batch.rows)
        if self._waiting and batch.data.schema != self._waiting[0].schema:
            self._flush()
        self._waiting.append(batch.data)
        self._held += batch.data.num_rows
        if self._held >= _GATHERED:
            self._flush()

    def finish(self) -> TableProfile:
        """The profile; columns that cannot be keys keep only a small sketch."""
        self._flush()
        for column in self._profile.columns:
            column.sketch.close(keep=None if column.joinable else _SMALL)
            column.sample = [value for value in column.sketch.values.values() if not blank(value)]
            column.words = Counter(count(cells(pa.array(column.sample, pa.string())), WORDY))
        return self._profile

    def _flush(self) -> None:
        if not self._waiting:
            return
        whole = pa.Table.from_batches(self._waiting)
        for place, column in enumerate(self._profile.columns):
            data = whole.column(place).combine_chunks()
            for part in data.chunks if isinstance(data, pa.ChunkedArray) else [data]:
                _take(column, whole.schema.field(place), part)
        self._waiting, self._held = [], 0


def _first(data: pa.RecordBatch) -> tuple[str, ...]:
    """The cells of the first row that are text, short ones only: it may explain the header."""
    cells = (column[0].as_py() for column in data.columns)
    return tuple(cell[:_LINE] if isinstance(cell, str) else "" for cell in cells)


def as_text(kind: pa.Field, data: pa.Array) -> pa.Array | None:
    """The cells as text, row by row; None where they are opaque bytes."""
    if _opaque(data):
        return _readable(data) if (kind.metadata or {}).get(_MARK) == b"msgpack" else None
    return data if pa.types.is_string(data.type) else pc.cast(data, pa.string())


def _opaque(data: pa.Array) -> bool:
    return bool(pa.types.is_binary(data.type) or pa.types.is_large_binary(data.type))


def _take(column: ColumnProfile, kind: pa.Field, data: pa.Array) -> None:
    column.rows += len(data)
    if _opaque(data):
        column.opaque += len(data) - data.null_count
    if (text := as_text(kind, data)) is not None:
        _measure(column, cells(text))


def _readable(data: pa.Array) -> pa.Array:
    """Mixed columns hold msgpack cells: the short strings and numbers in them, as text."""
    texts = [None if cell is None else _unpacked(cell) for cell in data.to_pylist()]
    return pa.array(texts, pa.string())


def _unpacked(cell: bytes) -> str | None:
    lead = cell[0] if cell else 0xC0
    head = 1 if 0xA0 <= lead <= 0xBF else {0xD9: 2, 0xDA: 3, 0xDB: 5}.get(lead, 0)
    if head:
        return cell[head:].decode("utf-8", errors="replace")
    if lead <= 0x7F:
        return str(lead)
    if 0xCC <= lead <= 0xCF:
        return str(int.from_bytes(cell[1:]))
    return None


def _measure(column: ColumnProfile, found: Cells) -> None:
    if not len(found):
        return
    column.filled += len(found)
    column.characters += int(found.length.sum())
    column.longest = max(column.longest, int(found.length.max()))
    column.hits.update(count(found))
    column.tells.update(wordings.count(found))
    column.stand_ins += stand_ins(found)
    column.sketch.add(found)


def stand_ins(found: Cells) -> int:
    """How many cells only stand for nothing. Short cells only: a stand-in is a word or a sign."""
    few = found.length <= 20
    number = int(few.sum())
    if not number:
        return 0
    short = found.text.filter(pa.array(few)) if number < len(found) else found.text
    return int(pc.sum(pc.is_in(pc.utf8_lower(short), value_set=_STAND_INS)).as_py() or 0)


_STAND_INS: Final = pa.array(
    sorted({"-", "--", "n/a", "na", "null", "none", "nil", "nan", "无", "未知", "不详", "未填", "未填写", "空", "暂无", "/",
            "\\", "\\n", "?", "#n/a", "unknown", "not available", "00000000", "0000-00-00", "0000-00-00 00:00:00",
            "111111111111111111", "undefined", "没有", "未提供", "不愿透露", "."}),
    pa.large_string(),
)  # fmt: skip
