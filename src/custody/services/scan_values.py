"""Personal data inside values and free text: table, row, column, class and place, never the value (A2)."""

from collections.abc import Mapping, Sequence

import pyarrow as pa

from custody.acts.rejections import Rejections
from custody.base.canonical import Json
from custody.classify.spans import find
from custody.ports.source import SourceOpener


def scan_values(opener: SourceOpener, targets: Sequence[str]) -> Mapping[str, Json]:
    """Findings in every text cell; rows count from 1, spans are code points, end exclusive."""
    met = Rejections()
    findings: list[Json] = []
    for target in targets:
        for source in opener.open(target, met.take):
            for head in source.heads():
                for batch in source.read(head.name, met.take):
                    for name, cells in zip(head.columns, batch.data.columns, strict=True):
                        if pa.types.is_string(cells.type):
                            findings += _column(head.name, name, batch.rows, cells.to_pylist())
            source.close()
    skipped: list[Json] = [{"file": one.file, "table": one.table, "reason": one.reason} for one in met.skipped]
    return {"findings": findings, "quarantined": met.by_table.total(), "skipped": skipped}


def _column(table: str, name: str, rows: Sequence[int], cells: Sequence[str | None]) -> list[Json]:
    return [
        {"table": table, "row": row, "column": name, "class": span.cls, "start": span.start, "end": span.end}
        for row, text in zip(rows, cells, strict=True)
        for span in (find(text) if text else ())
    ]
