"""Decide over one customer, enter it, and only then open what the decision opens (A3, D4; spec/access.md §3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from custody.acts.about import About, about, append_about
from custody.acts.access_decisions import Decided, decided, keep
from custody.acts.desk import Desk
from custody.acts.reading import Reader, RowAgain
from custody.acts.standing import standing
from custody.acts.vaults import AUDIT, QUARANTINE, Keyring, open_keyring, slot_places
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed, Missing
from custody.ports.store import Transaction, one
from custody.privacy.access import PURPOSES, ROLES

__all__ = ["PURPOSES", "ROLES", "Look", "checked", "decide_and_enter", "opened"]

_LONGEST: Final = 400


@dataclass(frozen=True, slots=True)
class Look:
    """One customer's decision, as it was entered."""

    subject: bytes
    made: Decided
    position: int


def checked(purpose: str, reason: str) -> None:
    """Raises Malformed `reveal.purpose`, `reveal.reason`."""
    if purpose not in PURPOSES:
        raise Malformed("reveal.purpose", "This purpose is not known.", next=f"Say one of: {', '.join(PURPOSES)}.")
    if not reason.strip():
        raise Malformed("reveal.reason", "Say why this person's data must be seen.", next='--reason "…"')
    if len(reason) > _LONGEST:
        raise Malformed("reveal.long", f"A reason has at most {_LONGEST} characters.")


def decide_and_enter(desk: Desk, tx: Transaction, vault: str, subject: bytes, purpose: str, reason: str) -> Look:
    """Decide and append the entry, refused or not. Raises Missing `subject.unknown`."""
    row = one(tx, "subject", vault=vault, id=subject)
    if row is None or row["state"] != "live":
        raise Missing("subject.unknown", "Nobody of that id is in this vault (any more).", next="custody lookup")
    verdicts = standing(tx, vault, row)
    kept = {cast("int", found["number"]): found for found in tx.find("compartment", vault=vault)}
    places = [
        place
        for place in slot_places(cast("bytes", row["slots"]))
        if place not in {AUDIT, QUARANTINE} and place in kept
    ]
    made = decided(desk, tx, subject, [(kept[place], verdicts.get(place)) for place in places], purpose)
    ring: Keyring = open_keyring(desk, tx, vault)
    return Look(
        subject, made, _enter(desk, tx, about(tx, ring, subject, cast("bytes", row["slots"])), made, purpose, reason)
    )


def _enter(desk: Desk, tx: Transaction, who: About, made: Decided, purpose: str, reason: str) -> int:
    kind = "revealed" if made.open else "reveal-refused"
    tiers = sorted({made.tiers[place] for place in made.open})
    says: dict[str, Json] = {"principal": desk.principal.id, "purpose": purpose, "tiers": list[Json](tiers),
                             "compartments": len(made.open), "decision": made.digest}  # fmt: skip
    detail: dict[str, Json] = {"subject": ids.subject_text(who.subject), "reason": reason}
    position = append_about(tx, desk.space, stamp(desk.clock.now()), kind, says, who=who, detail=detail)
    keep(tx, desk.space, position, made)
    return position


def opened(desk: Desk, tx: Transaction, vault: str, look: Look) -> list[Json]:
    """The tables of what the decision opens, columns by name, in the classes that its rules show."""
    reader = Reader(desk, tx, vault, only={look.subject})
    rows: dict[str, dict[int, RowAgain]] = {}
    shown: dict[str, set[int]] = {}
    classes = _classes(tx, vault)
    for record in tx.find("record", order=("segment", "position"), vault=vault, subject=look.subject):
        outcome = look.made.outcomes.get(cast("int", record["compartment"]))
        if outcome is not None and outcome.open:
            reader.put(record, rows)
            layout = reader.layouts[cast("int", record["schema"])]
            pairs = zip(layout.places, layout.columns, strict=True)
            shown.setdefault(layout.table, set()).update(
                place for place, name in pairs if outcome.shows(classes[layout.table].get(name, "record.other"))
            )
    reader.close()
    columns = reader.columns()
    return [
        {"name": name, "rows": [_named(columns[name], row, shown[name]) for _, row in sorted(found.items())]}
        for name, found in sorted(rows.items())
    ]


def _classes(tx: Transaction, vault: str) -> Mapping[str, Mapping[str, str]]:
    """{table: {column: class}}."""
    found: dict[str, dict[str, str]] = {}
    for row in tx.find("tally", order=("tbl",), vault=vault):
        told = cast("dict[str, list[list[str]]]", canonical.decode(cast("bytes", row["columns"])))
        found[str(row["tbl"])] = {column[0]: column[1] for column in told["columns"]}
    return found


def _named(columns: tuple[str, ...], row: RowAgain, shown: set[int]) -> Json:
    return {
        columns[place]: str(value) if value is not None else None
        for place, value in sorted(row.values.items())
        if place in shown
    }
