"""Somebody looked at what a review doubts, and it is right as it stands: kept until the value is corrected (A7; spec/freshness.md §1)."""

from collections.abc import Mapping
from typing import NamedTuple

from custody.acts.about import append_about
from custody.acts.desk import Desk
from custody.acts.mirroring import mirrored
from custody.acts.own_evidence import own_about
from custody.acts.reseal import live_subject
from custody.acts.reviewing import KEPT
from custody.acts.vaults import vault_row
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed, Missing

_LONGEST = 400


class Place(NamedTuple):
    """Where a value stands."""

    table: str
    row: int
    column: str


def freshness_keep(desk: Desk, subject: str, place: Place, reason: str, vault: str | None) -> Mapping[str, Json]:
    """`reason` is kept sealed under the person's own key. Raises Missing `freshness.none`, Malformed `freshness.reason`."""
    desk.require(("owner", "privacy", "data", "department"))
    if not 0 < len(reason.strip()) <= _LONGEST:
        raise Malformed("freshness.reason", "Say why it is right, in at most 400 characters.", next='--reason "…"')
    who = ids.subject_bytes(subject)
    with desk.store.write() as tx:
        now = stamp(desk.clock.now())
        row = vault_row(tx, desk.space, vault)
        name = str(row["id"])
        live_subject(tx, name, who)
        told = {"state": KEPT, "closed_at": now, "principal": desk.principal.id}
        kept = tx.change(
            "doubt", told, vault=name, subject=who, tbl=place.table, row=place.row, col=place.column, state="open"
        )
        if not kept:
            raise Missing("freshness.none", "Nothing of this value is doubted.", next="custody freshness list")
        says: dict[str, Json] = {"vault": name, "doubts": kept, "principal": desk.principal.id}
        detail: dict[str, Json] = {
            "subject": subject,
            "table": place.table,
            "row": place.row,
            "column": place.column,
            "reason": reason.strip(),
        }
        person = own_about(desk, tx, name, who, now)
        position = append_about(tx, desk.space, now, "doubt-kept", says, who=person, detail=detail)
    mirrored(desk)
    return {"subject": subject, "table": place.table, "row": place.row, "column": place.column, "kept": kept,
            "ledger": f"{desk.space}@{position}"}  # fmt: skip
