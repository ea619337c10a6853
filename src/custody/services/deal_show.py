"""What a deal is and where it stands (C1)."""

from collections.abc import Mapping

from custody.acts.desk import Desk
from custody.acts.matters import called, deal, deals, facts_of
from custody.base.canonical import Json
from custody.ports.store import Row, Transaction


def deal_show(desk: Desk, named: str | None) -> Mapping[str, Json]:
    """One deal with its facts and statements, or the list of all."""
    with desk.store.read() as tx:
        if named is None:
            return {"deals": [_brief(tx, row) for row in deals(desk, tx)]}
        row = deal(desk, tx, named)
        return {**_brief(tx, row), "facts": facts_of(tx, str(row["id"])), "statements": _statements(tx, row)}


def _brief(tx: Transaction, row: Row) -> dict[str, Json]:
    told: dict[str, Json] = {name: str(row[name]) for name in ("kind", "state", "counterparty", "vault")}
    return {"id": str(row["id"]), "ref": called(tx, row), **told}


def _statements(tx: Transaction, row: Row) -> list[Json]:
    found = tx.find("statement", order=("position",), matter=str(row["id"]))
    return [
        {"kind": str(one["kind"]), "sha256": str(one["sha256"]), "at": str(one["at"]), "ledger": one["position"]}
        for one in found
    ]
