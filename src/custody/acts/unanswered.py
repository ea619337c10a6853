"""Recalls that the buyer has not answered: a clock for each, as for any obligation (spec/package.md §5, C7)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final, NamedTuple, cast

from custody.acts import releases
from custody.acts.desk import Desk
from custody.acts.handing import counterparty, understood
from custody.acts.releases import RECALL
from custody.base.canonical import Json
from custody.base.clock import parse, stamp
from custody.package.statements import Recalled, ReleasedStatement
from custody.ports.store import Row, Transaction

TERM: Final = timedelta(days=7)
RULE: Final = "recall-answer"
_TITLE: Final = {
    "zh": "买方须答复召回：粉碎了什么，导出的副本怎样",
    "en": "The buyer answers the recall: what it shredded, what it exported",
}

_HELD: Final = {
    "zh": "召回还没有做完：{n} 个密钥在买方处于保全中，保全结束后再粉碎并答复",
    "en": "The recall is not done: a hold keeps {n} keys at the buyer, which shreds them and answers again when it ends",
}


class Unanswered(NamedTuple):
    """A recall: its number, when it is to be answered, and how many of its slots a hold keeps at the buyer, by the answer that was agreed to."""

    n: int
    due: datetime
    held: int


def recalls(desk: Desk, tx: Transaction, matter: Row) -> Iterator[Unanswered]:
    """Each recall of which no answer was agreed to here that holds nothing back."""
    name = str(matter["id"])
    for row in tx.find("statement", order=("n",), matter=name, kind=ReleasedStatement.KIND):
        n = int(row["n"] or 0)
        if _said(desk, row).kind != RECALL:
            continue
        held, said = 0, releases.answered(tx, name, "receipt", n)
        if said:
            held = _held(desk, tx, matter, said[-1])
            if not held:
                continue
        yield Unanswered(n, parse(str(row["at"])) + TERM, held)


def _said(desk: Desk, row: Row) -> ReleasedStatement:
    """By what was signed: a store that was restored has the statement and not the job."""
    return understood(cast("bytes", row["envelope"]), ReleasedStatement, desk.card.identity, rehearsal=desk.rehearsal)


def _held(desk: Desk, tx: Transaction, matter: Row, row: Row) -> int:
    buyer = counterparty(tx, str(matter["counterparty"]))
    return understood(cast("bytes", row["envelope"]), Recalled, buyer.identity, rehearsal=desk.rehearsal).held


def clocks(desk: Desk, tx: Transaction, matter: Row, now: datetime) -> list[dict[str, Json]]:
    """The same as rows of what is due."""
    return [_row(one, now) for one in recalls(desk, tx, matter)]


def _row(one: Unanswered, now: datetime) -> dict[str, Json]:
    n, due, title = one.n, one.due, _TITLE
    if one.held:
        title = {lang: text.format(n=one.held) for lang, text in _HELD.items()}
    return {
        "rule": RULE, "title": dict(title), "reference": {}, "duty": RECALL, "event": f"release {n}", "for": {}, "since": {},
        "state": "overdue" if due <= now else "running", "due_at": stamp(due), "bound": "at_latest", "zone": None, "source": "",
        "missing": [], "fault": "",
    }  # fmt: skip
