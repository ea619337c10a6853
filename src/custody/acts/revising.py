"""A correction as a new revision under the same key; the one before stays readable, with who, why and when (A1, §9)."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, cast

from custody.acts.about import append_about
from custody.acts.desk import Desk
from custody.acts.own_evidence import own_about
from custody.acts.reading import Reader
from custody.acts.reseal import Change, live_subject
from custody.acts.segments import Draft, Written, write_segment
from custody.acts.unindexed import note
from custody.acts.vaults import open_keyring, require_writable, slot_places, slots_of
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Missing, Unavailable
from custody.ports.store import Cells, Row, Transaction, one
from custody.vault.page import slot

Also = Callable[[Transaction, int], None]


class Part(NamedTuple):
    """What becomes of one record. `also` is called in the same transaction, with the number of the revision."""

    record: int
    change: Change
    also: Also | None = None


class _Sealed(NamedTuple):
    before: Row
    after: int
    written: Written
    also: Also | None


def revise_record(
    desk: Desk, vault: str, subject: bytes, record: int, change: Change, reason: str, also: Also | None = None
) -> int:
    """Seal the corrected payload as the next revision; returns its number. Raises Missing `record.unknown`.

    `also` is called in the same transaction, with the number.
    """
    return revise_records(desk, vault, subject, [Part(record, change, also)], reason)[0]


def revise_records(desk: Desk, vault: str, subject: bytes, parts: Sequence[Part], reason: str) -> list[int]:
    """Several records of one person, each once, in one transaction: all of them read otherwise, or none does. Raises Missing `record.unknown`."""
    with desk.store.read() as tx:
        row, vault_row = live_subject(tx, vault, subject), cast("Row", one(tx, "vault", id=vault))
        made = [_sealed(desk, tx, (vault_row, row), part) for part in parts]
    with desk.store.write() as tx:
        require_writable(tx, vault)
        if live_subject(tx, vault, subject) != row:
            raise _raced()
        who = own_about(desk, tx, vault, subject, stamp(desk.clock.now()))
        for each in made:
            now = stamp(desk.clock.now())  # what was called before entered something, too
            _replace(desk, tx, (vault, subject), each, reason, now)
            detail: dict[str, Json] = {
                "subject": subject.hex(),
                "record": each.before["record"],
                "revision": each.after,
                "principal": desk.principal.id,
                "reason": reason,
            }
            says: dict[str, Json] = {"vault": vault, "reason": reason}
            append_about(tx, desk.space, now, "revised", says, who=who, detail=detail)
            if each.also is not None:
                each.also(tx, each.after)
        note(tx, vault, subject)
    return [each.after for each in made]


def _sealed(desk: Desk, tx: Transaction, of: tuple[Row, Row], part: Part) -> _Sealed:
    """The record as it is to read, in a segment of its own that no row names yet."""
    (vault, person), subject = of, cast("bytes", of[1]["id"])
    before = one(tx, "record", vault=vault["id"], subject=subject, record=part.record)
    if before is None:
        raise Missing("record.unknown", "This customer has no such record.")
    compartment = cast("int", before["compartment"])
    with Reader(desk, tx, str(vault["id"]), only={subject}) as reader:
        payload = part.change(before, reader.open(before))
    assert payload is not None
    place = slot_places(cast("bytes", person["slots"]))[compartment]
    slots = slots_of(tx, open_keyring(desk, tx, str(vault["id"])), compartment, place[0])
    after = cast("int", before["revision"]) + 1
    draft = Draft(subject, part.record, compartment, cast("int", before["schema"]), after, payload, slot(slots, place[1]))  # fmt: skip
    return _Sealed(before, after, write_segment(desk, vault, [draft], slots.suite), part.also)


def _replace(desk: Desk, tx: Transaction, whose: tuple[str, bytes], made: _Sealed, reason: str, now: str) -> None:
    """The record's row leads to what was sealed, and what stood before is kept beside it. Raises Unavailable `vault.raced`."""
    (vault, subject), before = whose, made.before
    here: Cells = {"vault": vault, "subject": subject, "record": before["record"]}
    same: Cells = {name: before[name] for name in ("revision", "segment", "position")}
    if tx.change("record", {"revision": made.after, **made.written.location(0)}, **here, **same) != 1:
        raise _raced()
    tx.add("segment", [made.written.row])
    kept: Cells = {name: before[name] for name in ("segment", "position", "length", "revision")}
    tx.add("revision", [{**here, **kept, "principal": desk.principal.id, "reason": reason, "at": now}])
    # It may have a value to strip again.
    tx.drop("stripped", vault=vault, subject=subject, compartment=before["compartment"])


def _raced() -> Unavailable:
    return Unavailable("vault.raced", "Another writer changed this customer.", retry=True, next="Run it again.")
