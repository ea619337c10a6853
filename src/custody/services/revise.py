"""Correct one value of one customer: versioned, with who, why and when; or, where the law demands it, without the old value (A1).

Facts that the gate draws from the corrected class become unknown until they are derived anew: unknown never clears.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from custody.acts.desk import Desk
from custody.acts.erasing import renewed_places
from custody.acts.layouts import Cell, cells
from custody.acts.mirroring import mirrored
from custody.acts.reseal import live_subject, reseal
from custody.acts.revising import revise_record
from custody.acts.sole import sole_writer
from custody.acts.vaults import vault_row
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.base.errors import Malformed, Missing
from custody.ports.store import Row, Transaction
from custody.vault.payload import Value, pack, unpack

_REASON: Final = re.compile(r"[a-z][a-z0-9._-]{0,63}")
_TURNS: Final = ("turns_13_on", "turns_14_on", "turns_16_on", "turns_18_on")
_FED: Final[Mapping[str, tuple[str, ...]]] = {
    "person.birth_date": _TURNS, "id.cn_resident": _TURNS, "contact.country": ("residence",), "contact.region": ("residence",),
    "contact.address": ("residence",), "trade.time": ("last_activity",), "trade.status": ("contract_status",),
    "record.status": ("contract_status",),
}  # fmt: skip


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
def revise(desk: Desk, subject: str, what: Correction, vault: str | None) -> Mapping[str, Json]:
    """Raises Missing `record.unknown`, `record.which`, Malformed `revise.reason`, Refused `vault.held` (by law, under a hold)."""
    desk.require(("owner", "privacy", "data"))
    if not _REASON.fullmatch(what.reason):
        raise Malformed(
            "revise.reason", "The reason of a correction is a code: a-z, 0-9, dot, dash.", next="--reason typo"
        )
    who = ids.subject_bytes(subject)
    with desk.store.read() as tx:
        row = vault_row(tx, desk.space, vault)
        name = str(row["id"])
        live_subject(tx, name, who)
        found = _one(tx, name, who, what)

    def change(record: Row, payload: bytes) -> bytes:
        return _changed(payload, found.place, what.value) if record["record"] == found.record else payload

    if what.by_law:
        moved = reseal(desk, name, who, [found.compartment], change, "corrected")
        told: dict[str, Json] = {"revision": None, "slots": moved.slots, "backed_up": renewed_places(desk)}
    else:
        told = {"revision": revise_record(desk, name, who, found.record, change, what.reason), "slots": 0}
    unknown = _forget(desk, name, who, found.cls)
    return {"subject": subject, "vault": str(row["name"]), "table": what.table, "column": what.column, "reason": what.reason,
            **told, "facts_unknown": list[Json](unknown), "mirrored": mirrored(desk)}  # fmt: skip


def _one(tx: Transaction, vault: str, subject: bytes, what: Correction) -> Cell:
    found = [one for one in cells(tx, vault, subject, what.table, what.column) if what.row in {None, one.row}]
    if not found:
        raise Missing(
            "record.unknown", "This customer has no such row or column.", next="custody reveal SUBJECT --purpose …"
        )
    if len(found) > 1:
        raise Missing("record.which", "The customer has several rows of this table.", next="Say which: --row N")
    return found[0]


def _changed(payload: bytes, place: int, text: str) -> bytes:
    """The payload with one value replaced; a number stays a number where the new text is one."""
    number, values = unpack(payload)
    changed: list[Value] = list(values)
    changed[place] = _typed(values[place], text)
    return pack(number, changed)


def _typed(before: Value, text: str) -> Value:
    if isinstance(before, int) and not isinstance(before, bool) and re.fullmatch(r"-?[1-9]\d{0,17}|0", text):
        return int(text)
    return text


def _forget(desk: Desk, vault: str, subject: bytes, cls: str) -> list[str]:
    """Facts that came from this class are unknown from now on."""
    fed = _FED.get(cls, ())
    with desk.store.write() as tx:
        row = live_subject(tx, vault, subject)
        facts = cast("dict[str, Json]", canonical.decode(cast("bytes", row["facts"])))
        gone = sorted(set(fed) & set(facts))
        if gone:
            left = {name: value for name, value in facts.items() if name not in gone}
            tx.change("subject", {"facts": canonical.encode(left)}, vault=vault, id=subject)
    return gone
