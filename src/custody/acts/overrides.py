"""Rules set aside by a lawyer and a second person: which count on a day, and how all of them are told (spec/law.md §7).

An override speaks of one rule in one deal, for everybody or for one person, at the version of the facts it was made on.
It counts while both people's signatures verify, until its day has passed, it is ended, or the facts change; it is told for ever.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final, cast

from custody.acts.approval import content_hash, gave
from custody.acts.matters import EVERYBODY, filed
from custody.acts.people import by_id
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.law.gate import override
from custody.ports.store import Row, Transaction, one

ACT: Final = "override"


def live(tx: Transaction, matter: str, on: date) -> Mapping[bytes, frozenset[str]]:
    """{subject: the evidence that stands for its overrides}; b"" is everybody."""
    found: dict[bytes, frozenset[str]] = {}
    for row in _rows(tx, matter):
        if state(tx, row, on) == "live":
            subject = cast("bytes", row["subject"])
            found[subject] = found.get(subject, frozenset()) | {override(str(row["rule"]))}
    return found


def held(tx: Transaction, matter: str, on: date) -> frozenset[str]:
    """What is on file for the deal as a whole, and what people set aside in it: what opens a stage."""
    return filed(tx, matter) | live(tx, matter, on).get(EVERYBODY, frozenset())


def state(tx: Transaction, row: Row, on: date) -> str:
    """`live`, `ended`, `expired`, `lapsed` where the deal's facts have changed since, `unproven` where two people did not sign for it."""
    matter = one(tx, "matter", id=str(row["matter"]))
    if not _proven(tx, row):
        return "unproven"
    if row["ended_at"]:
        return "ended"
    if date.fromisoformat(str(row["until"])) < on:
        return "expired"
    return "live" if matter is not None and matter["version"] == row["version"] else "lapsed"


def content(matter: str, version: int, wish: Mapping[str, Json]) -> str:
    """The hash that both people sign for: this rule, this deal at this version, whom, why, until when."""
    return content_hash({"act": ACT, "deal": matter, "version": version, **wish})


def _proven(tx: Transaction, row: Row) -> bool:
    """Whether a lawyer and another person signed for exactly what the row says: a row that somebody wrote lifts nothing."""
    subject = cast("bytes", row["subject"])
    wish: dict[str, Json] = {
        "rule": str(row["rule"]),
        "subject": ids.subject_text(subject) if subject else None,
        "reason": str(row["reason"]),
        "until": str(row["until"]),
    }
    signed = content(str(row["matter"]), cast("int", row["version"]), wish)
    first, second = str(row["principal"]), str(row["second"])
    lawyer = first != second and "lawyer" in by_id(tx, first).roles
    return lawyer and all(gave(tx, who, ACT, signed) for who in (first, second))


def told(tx: Transaction, matter: str, on: date) -> list[dict[str, Json]]:
    """Every override the deal ever had, the oldest first."""
    return [_told(tx, row, on) for row in _rows(tx, matter)]


def of_person(tx: Transaction, matter: str, subject: str, on: date) -> list[dict[str, Json]]:
    """The overrides that speak of this person, their own and everybody's."""
    return [row for row in told(tx, matter, on) if row["subject"] in {None, subject}]


def lifted_by(vector: Row) -> list[Json]:
    """The rules that an override kept from this vector, as it was decided then."""
    case = canonical.decode(cast("bytes", vector["facts"]))
    return list(cast("list[Json]", case.get("overridden", []))) if isinstance(case, Mapping) else []


def lifted_of(vector: Row | None, rows: Sequence[Mapping[str, Json]]) -> list[Json]:
    """Of these overrides, those of rules that a vector was decided without, whatever became of them since."""
    rules = lifted_by(vector) if vector is not None else []
    return [dict(row) for row in rows if row["rule"] in rules]


def _told(tx: Transaction, row: Row, on: date) -> dict[str, Json]:
    subject = cast("bytes", row["subject"])
    return {
        "id": str(row["id"]),
        "rule": str(row["rule"]),
        "subject": ids.subject_text(subject) if subject else None,
        "reason": str(row["reason"]),
        "by": by_id(tx, str(row["principal"])).handle,
        "approved_by": by_id(tx, str(row["second"])).handle,
        "at": str(row["at"]),
        "until": str(row["until"]),
        "state": state(tx, row, on),
        "ledger": cast("int", row["position"]),
    }


def _rows(tx: Transaction, matter: str) -> Iterator[Row]:
    return iter(tx.find("override", order=("position",), matter=matter))
