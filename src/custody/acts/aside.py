"""Rows that a map would seal for the wrong owner: a sum line that is no customer, a person named in a table about nobody (spec/sources.md §8).

They are set aside with their line and reason before anybody becomes their owner: a table about nobody goes to the buyer
whole, and a sum line would be one customer more in every figure.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from custody.acts.rows import Value, cells, key_text
from custody.classify.telling import reaches_a_person
from custody.model.datamap import TableMap
from custody.ports.source import Batch

TOTAL: Final = "row.total"
TELLS_WHO: Final = "row.tells-who"
_TOTALS: Final = frozenset((
    "合计", "总计", "小计", "共计", "总和", "总数", "本页合计", "本页小计", "累计", "合計", "總計", "小計",
    "total", "totals", "grand total", "subtotal", "sub total", "sub-total", "sum", "summe", "gesamt", "総計",
))  # fmt: skip
_MAY_TELL: Final = "@|[0-9０-９](?:[0-9０-９xX*]|[ -][0-9０-９]){5,}"
_ENDS: Final = re.compile(r"[\s:：()（）]+")


def lines(table: TableMap, batch: Batch) -> dict[int, str]:
    """{place in the batch: reason} of the rows that are to be set aside."""
    if table.role == "reference":
        return dict.fromkeys(_telling(table, batch), TELLS_WHO)
    return dict.fromkeys(_sums(table, batch), TOTAL) if table.subject_key else {}


def without(batch: Batch, places: Sequence[int]) -> Batch:
    """The batch less some of its rows."""
    gone = set(places)
    kept = [place for place in range(len(batch.rows)) if place not in gone]
    return Batch(rows=[batch.rows[place] for place in kept], data=batch.data.take(pa.array(kept, pa.int64())))


def _sums(table: TableMap, batch: Batch) -> Iterator[int]:
    """Lines whose key, or where it is empty whose first cell, is a word for a sum and nothing else."""
    names = [column.name for column in table.columns]
    keys = cells(batch, names.index(table.subject_key))
    first: Sequence[Value] = cells(batch, 0) if any(not key_text(key) for key in keys) else ()
    for place, key in enumerate(keys):
        text = key_text(key) or (key_text(first[place]) if first else "")
        if _ENDS.sub(" ", text).strip().lower() in _TOTALS:
            yield place


def _telling(table: TableMap, batch: Batch) -> Iterator[int]:
    """Rows with a number or an address in a sentence that reaches one person."""
    found: set[int] = set()
    for number, column in enumerate(table.columns):
        if column.cls in {"", "text.free"} or column.cls.startswith("record."):
            texts = [cell if isinstance(cell, str) else None for cell in cells(batch, number)]
            hits = pc.indices_nonzero(pc.match_substring_regex(pa.array(texts, pa.string()), _MAY_TELL)).to_pylist()
            found.update(place for place in hits if (text := texts[place]) and reaches_a_person(text))
    yield from sorted(found)
