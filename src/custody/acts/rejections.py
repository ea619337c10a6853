"""What sources could not take in, met row by row: every row is counted, the first ones of each table are kept to be shown.

The rows' bytes are let go at once: who must seal them reads them again.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from custody.base.errors import Malformed
from custody.ports.source import Batch, Quarantine, Quarantined, Source, TableHead

KEPT: Final = 1_000  # of each table; more of the same tells nobody more


@dataclass(slots=True)
class Rejections:
    """Hand `take` to a source as its quarantine."""

    by_table: Counter[str] = field(default_factory=Counter)
    by_reason: Counter[str] = field(default_factory=Counter)
    skipped: list[Quarantined] = field(default_factory=list)
    _kept: dict[str, list[Quarantined]] = field(default_factory=dict)

    def take(self, one: Quarantined) -> None:
        """Count a row, or note a file, sheet or table that was not looked at (`row` is None)."""
        if one.row is None:
            self.skipped.append(replace(one, raw=b""))
            return
        self.by_table[one.table] += 1
        self.by_reason[one.reason] += 1
        kept = self._kept.setdefault(one.table, [])
        if len(kept) < KEPT:
            kept.append(replace(one, raw=b""))

    @property
    def rows(self) -> Sequence[Quarantined]:
        """The rows kept to be shown, table by table in the order met."""
        return [one for kept in self._kept.values() for one in kept]


def batches(source: Source, head: TableHead, quarantine: Quarantine, *, alone: bool) -> Iterator[Batch]:
    """The rows of a table. One that proves damaged, or made and not stored, as it is read is told and left, unless it is `alone`: then it is refused.

    Raises Malformed `file.unreadable`, `sqlite.bomb` for such a file that was named by itself.
    """
    try:
        yield from source.read(head.name, quarantine)
    except Malformed as error:
        if alone or error.slug not in {"file.unreadable", "sqlite.bomb"}:
            raise
        quarantine(Quarantined(head.name, head.file, None, None, error.slug, error.next))
