"""Guardians' yeses that stand and the papers that were seen for them, as staff read them (spec/consent.md §8).

A guardian's name is covered: whoever enters a paper types the name from it, and is told whether it is the one that was given.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, cast

from custody.acts import guardians
from custody.acts.about import about, open_detail
from custody.acts.desk import Desk
from custody.acts.erasing import LIVE
from custody.acts.handing import understood
from custody.acts.said import RELATION
from custody.acts.vaults import Keyring, open_keyring
from custody.acts.veil import covered
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.package.answer import Answer
from custody.ports.store import Beside, Condition, Row, Transaction, one

READERS: Final = ("owner", "privacy", "lawyer", "department")
_GIVEN: Final = "given"


class Child(NamedTuple):
    """A child of a deal: the yes that stands for it, if any, and the paper that was seen, if any."""

    matter: Row
    subject: Row
    said: Row | None
    seen: Row | None

    @property
    def waits(self) -> bool:
        return self.said is not None and self.seen is None


def child(tx: Transaction, matter: Row, subject: Row) -> Child:
    """How it stands with this one."""
    name, who = str(matter["id"]), cast("bytes", subject["id"])
    rows = tx.find("answer", order=("version",), matter=name, subject=who, question=guardians.GUARDIAN)
    said = rows[-1] if rows and rows[-1]["act"] == _GIVEN else None
    return Child(matter, subject, said, guardians.seen(tx, name, who))


def children(tx: Transaction, matter: Row, most: int | None, *, waits: bool) -> list[Child]:
    """The first of those still here for whom a guardian's yes stands and a paper is waited for, or was seen; who said it first before."""
    rows = tx.first("answer", most, _standing(matter, waits=waits), order=("at", "subject"), **_asked(matter))
    found = (one(tx, "subject", vault=str(matter["vault"]), id=row["subject"]) for row in rows)
    return [child(tx, matter, subject) for subject in found if subject]


def how_many(tx: Transaction, matter: Row, *, waits: bool) -> int:
    """How many they are."""
    return tx.count("answer", _standing(matter, waits=waits), **_asked(matter))


def _asked(matter: Row) -> dict[str, str]:
    return {"matter": str(matter["id"]), "question": guardians.GUARDIAN, "act": _GIVEN}


def _standing(matter: Row, *, waits: bool) -> Sequence[Condition]:
    """A yes that nothing later took back, of somebody who is still here; the paper is evidence."""
    whose = (("matter", "matter"), ("subject", "subject"))
    return (
        Beside("answer", (*whose, ("question", "question")), {}, there=False, above="version"),
        Beside("evidence", whose, {"type": RELATION}, there=not waits),
        Beside("subject", (("id", "subject"),), {"vault": str(matter["vault"]), "state": LIVE}),
    )


def told(desk: Desk, tx: Transaction, found: Child) -> dict[str, Json]:
    """By whom, how related, since when; and who saw which paper when."""
    return {
        "deal": str(found.matter["ref"]),
        "subject": ids.subject_text(cast("bytes", found.subject["id"])),
        "state": "seen" if found.seen else "waits" if found.said else "silent",
        **_said(desk, tx, found),
        **_paper(desk, tx, found.seen),
    }


def by_same(desk: Desk, tx: Transaction, about_whom: tuple[Row, Row], said: Row, name: str, relation: str) -> bool:
    """Whether an answer about a child (of this deal, this person) was said by a guardian of this name and relation; of whoever speaks for themselves, always."""
    if not name:
        return True
    (matter, subject), read = about_whom, _read(desk, said)
    before = _name(tx, desk.space, open_keyring(desk, tx, str(matter["vault"])), subject, said)
    return guardians.same(before, name) and read.relation == relation


def _read(desk: Desk, said: Row) -> Answer:
    return understood(cast("bytes", said["receipt"]), Answer, desk.card.identity, rehearsal=desk.rehearsal)


def _said(desk: Desk, tx: Transaction, found: Child) -> dict[str, Json]:
    if found.said is None:
        return {"guardian": "", "relation": "", "since": ""}
    read = _read(desk, found.said)
    name = _name(tx, desk.space, open_keyring(desk, tx, str(found.matter["vault"])), found.subject, found.said)
    return {"guardian": covered(name), "relation": read.relation or "", "since": str(found.said["at"])}


def _name(tx: Transaction, space: str, ring: Keyring, subject: Row, said: Row) -> str:
    who = about(tx, ring, cast("bytes", subject["id"]), cast("bytes", subject["slots"]))
    position = cast("int", said["position"])
    kept = cast("Row", one(tx, "opening", space=space, position=position))
    return str(open_detail(cast("bytes", kept["detail"]), who, position).get("guardian") or "")


def _paper(desk: Desk, tx: Transaction, seen: Row | None) -> dict[str, Json]:
    """What was entered of it; a rehearsal that only assumed one names neither a paper nor a person."""
    if seen is None:
        return {"document": "", "seen_by": "", "seen_at": "", "ledger": None}
    row = cast("Row", one(tx, "ledger_entry", space=desk.space, position=seen["position"]))
    says = cast("Mapping[str, Mapping[str, Json]]", canonical.decode(cast("bytes", row["entry"])))["says"]
    who = one(tx, "principal", id=str(says.get("principal", "")))
    return {
        "document": str(says.get("document", "")),
        "seen_by": str(who["handle"]) if who else "",
        "seen_at": str(seen["at"]),
        "ledger": cast("int", seen["position"]),
    }
