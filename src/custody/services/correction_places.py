"""Where a correction of one customer can be made, and by what proof: places and rules, never a value (A7; spec/freshness.md §2)."""

from collections.abc import Iterator, Mapping
from typing import cast

from custody.acts.desk import Desk
from custody.acts.layouts import class_of
from custody.acts.policies import CORRECTIONS
from custody.acts.reseal import live_subject
from custody.acts.vaults import vault_row
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.ports.store import Transaction
from custody.privacy.corrections import Policy


def correction_places(desk: Desk, subject: str, vault: str | None) -> Mapping[str, Json]:
    """Every column of every row of theirs, in the order of the tables. Raises Missing `subject.unknown`."""
    desk.require(("owner", "privacy", "data", "department"))
    who = ids.subject_bytes(subject)
    with desk.store.read() as tx:
        row = vault_row(tx, desk.space, vault)
        live_subject(tx, str(row["id"]), who)
        policy = CORRECTIONS.in_force(tx, desk.space).policy
        places = list(_places(tx, str(row["id"]), who, policy))
    return {"subject": subject, "vault": str(row["name"]), "places": places}


def _places(tx: Transaction, vault: str, subject: bytes, policy: Policy) -> Iterator[Json]:
    for layout in tx.find("schema", order=("tbl", "number"), vault=vault):
        rows = tx.find("record", order=("row",), vault=vault, subject=subject, schema=layout["number"])
        if not rows:
            continue
        told = cast("Mapping[str, list[str]]", canonical.decode(cast("bytes", layout["columns"])))
        table, classes = str(layout["tbl"]), class_of(tx, vault, str(layout["tbl"]))
        for row in rows:
            for column in told["columns"]:
                cls = classes.get(column, "")
                yield {"table": table, "row": row["row"], "column": column, "class": cls, "by": policy.of(cls).by}
