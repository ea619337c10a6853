"""Correct one value of one customer: versioned, with who, why and when; or, where the law demands it, without the old value (A1).

Facts that the gate draws from the corrected class are derived anew from all rows; what none says is unknown, which never clears. Whoever
received the value is to be told (spec/freshness.md §4). Of what is high risk a second person approves just this value (§3).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from custody.acts import corrections, revised_by_two
from custody.acts.correcting import Place, cell_at, changed, derive_again, write_value
from custody.acts.desk import Desk
from custody.acts.erasing import renewed_places
from custody.acts.mirroring import mirrored
from custody.acts.policies import CORRECTIONS
from custody.acts.quarantined import unsaved
from custody.acts.reseal import live_subject, reseal
from custody.acts.sole import sole_writer
from custody.acts.vaults import vault_row
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.base.errors import Malformed
from custody.ports.store import Row, Transaction

_REASON: Final = re.compile(r"[a-z][a-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class Correction:
    """What is wrong: a column of a row of the customer's, and what it should read. `row` may be left out when there is one."""

    table: str
    row: int | None
    column: str
    value: str
    reason: str
    by_law: bool = False


@sole_writer("vault", "vault")
def revise(
    desk: Desk, subject: str, what: Correction, vault: str | None, *, dry_run: bool = False
) -> Mapping[str, Json]:
    """Raises Missing `record.unknown`, `record.which`, Malformed `revise.reason`, Refused `act.unapproved`, `vault.held` (by law, under a hold)."""
    desk.require(("owner", "privacy", "data"))
    if not _REASON.fullmatch(what.reason):
        raise Malformed(
            "revise.reason", "The reason of a correction is a code: a-z, 0-9, dot, dash.", next="--reason typo"
        )
    who = ids.subject_bytes(subject)
    with desk.store.read() as tx:
        row = vault_row(tx, desk.space, vault)
        name, policy = str(row["id"]), CORRECTIONS.in_force(tx, desk.space).policy
        had = live_subject(tx, name, who)["facts"]
        cell = cell_at(tx, name, who, Place(what.table, what.row, what.column))
        late = what.by_law and not dry_run and unsaved(tx, desk.space, name)
    named: dict[str, Json] = {"table": what.table, "column": what.column, "reason": what.reason}
    signed = revised_by_two.content(desk, name, who, cell, what.value, {**named, "by_law": what.by_law})
    base: dict[str, Json] = {"subject": subject, "vault": str(row["name"]), **named}
    if dry_run:
        return {**base, "would": {"approve": [revised_by_two.ACT, signed]} if signed else True}
    if late:  # of one that was killed before it renewed the places, and whose approval has served
        renewed_places(desk)
    with desk.store.read() as tx:
        revised_by_two.require_second(desk, tx, signed, once=False)
    made = corrections.new_row(
        desk, corrections.Draft(name, who, what.table, what.column, cell, "own-record", what.reason), corrections.DONE
    )

    def change(record: Row, payload: bytes) -> bytes:
        return changed(payload, cell.place, what.value) if record["record"] == cell.record else payload

    def by_law(tx: Transaction) -> None:
        revised_by_two.require_second(desk, tx, signed)
        derive_again(desk, tx, name, who, cell.cls)
        corrections.done(desk, tx, made, policy, 0, reversible=False)

    def kept(tx: Transaction, revision: int) -> None:
        revised_by_two.require_second(desk, tx, signed)
        corrections.done(desk, tx, made, policy, revision)

    if what.by_law:
        moved = reseal(desk, name, who, [cell.compartment], change, "corrected", by_law)
        told: dict[str, Json] = {"revision": None, "slots": moved.slots, "backed_up": renewed_places(desk)}
    else:
        told = {"revision": write_value(desk, name, who, cell, what.value, what.reason, kept), "slots": 0}
    with desk.store.read() as tx:
        unknown = sorted(_facts(had) - _facts(live_subject(tx, name, who)["facts"]))
    return {**base, "correction": str(made["id"]), **told, "facts_unknown": list[Json](unknown), "mirrored": mirrored(desk)}  # fmt: skip


def _facts(kept: object) -> set[str]:
    """The names of the facts in a person's row."""
    return set(cast("Mapping[str, Json]", canonical.decode(cast("bytes", kept))))
