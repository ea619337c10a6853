"""Jobs of this home: what runs, what ended, since when; never what they are about (spec/api.md)."""

from collections.abc import Mapping

from custody.acts.desk import Desk
from custody.base.canonical import Json
from custody.ports.store import Cells, Row


def job_list(desk: Desk, state: str | None, most: int, start: int = 0) -> Mapping[str, Json]:
    """The newest first, `running` and `done`, or those in one state: the first `most` after `start`, and how many there are."""
    named: Cells = {"state": state} if state else {}
    with desk.store.read() as tx:
        rows = tx.first("job", most, (), start, order=("-started_at", "-id"), **named)
        total = tx.count("job", **named)
    return {"jobs": [_told(row) for row in rows], "total": total}


def _told(row: Row) -> Json:
    return {name: str(row[name]) for name in ("id", "kind", "state", "started_at")}
