"""Consents of before, as machines send them: written as the list that the service takes, and told by place instead of by line."""

import csv
import io
from collections.abc import Mapping
from typing import Any, Final

from custody.acts.desk import Desk
from custody.services.consent_import import consent_import
from custody.web.api import shapes
from custody.web.api.seat import laws

_COLUMNS: Final = (
    "subject", "customer", "question", "act", "at", "version", "text", "language", "channel", "purposes", "relation", "guardian",
)  # fmt: skip


def consents_taken(at: Desk, deal: str, asked: shapes.Consents) -> Mapping[str, Any]:
    """Raises Malformed `api.form` unless each names its customer once, and what the service raises."""
    data = _csv(asked)
    told = dict(consent_import(at, laws(), deal, data.encode(), b"", asked.zone))
    ends = _ends(data)
    quarantine: Any = told["quarantine"]
    places = [{"place": ends[one["line"]], "reason": one["reason"]} for one in quarantine]
    return {**told, "quarantine": places}


def _csv(asked: shapes.Consents) -> str:
    out = io.StringIO(newline="")
    lines = csv.DictWriter(out, _COLUMNS)
    lines.writeheader()
    for one in asked.consents:
        shapes.named_once(one)
        lines.writerow({**one.model_dump(exclude_none=True), "purposes": ";".join(one.purposes)})
    return out.getvalue()


def _ends(data: str) -> dict[int, int]:
    """{line that a row ends on: its place}: words may run over lines."""
    reader = csv.reader(io.StringIO(data, newline=""), strict=True)
    ends = [reader.line_num for _ in reader]
    return {line: place for place, line in enumerate(ends, start=-1)}
