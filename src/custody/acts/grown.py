"""Who turned 14 while the deal ran: what a guardian consented to before does not speak for them any more (PIPL 31, spec/law.md §7).

A refusal stands whoever gave it, so this only ever takes away what could clear. One cheap look at each person's facts,
and only in a deal in which somebody consented to something.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final, cast

from custody.ports.store import Row, Transaction

_OF_AGE: Final = 14
_DAY: Final = len("2026-04-20")
_NO: Final = "consent.refused"


def grown(tx: Transaction, matter: Row, on: date) -> Iterator[tuple[bytes, str]]:
    """(person, the day they turned 14), of those for whom it came after the deal was opened."""
    opened = _opened(tx, str(matter["id"]))
    for subject, facts in tx.columns("subject", ("id", "facts"), vault=str(matter["vault"]), state="live"):
        day = turned(cast("bytes", facts))
        if day and opened <= day <= on.isoformat():
            yield cast("bytes", subject), day


def grown_on(tx: Transaction, matter: Row, facts: bytes, on: date) -> str:
    """The day this person turned 14, if it came after the deal was opened; else empty."""
    day = turned(facts)
    return day if day and _opened(tx, str(matter["id"])) <= day <= on.isoformat() else ""


def turned(facts: bytes) -> str:
    """The day a person turns 14 by their fact row; empty where it does not say."""
    return turns(facts, _OF_AGE)


def turns(facts: bytes, years: int) -> str:
    """The day a person reaches that age by their fact row; empty where it does not say."""
    _, found, rest = facts.partition(f'"turns_{years}_on":"'.encode())
    return rest[:_DAY].decode("ascii") if found else ""


def counts(row: Row, day: str) -> bool:
    """Whether evidence still counts for somebody who turned 14 on that day: no consent from before does."""
    kind = str(row["type"])
    return not kind.startswith("consent.") or kind == _NO or str(row["at"])[:_DAY] >= day


def _opened(tx: Transaction, matter: str) -> str:
    rows = tx.find("fact", order=("leaf",), matter=matter, version=1)
    return str(rows[0]["at"])[:_DAY] if rows else ""
