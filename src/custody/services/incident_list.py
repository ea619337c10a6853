"""The register of incidents, each with whom the law says to tell and by when (E2; spec/incidents.md)."""

from collections.abc import Iterator, Mapping
from typing import cast

from custody.acts import incidents
from custody.acts.desk import Desk
from custody.acts.entries import MATTER, read_at
from custody.acts.incidents import KIND, READERS
from custody.acts.people import by_id
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.ports.laws import Laws
from custody.ports.store import Transaction


def incident_list(desk: Desk, laws: Laws, ref: str | None = None) -> Mapping[str, Json]:
    """All, the newest first, or one, with what was done about it, the newest first. Raises Missing `incident.unknown`."""
    desk.require(READERS)
    now = stamp(desk.clock.now())
    with desk.store.read() as tx:
        if ref:
            row = incidents.incident(tx, desk.space, ref)
            one = incidents.told(tx, laws, row, desk.card.place, now)
            return {"incidents": [{**one, "history": list(_history(desk, tx, str(row["id"])))}]}
        rows = tx.find("matter", order=("-ref",), party=desk.space, kind=KIND)
        return {"incidents": [incidents.told(tx, laws, row, desk.card.place, now) for row in rows]}


def _history(desk: Desk, tx: Transaction, matter: str) -> Iterator[Json]:
    """What the ledger says of it: kinds, moments and who, no words."""
    rows = tx.first("entry_about", None, order=("-position",), space=desk.space, topic=MATTER, whom=matter)
    for row in rows:
        made = read_at(tx, desk.space, cast("int", row["position"]))
        who = by_id(tx, str(made.says["principal"])).handle if made.says.get("principal") else ""
        yield {"at": made.at, "kind": str(row["kind"]), "who": who, "ledger": f"{desk.space}@{made.position}"}
