"""Decide over one customer, enter it, and only then open what the decision opens (A3, D4; spec/access.md §3)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, cast

from custody.acts.about import append_about
from custody.acts.access_decisions import Decided, decided, keep
from custody.acts.counter import add_up_to
from custody.acts.desk import Desk
from custody.acts.held_fields import Column, columns, narrowed
from custody.acts.own_evidence import own_about
from custody.acts.policies import ACCESS
from custody.acts.reading import Reader, RowAgain
from custody.acts.standing import standing
from custody.acts.vaults import AUDIT, QUARANTINE, slot_places
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Denied, Malformed, Missing
from custody.ports.store import Transaction, one
from custody.privacy.access import PURPOSES, ROLES

__all__ = [
    "PURPOSES",
    "ROLES",
    "Look",
    "checked",
    "counted",
    "counted_alone",
    "decide_and_enter",
    "denied",
    "enter",
    "opened",
    "shows",
]

REVEALED: Final = "revealed"
REFUSED: Final = "reveal-refused"
NOTHING: Final[Mapping[str, Json]] = {}
_LONGEST: Final = 400
_OTHER: Final = ("record.other", "")


@dataclass(frozen=True, slots=True)
class Look:
    """One customer's decision, as it was entered."""

    subject: bytes
    made: Decided
    position: int
    fields: frozenset[Column] = frozenset()
    """What was asked for; all that the decision opens where it is empty."""

    def asks(self, table: str, column: str) -> bool:
        """Whether this look is for that field too."""
        return not self.fields or (table, column) in self.fields


def checked(purpose: str, reason: str) -> None:
    """Raises Malformed `reveal.purpose`, `reveal.reason`."""
    if purpose not in PURPOSES:
        raise Malformed("reveal.purpose", "This purpose is not known.", next=f"Say one of: {', '.join(PURPOSES)}.")
    if not reason.strip():
        raise Malformed("reveal.reason", "Say why this person's data must be seen.", next='--reason "…"')
    if len(reason) > _LONGEST:
        raise Malformed("reveal.long", f"A reason has at most {_LONGEST} characters.")


def counted(desk: Desk, tx: Transaction) -> None:
    """One more look of this person's today. Raises Denied `reveal.bulk`."""
    if not _one_more(desk, tx):
        raise Denied("reveal.bulk", "So many looks in one day are bulk: a second person approves them.", next="custody reveal-many FILE")  # fmt: skip


def counted_alone(desk: Desk, tx: Transaction) -> None:
    """One more look of this person's today, at what is never looked at by two. Raises Denied `reveal.day`."""
    if not _one_more(desk, tx):
        raise Denied("reveal.day", "One person looks at so many in a day, and no more.", next="Let a colleague go on, or go on tomorrow.")  # fmt: skip


def _one_more(desk: Desk, tx: Transaction) -> bool:
    most = ACCESS.in_force(tx, desk.space).policy.bulk_from
    return add_up_to(tx, looks_of_day(desk), 1, most=most)


def looks_of_day(desk: Desk) -> str:
    """The counter of how many people whoever acts has looked at today."""
    return f"revealed:{desk.principal.id}:{desk.today()}"


def denied(desk: Desk, look: Look, purpose: str) -> Denied:
    """What is said where nothing is opened, rule by rule."""
    said = look.made.sentences(purpose, opened=False)
    refusal = Denied("reveal.denied", " ".join(str(one["en"]) for one in said) or "Nothing of this person can be opened.",
                     next="Ask the privacy officer, or say the purpose it is kept for.", where={"ledger": f"{desk.space}@{look.position}"})  # fmt: skip
    refusal.zh = "".join(str(one["zh"]) for one in said)
    return refusal


def shows(tables: list[Json], value: str) -> bool:
    """Whether what a look opened has this value."""
    rows = (row for table in cast("list[dict[str, list[dict[str, Json]]]]", tables) for row in table["rows"])
    return any(str(cell) == value for row in rows for cell in row.values())


