"""A correction as a new revision under the same key; the one before stays readable, with who, why and when (A1, §9)."""

from collections.abc import Callable
from typing import cast

from custody.acts.about import append_about
from custody.acts.desk import Desk
from custody.acts.own_evidence import own_about
from custody.acts.reading import Reader
from custody.acts.reseal import Change, live_subject
from custody.acts.segments import Draft, write_segment
from custody.acts.unindexed import note
from custody.acts.vaults import open_keyring, require_writable, slot_places, slots_of
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Missing, Unavailable
from custody.ports.store import Row, Transaction, one
from custody.vault.page import slot

Also = Callable[[Transaction, int], None]


def revise_record(
    desk: Desk, vault: str, subject: bytes, record: int, change: Change, reason: str, also: Also | None = None
) -> int:
    """Seal the corrected payload as the next revision; returns its number. Raises Missing `record.unknown`.

    `also` is called in the same transaction, with the number.
    """
    with desk.store.read() as tx:
        row, before = live_subject(tx, vault, subject), one(tx, "record", vault=vault, subject=subject, record=record)
        if before is None:
            raise Missing("record.unknown", "This customer has no such record.")
        reader, compartment = Reader(desk, tx, vault), cast("int", before["compartment"])
        payload = change(before, reader.open(before))
        reader.close()
        place = slot_places(cast("bytes", row["slots"]))[compartment]
        slots = slots_of(tx, open_keyring(desk, tx, vault), compartment, place[0])
        dek = slot(slots, place[1])
        vault_row = cast("Row", one(tx, "vault", id=vault))
    assert payload is not None
    after = cast("int", before["revision"]) + 1
    numbers = (record, compartment, cast("int", before["schema"]), after)
    written = write_segment(desk, vault_row, [Draft(subject, *numbers, payload, dek)], slots.suite)
    now = stamp(desk.clock.now())
    with desk.store.write() as tx:
        require_writable(tx, vault)
        same = {name: before[name] for name in ("revision", "segment", "position")}
        changed = tx.change(
            "record", {"revision": after, **written.location(0)}, vault=vault, subject=subject, record=record, **same
        )
        if changed != 1 or live_subject(tx, vault, subject) != row:
            raise Unavailable("vault.raced", "Another writer changed this customer.", retry=True, next="Run it again.")
        tx.add("segment", [written.row])
        kept = {name: before[name] for name in ("segment", "position", "length", "revision")}
        tx.add("revision", [{"vault": vault, "subject": subject, "record": record, **kept,
                             "principal": desk.principal.id, "reason": reason, "at": now}])  # fmt: skip
        note(tx, vault, subject)
        tx.drop("stripped", vault=vault, subject=subject, compartment=compartment)  # it may have a value to strip again
        detail: dict[str, Json] = {
            "subject": subject.hex(),
            "record": record,
            "revision": after,
            "principal": desk.principal.id,
            "reason": reason,
        }
        who, _ = own_about(desk, tx, vault, row, now)
        says: dict[str, Json] = {"vault": vault, "reason": reason}
        append_about(tx, desk.space, now, "revised", says, who=who, detail=detail)
        if also is not None:
            also(tx, after)
    return after
