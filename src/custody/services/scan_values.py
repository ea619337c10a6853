"""Personal data inside values and free text: table, row, column, class and place, never the value (A2).

Sources are read twice: once to learn what each column is, then cell by cell in that light (spec/datamap.md §8).
"""

from collections.abc import Iterator, Mapping, Sequence

from custody.acts.rejections import Rejections, batches
from custody.base.canonical import Json
from custody.classify.cellwise import CellFinder
from custody.classify.columns import TableFinding, classify
from custody.classify.conventions import follow
from custody.classify.profile import Profiler, TableProfile
from custody.ports.source import Batch, Quarantine, Quarantined, SourceOpener


def scan_values(opener: SourceOpener, targets: Sequence[str]) -> Mapping[str, Json]:
    """Findings in every text cell; rows count from 1, spans are code points, end exclusive."""
    met = Rejections()
    known = [follow(one) for one in classify(_profiles(opener, targets))]
    findings = [one for place, batch in _batches(opener, targets, met.take) for one in _found(known[place], batch)]
    skipped: list[Json] = [{"file": one.file, "table": one.table, "reason": one.reason} for one in met.skipped]
    return {"findings": findings, "quarantined": met.by_table.total(), "skipped": skipped}


def _profiles(opener: SourceOpener, targets: Sequence[str]) -> list[TableProfile]:
    profiles: list[TableProfile] = []
    for target in targets:
        found = opener.open(target, _told_later)
        for source in found:
            for head in source.heads():
                profiler = Profiler(head)
                for batch in batches(source, head, _told_later, alone=len(found) == 1):
                    profiler.update(batch)
                profiles.append(profiler.finish())
            source.close()
    return profiles


def _batches(opener: SourceOpener, targets: Sequence[str], reject: Quarantine) -> Iterator[tuple[int, Batch]]:
    """Every batch with the place of its table, which is the same at each reading; names may be shared by two files."""
    place = 0
    for target in targets:
        found = opener.open(target, reject)
        for source in found:
            for head in source.heads():
                for batch in batches(source, head, reject, alone=len(found) == 1):
                    yield place, batch
                place += 1
            source.close()


def _found(table: TableFinding, batch: Batch) -> Iterator[Json]:
    for one in CellFinder(table).find(batch):
        yield {
            "table": table.name, "row": one.row, "column": one.column, "class": one.cls, "start": one.start, "end": one.end,
        }  # fmt: skip


def _told_later(rejected: Quarantined) -> None:
    """The first reading only learns; what cannot be read is told by the second."""
    del rejected
