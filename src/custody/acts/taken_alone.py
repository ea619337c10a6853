"""An export of a few that one person takes is so many looks: whoever makes or fetches it could read all of it (spec/access.md §4a).

Of each part of a person's the policy is asked for a purpose it was collected for; what it does not open wholly, or what law alone
keeps, leaves by two people instead (`in_clear`). So does more than is left of the day's looks.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final, cast

from custody.acts.access_decisions import decided
from custody.acts.counter import add_up_to, set_to, value_of
from custody.acts.desk import Desk
from custody.acts.held_back import locked
from custody.acts.policies import ACCESS
from custody.acts.revealing import PURPOSES, enter, looks_of_day
from custody.acts.standing import LACKS, standing
from custody.acts.vaults import AUDIT, QUARANTINE, slot_places
from custody.base import ids
from custody.ports.store import Row, Transaction

EXPORTED: Final = "data-exported"
Part = tuple[Row, str | None]
"""A compartment of somebody's, and what the newest gate says of it."""


def alone(desk: Desk, tx: Transaction, matter: Row) -> bool:
    """Whether whoever acts may take all of it out alone. The same again on the same day counts once."""
    vault, most = str(matter["vault"]), ACCESS.in_force(tx, desk.space).policy.bulk_from
    if tx.count("subject", vault=vault, state="live") > most:
        return False
    people = _people(tx, vault)
    before = 0 if value_of(tx, _mark(desk, matter, people)) else value_of(tx, looks_of_day(desk))
    return len(people) + before <= most and _opens(desk, tx, vault, people)


def look(desk: Desk, tx: Transaction, matter: Row, file: str) -> None:
    """Count and enter each of them, in the transaction after which the file may leave."""
    vault, said = str(matter["vault"]), {"matter": str(matter["id"])}
    people, places, shut = _people(tx, vault), _compartments(tx, vault), locked(tx, vault)
    if not value_of(tx, _mark(desk, matter, people)):
        add_up_to(tx, looks_of_day(desk), len(people), most=ACCESS.in_force(tx, desk.space).policy.bulk_from)
        set_to(tx, _mark(desk, matter, people), 1)
    for who, row in people.items():
        why = {"subject": ids.subject_text(who), "reason": file}
        for purpose, parts in _by_purpose(_parts(tx, vault, row, places, shut)).items():
            made = decided(desk, tx, who, parts, purpose)
            enter(desk, tx, (vault, who), made, purpose, dict(why), EXPORTED, dict(said))


def _opens(desk: Desk, tx: Transaction, vault: str, people: Mapping[bytes, Row]) -> bool:
    """Whether the policy opens all that the file would hold. A grant for one customer counts for nothing here: the file is about all of them."""
    places, shut = _compartments(tx, vault), locked(tx, vault)
    known: dict[tuple[tuple[int, str | None], ...], bool] = {}
    for row in people.values():
        parts = _parts(tx, vault, row, places, shut)
        key = tuple((cast("int", part["number"]), verdict) for part, verdict in parts)
        if key not in known:
            known[key] = all(_opened(desk, tx, some, purpose) for purpose, some in _by_purpose(parts).items())
        if not known[key]:
            return False
    return True


def _opened(desk: Desk, tx: Transaction, parts: Sequence[Part], purpose: str) -> bool:
    if not purpose or any(verdict in LACKS for _, verdict in parts):
        return False
    return len(decided(desk, tx, b"", parts, purpose).open) == len(parts)


def _by_purpose(parts: Sequence[Part]) -> dict[str, list[Part]]:
    """{purpose: the parts that are asked for it}, each for the first one it was collected for."""
    found: dict[str, list[Part]] = {}
    for part in parts:
        given = str(part[0]["purposes"]).split(",")
        found.setdefault(next((one for one in PURPOSES if one in given), ""), []).append(part)
    return found


def _parts(
    tx: Transaction, vault: str, row: Row, places: Mapping[int, Row], shut: Mapping[bytes, Collection[int]]
) -> list[Part]:
    """What the file would hold of one person: what was called back and is held is in none."""
    verdicts, left_out = standing(tx, vault, row), shut.get(cast("bytes", row["id"]), ())
    return [
        (places[place], verdicts.get(place))
        for place in slot_places(cast("bytes", row["slots"]))
        if place in places and place not in left_out
    ]


def _compartments(tx: Transaction, vault: str) -> dict[int, Row]:
    rows = tx.find("compartment", vault=vault)
    return {number: row for row in rows if (number := cast("int", row["number"])) not in {AUDIT, QUARANTINE}}


def _people(tx: Transaction, vault: str) -> dict[bytes, Row]:
    return dict(sorted(_living(tx, vault)))


def _living(tx: Transaction, vault: str) -> Iterator[tuple[bytes, Row]]:
    return ((cast("bytes", row["id"]), row) for row in tx.find("subject", vault=vault, state="live"))


def _mark(desk: Desk, matter: Row, people: Collection[bytes]) -> str:
    whom = hashlib.sha256(b"".join(people)).hexdigest()[:32]
    return f"exported:{desk.principal.id}:{desk.today()}:{matter['id']!s}:{whom}"
