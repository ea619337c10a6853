"""Public notices: where each stands, since when, until when at least (B1)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import cast

from custody.acts.desk import Desk
from custody.acts.members import among
from custody.acts.untrue import void
from custody.base.canonical import Json
from custody.ports.store import Row, Transaction, one


def publication_list(desk: Desk) -> Mapping[str, Json]:
    """The oldest first."""
    desk.require(("owner", "privacy", "lawyer", "data", "auditor", "advisor"))
    with desk.store.read() as tx:
        rows = tx.first("publication", None, among(desk, tx, "matter"), order=("ref",), party=desk.space)
        return {"publications": [_told(tx, row) for row in rows]}


def _told(tx: Transaction, row: Row) -> Json:
    soonest = date.fromisoformat(str(row["from_on"])) + timedelta(days=cast("int", row["days"]))
    matter = one(tx, "matter", id=str(row["matter"]))
    return {"publication": str(row["ref"]), "deal": str(matter["ref"]) if matter else "", "shown_in": str(row["place"]), "where": str(row["location"]), "from": str(row["from_on"]),
            "soonest": soonest.isoformat(), "until": str(row["until_on"]), "rules": list[Json](str(row["rules"]).split(",")),
            "people": tx.count("publication_for", publication=str(row["id"])), **({"void": why} if (why := void(tx, row)) else {})}  # fmt: skip
