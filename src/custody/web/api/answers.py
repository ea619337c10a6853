"""Answers as the service takes lists of them (spec/consent.md §9); each is told by its place among those that were sent."""

import csv
import io
from collections.abc import Mapping
from typing import Any, Final

from custody.acts.desk import Desk
from custody.services.answers_take import answers_take
from custody.web.api import shapes
from custody.web.api.seat import laws

_COLUMNS: Final = ("subject", "customer", "answer")
_FIRST: Final = 2
"""The line that the first of them has in the list."""


def answers_taken(at: Desk, deal: str, asked: shapes.Answers) -> Mapping[str, Any]:
    """Raises Malformed `api.form` unless each names its customer once, and what the service raises."""
    told: Mapping[str, Any] = answers_take(at, laws(), deal, _csv(asked).encode())
    aside = [{"place": one["line"] - _FIRST, "reason": one["reason"]} for one in told["quarantine"]]
    return {**told, "quarantine": aside}


def _csv(asked: shapes.Answers) -> str:
    out = io.StringIO(newline="")
    lines = csv.DictWriter(out, _COLUMNS)
    lines.writeheader()
    for one in asked.answers:
        shapes.named_once(one)
        lines.writerow(one.model_dump(exclude_none=True))
    return out.getvalue()
