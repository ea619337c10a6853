"""In which deals a person is on file as having died, and by which entry (spec/law.md §7)."""

from collections.abc import Mapping
from typing import cast

from custody.acts.desk import Desk
from custody.acts.matters import deals
from custody.base import ids
from custody.base.canonical import Json
from custody.law.gate import DIED
from custody.ports.store import Row


def evidence_deaths(desk: Desk, subject: str) -> Mapping[str, Json]:
    """The newest entry of each deal, the deals in their order."""
    who = ids.subject_bytes(subject)
    with desk.store.read() as tx:
        found = [(row, tx.find("evidence", matter=str(row["id"]), subject=who, type=DIED)) for row in deals(desk, tx)]
    return {"subject": subject, "entries": [_newest(str(deal["ref"]), rows) for deal, rows in found if rows]}


def _newest(ref: str, rows: list[Row]) -> Json:
    row = max(rows, key=lambda one: cast("int", one["position"]))
    return {"deal": ref, "ledger": row["position"], "at": str(row["at"])}
