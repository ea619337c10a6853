"""Jobs of this home: what runs, what ended, since when; never what they are about (spec/api.md)."""

from collections.abc import Mapping
from typing import Final

from custody.acts.desk import Desk
from custody.base.canonical import Json
from custody.ports.store import Row

_MOST: Final = 200


def job_list(desk: Desk, state: str | None) -> Mapping[str, Json]:
    """The newest first, `running` and `done`, or those in one state."""
    with desk.store.read() as tx:
        rows = tx.find("job", order=("started_at",), **({"state": state} if state else {}))
    return {"jobs": [_told(row) for row in reversed(rows[-_MOST:])], "total": len(rows)}


def _told(row: Row) -> Json:
    return {name: str(row[name]) for name in ("id", "kind", "state", "started_at")}
