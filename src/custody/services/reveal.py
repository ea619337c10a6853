"""Reveal: show one person's data to somebody with a role, for a purpose that the data was kept for, with a reason (A3, D4).

It is entered in the ledger before a value leaves; a refusal is entered too. What law only keeps opens for that alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from custody.acts.about import About, about, append_about
from custody.acts.desk import Desk
from custody.acts.reading import Reader, RowAgain
from custody.acts.standing import RETAINED, purposes, standing
from custody.acts.vaults import AUDIT, QUARANTINE, open_keyring, slot_places, vault_row
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Denied, Malformed, Missing
from custody.ports.store import Row, Transaction, one

PURPOSES: Final = ("contract", "service", "legal", "marketing", "internal")
_ANYBODY: Final = ("owner", "privacy", "lawyer", "data", "department")
_SENSITIVE: Final = frozenset(("privacy", "lawyer"))
_WHY: Final = {
    "purpose": {"zh": "收集时的目的不是这个。", "en": "It is not kept for this purpose."},
    "retained": {
        "zh": "依法仅留存，只能为法定留存的目的打开。",
        "en": "Retained by law only: it opens for that purpose alone.",
    },
    "tier": {"zh": "敏感信息，您的角色只到一般级。", "en": "Sensitive: your role is cleared for general data only."},
}


@dataclass(frozen=True, slots=True)
class _Plan:
    who: About
    allowed: frozenset[int]
    refused: Mapping[int, str]
    tiers: tuple[str, ...]


def reveal(desk: Desk, vault: str | None, named: str, purpose: str, reason: str) -> Mapping[str, Json]:
    """What may be opened of one person. Raises Missing `subject.unknown`, Malformed `reveal.purpose`, Denied `reveal.denied`."""
    desk.require(_ANYBODY)
    if purpose not in PURPOSES:
        raise Malformed("reveal.purpose", "This purpose is not known.", next=f"Say one of: {', '.join(PURPOSES)}.")
    if not reason.strip():
        raise Malformed("reveal.reason", "Say why this person's data must be seen.", next='--reason "…"')
    subject = ids.subject_bytes(named)
    with desk.store.write() as tx:
        held = str(vault_row(tx, desk.space, vault)["id"])
        plan = _plan(desk, tx, held, subject, purpose)
        position = _enter(desk, tx, plan, named, purpose, reason)
    withheld: list[Json] = [{"why": dict(_WHY[one])} for one in sorted(set(plan.refused.values()))]
    if not plan.allowed:
        text = " ".join(_WHY[one]["en"] for one in sorted(set(plan.refused.values())))
        raise Denied("reveal.denied", text, next="Ask the privacy officer, or say the purpose it is kept for.")
    with desk.store.read() as tx:
        tables = _opened(desk, tx, held, subject, plan.allowed)
    return {"subject": named, "purpose": purpose, "tiers": list(plan.tiers), "tables": tables, "withheld": withheld,
            "ledger": f"{desk.space}@{position}"}  # fmt: skip


def _plan(desk: Desk, tx: Transaction, vault: str, subject: bytes, purpose: str) -> _Plan:
    row = one(tx, "subject", vault=vault, id=subject)
    if row is None or row["state"] != "live":
        raise Missing("subject.unknown", "Nobody of that id is in this vault (any more).", next="custody lookup")
    verdicts = standing(tx, vault, row)
    kept = {cast("int", one["number"]): one for one in tx.find("compartment", vault=vault)}
    places = [one for one in slot_places(cast("bytes", row["slots"])) if one not in {AUDIT, QUARANTINE} and one in kept]
    refused = {one: why for one in places if (why := _refusal(desk, kept[one], verdicts.get(one), purpose))}
    allowed = frozenset(places) - set(refused)
    tiers = tuple(sorted({str(kept[one]["tier"]) for one in allowed}))
    ring = open_keyring(desk, tx, vault)
    return _Plan(about(tx, ring, subject, cast("bytes", row["slots"])), allowed, refused, tiers)


def _refusal(desk: Desk, compartment: Row, verdict: str | None, purpose: str) -> str:
    """Why a compartment stays shut, or nothing."""
    if purpose not in purposes(str(compartment["purposes"]), verdict):
        return "retained" if verdict == RETAINED else "purpose"
    if compartment["tier"] == "sensitive" and not desk.principal.roles & _SENSITIVE:
        return "tier"
    return ""


def _enter(desk: Desk, tx: Transaction, plan: _Plan, named: str, purpose: str, reason: str) -> int:
    kind = "revealed" if plan.allowed else "reveal-refused"
    says: dict[str, Json] = {"principal": desk.principal.id, "purpose": purpose, "tiers": list(plan.tiers),
                             "compartments": len(plan.allowed)}  # fmt: skip
    detail: dict[str, Json] = {"subject": named, "reason": reason}
    return append_about(tx, desk.space, stamp(desk.clock.now()), kind, says, who=plan.who, detail=detail)


def _opened(desk: Desk, tx: Transaction, vault: str, subject: bytes, allowed: frozenset[int]) -> list[Json]:
    reader = Reader(desk, tx, vault, only={subject})
    rows: dict[str, dict[int, RowAgain]] = {}
    for record in tx.find("record", order=("segment", "position"), vault=vault, subject=subject):
        if record["compartment"] in allowed:
            reader.put(record, rows)
    reader.close()
    columns = reader.columns()
    return [
        {"name": name, "rows": [_named(columns[name], row) for _, row in sorted(found.items())]}
        for name, found in sorted(rows.items())
    ]


def _named(columns: tuple[str, ...], row: RowAgain) -> Json:
    return {columns[place]: str(value) if value is not None else None for place, value in sorted(row.values.items())}
