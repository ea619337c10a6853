"""When what is on file for a person or their deal came there, and by which entry of the ledger (spec/law.md, E4)."""

from collections.abc import Mapping
from typing import cast

from custody.acts.desk import Desk
from custody.acts.matters import EVERYBODY, deal
from custody.base import ids
from custody.base.canonical import Json


def evidence_when(desk: Desk, named: str, subject: str) -> Mapping[str, Json]:
    """{kind: its newest entry}; a person's own before the deal's, which counts for everybody."""
    found: dict[str, Json] = {}
    with desk.store.read() as tx:
        matter = str(deal(desk, tx, named)["id"])
        for who in (EVERYBODY, ids.subject_bytes(subject)):
            rows = tx.find("evidence", matter=matter, subject=who)
            for row in sorted(rows, key=lambda one: cast("int", one["position"])):
                found[str(row["type"])] = {"at": str(row["at"]), "ledger": row["position"]}
    return {"subject": subject, "kinds": found}
