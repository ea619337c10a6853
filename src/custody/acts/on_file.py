"""What is on file for whom in a deal, and still counts, with what people set aside for them (spec/law.md §7)."""

from collections.abc import Mapping
from datetime import date
from typing import cast

from custody.acts import overrides
from custody.acts.alike import NOTHING, Held
from custody.acts.grown import counts, grown, grown_on
from custody.acts.matters import EVERYBODY, EVERYTHING
from custody.ports.store import Cell, Row, Transaction


def of_everybody(tx: Transaction, matter: Row, on: date) -> dict[bytes, Held]:
    """What is on file for whom and still counts, and what people set aside for whom."""
    name = str(matter["id"])
    found = _evidence(tx, name)
    if any(kind.startswith("consent.") for held in set(found.values()) for _, kind in held):
        found |= {who: _own(tx, name, who, day) for who, day in grown(tx, matter, on) if who in found}
    return {**found, **{who: found.get(who, NOTHING) | aside for who, aside in _aside(tx, name, on).items()}}


def of_deal(tx: Transaction, matter: Row, on: date) -> Held:
    """What is on file for the deal as a whole: it speaks of everybody."""
    name = str(matter["id"])
    return _own(tx, name, EVERYBODY, "") | _aside(tx, name, on).get(EVERYBODY, NOTHING)


def of_person(tx: Transaction, matter: Row, subject: Row, on: date) -> Held:
    """What is on file for one person, as `of_everybody` says it."""
    name, who = str(matter["id"]), cast("bytes", subject["id"])
    since = grown_on(tx, matter, cast("bytes", subject["facts"]), on)
    return _own(tx, name, who, since) | _aside(tx, name, on).get(who, NOTHING)


def _aside(tx: Transaction, matter: str, on: date) -> Mapping[bytes, Held]:
    live = overrides.live(tx, matter, on)
    return {who: frozenset((EVERYTHING, name) for name in names) for who, names in live.items()}


def _own(tx: Transaction, matter: str, subject: bytes, since: str) -> Held:
    """What is on file for one person; where they turned 14 on `since`, without the consents from before."""
    rows = tx.find("evidence", matter=matter, subject=subject)
    return frozenset((cast("int", row["compartment"]), str(row["type"])) for row in rows if counts(row, since))


def _evidence(tx: Transaction, matter: str) -> dict[bytes, Held]:
    """{subject: what is on file for them}; people with the same evidence share one set.

    A row moves from one set to the next larger one, which is made once: this loop meets every row.
    """
    names = ("subject", "compartment", "type")
    sets: list[Held] = [NOTHING]
    larger: dict[tuple[int, Cell, Cell], int] = {}
    found: dict[bytes, int] = {}
    last, place = None, 0
    for subject, compartment, kind in tx.columns("evidence", names, order=names, matter=matter):
        if subject != last:
            if last is not None:
                found[cast("bytes", last)] = place
            last, place = subject, 0
        step = (place, compartment, kind)
        known = larger.get(step)
        if known is None:
            known = larger[step] = len(sets)
            sets.append(sets[place] | {(cast("int", compartment), str(kind))})
        place = known
    if last is not None:
        found[cast("bytes", last)] = place
    return {subject: sets[one] for subject, one in found.items()}
