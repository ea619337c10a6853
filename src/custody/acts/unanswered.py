"""Recalls that the buyer has not answered: a clock for each, as for any obligation (spec/package.md §5, C7)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from custody.acts.releases import RECALL
from custody.base.canonical import Json
from custody.base.clock import parse, stamp
from custody.package.statements import ReleasedStatement
from custody.ports.store import Row, Transaction, one

TERM: Final = timedelta(days=7)
RULE: Final = "recall-answer"
_TITLE: Final = {
    "zh": "买方须答复召回：粉碎了什么，导出的副本怎样",
    "en": "The buyer answers the recall: what it shredded, what it exported",
}


def recalls(tx: Transaction, matter: Row) -> Iterator[tuple[int, datetime]]:
    """(number, when it is to be answered) of each recall whose answer was not agreed to here."""
    name = str(matter["id"])
    for row in tx.find("statement", order=("n",), matter=name, kind=ReleasedStatement.KIND):
        n = int(row["n"] or 0)
        made = one(tx, "job", key=f"recall:{name}:{n}")
        if made is not None and one(tx, "statement", matter=name, kind="receipt", n=n) is None:
            yield n, parse(str(row["at"])) + TERM


def clocks(tx: Transaction, matter: Row, now: datetime) -> list[dict[str, Json]]:
    """The same as rows of what is due."""
    return [_row(n, due, now) for n, due in recalls(tx, matter)]


def _row(n: int, due: datetime, now: datetime) -> dict[str, Json]:
    return {
        "rule": RULE, "title": dict(_TITLE), "reference": {}, "duty": RECALL, "event": f"release {n}",
        "state": "overdue" if due <= now else "running", "due_at": stamp(due), "bound": "at_latest", "zone": None, "source": "",
        "missing": [], "fault": "",
    }  # fmt: skip
