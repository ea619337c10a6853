"""Erase a part of what is held of a customer: a table, or one row of it; the rest of the compartment moves to a new key (A8, §9)."""

from collections.abc import Mapping
from typing import cast

from custody.acts.closed_accounts import keep_away_closing
from custody.acts.desk import Desk
from custody.acts.destroys import final_by, waits_for
from custody.acts.erased_alone import require_second
from custody.acts.erasing import renewed_places
from custody.acts.layouts import schemas_of
from custody.acts.mirroring import mirrored
from custody.acts.nobodys import require_people
from custody.acts.quarantined import unsaved
from custody.acts.reseal import live_subject, reseal
from custody.acts.shred import require_unheld
from custody.acts.sole import sole_writer
from custody.acts.vaults import terms_of, vault_row
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Missing
from custody.ports.store import Row


@sole_writer("vault", "vault")
def erase_part(
    desk: Desk, subject: str, table: str, row: int | None, vault: str | None, *, dry_run: bool = False
) -> Mapping[str, Json]:
    """`dry_run` says how many records it would take and does nothing. Raises Missing `record.unknown`, Refused `vault.held`, `erase.not-a-person`, `act.unapproved`. Whoever asked for their account to be closed is kept off first. What stays is in no backup until places are renewed, which is tried."""
    desk.require(("owner", "privacy"))
    who = ids.subject_bytes(subject)
    with desk.store.read() as tx:
        held = vault_row(tx, desk.space, vault)
        name = str(held["id"])
        live_subject(tx, name, who)
        require_people(tx, name, [who])
        wanted = schemas_of(tx, name, table)
        records = [each for each in tx.find("record", vault=name, subject=who)
                   if each["schema"] in wanted and row in {None, each["row"]}]  # fmt: skip
        late = not dry_run and unsaved(tx, desk.space, name)
    if not records:
        if late:  # taken already by one that was killed before it renewed the places
            renewed_places(desk)
        raise Missing("record.unknown", "This customer has no such row.", next="custody reveal SUBJECT --purpose …")
    if dry_run:
        with desk.store.read() as tx:
            require_unheld(tx, name, [who], stamp(desk.clock.now()))
        return {"vault": str(held["name"]), "subject": subject, "table": table, "records": len(records), "dry_run": True, "would": True}  # fmt: skip
    with desk.store.write() as tx:
        require_second(desk, tx, name, 1, {"subject": subject, "table": table, "row": row})
    listed = keep_away_closing(desk, held, [who])
    gone = {each["record"] for each in records}
    compartments = sorted({cast("int", each["compartment"]) for each in records})

    def change(record: Row, payload: bytes) -> bytes | None:
        return None if record["record"] in gone else payload

    terms = terms_of(desk, held)
    done = reseal(desk, name, who, compartments, change, "partial")
    renewed, reached = renewed_places(desk), mirrored(desk)
    with desk.store.read() as tx:
        final, why = final_by(desk, tx, name, terms.delay), waits_for(tx, name)
    return {
        "vault": str(held["name"]), "subject": subject, "table": table, "records": done.dropped, "kept": done.kept, "slots": done.slots, "suppressed": listed,
        "unreadable": True, "final": False, "mirrored": reached, "backed_up": renewed, "assurance": terms.assurance,
        "final_by": final if reached else None, "waits_for": list[Json](why), "ledger": f"{desk.space}@{done.entry}",
    }  # fmt: skip