def decide_and_enter(
    desk: Desk, tx: Transaction, vault: str, subject: bytes, purpose: str, reason: str, wanted: Collection[str] = ()
) -> Look:
    """Decide and append the entry, refused or not; over the compartments of the fields that are `wanted`, where somebody says which.

    Raises Missing `subject.unknown`, Malformed `reveal.field`.
    """
    row = one(tx, "subject", vault=vault, id=subject)
    if row is None or row["state"] != "live":
        raise Missing("subject.unknown", "Nobody of that id is in this vault (any more).", next="custody lookup")
    asked = narrowed(tx, vault, subject, wanted) if wanted else []
    verdicts = standing(tx, vault, row)
    kept = {cast("int", found["number"]): found for found in tx.find("compartment", vault=vault)}
    places = [
        place
        for place in slot_places(cast("bytes", row["slots"]))
        if place not in {AUDIT, QUARANTINE}
        and place in kept
        and (not asked or any(one.compartment == place for one in asked))
    ]
    made = decided(desk, tx, subject, [(kept[place], verdicts.get(place)) for place in places], purpose)
    names = sorted({one.name for one in asked})
    why: dict[str, Json] = {"reason": reason, **({"fields": list[Json](names)} if names else {})}
    position = enter(desk, tx, (vault, subject), made, purpose, why)
    return Look(subject, made, position, frozenset((one.table, one.column) for one in asked))


def enter(
    desk: Desk, tx: Transaction, whom: tuple[str, bytes], made: Decided, purpose: str, why: Mapping[str, Json],
    kind: str = REVEALED, more: Mapping[str, Json] = NOTHING,
) -> int:  # fmt: skip
    """Append the entry of a decision, opened or refused, and keep the decision beside it; `more` stands in clear. Its position."""
    kind = kind if made.open else REFUSED
    tiers = sorted({made.tiers[place] for place in made.open})
    says: dict[str, Json] = {"principal": desk.principal.id, "purpose": purpose, "tiers": list[Json](tiers),
                             "compartments": len(made.open), "decision": made.digest, **more}  # fmt: skip
    detail: dict[str, Json] = {"subject": ids.subject_text(whom[1]), **why}
    now = stamp(desk.clock.now())
    who = own_about(desk, tx, *whom, now)
    position = append_about(tx, desk.space, now, kind, says, who=who, detail=detail)
    keep(tx, desk.space, position, made)
    return position


def opened(desk: Desk, tx: Transaction, vault: str, look: Look) -> list[Json]:
    """The tables of what the decision opens, columns by name, in the classes that its rules show."""
    with Reader(desk, tx, vault, only={look.subject}) as reader:
        rows: dict[str, dict[int, RowAgain]] = {}
        shown: dict[str, set[int]] = {}
        told = columns(tx, vault)
        for record in tx.find("record", order=("segment", "position"), vault=vault, subject=look.subject):
            outcome = look.made.outcomes.get(cast("int", record["compartment"]))
            layout = reader.layouts[cast("int", record["schema"])]
            # What nobody asked for stays closed: it is not decrypted and left out afterwards.
            asked = [
                pair for pair in zip(layout.places, layout.columns, strict=True) if look.asks(layout.table, pair[1])
            ]
            if outcome is not None and outcome.open and asked:
                reader.put(record, rows)
                shown.setdefault(layout.table, set()).update(
                    place for place, name in asked if outcome.shows(told[layout.table].get(name, _OTHER)[0])
                )
    names = reader.columns()
    return [
        {"name": name, "rows": [_named(names[name], row, shown[name]) for _, row in sorted(found.items())]}
        for name, found in sorted(rows.items())
        if shown[name]
    ]


def _named(columns: tuple[str, ...], row: RowAgain, shown: set[int]) -> Json:
    return {
        columns[place]: str(value) if value is not None else None
        for place, value in sorted(row.values.items())
        if place in shown
    }
