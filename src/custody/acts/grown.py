"""Who came of the age at which a law asks them themselves while the deal ran: what a guardian consented to before does not speak for them any more (PIPL 31, GDPR 8, DPDP 9; spec/law.md §7).

A refusal stands whoever gave it, so this only ever takes away what could clear. One cheap look at each person's facts,
and only in a deal in which somebody consented to something.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final, NamedTuple, cast

from custody.acts.guardians import GUARDIAN
from custody.base import canonical
from custody.base.canonical import Json
from custody.law import subject as subjects
from custody.law.pack import Packs
from custody.ports.store import Row, Transaction, one

_OF_AGE: Final = 14
_LATER: Final = (18, 16)
"""Ages under which a law may ask for a guardian besides 14; the last that came counts."""
_DAY: Final = len("2026-04-20")
_NO: Final = "consent.refused"
_RESIDENCE: Final = b'"residence":"'


class Since(NamedTuple):
    """The days from which somebody is asked themselves, where they came after the deal was opened; else empty.

    `fourteen`: every consent from before was a guardian's. `own`: those from before that nobody is known to have given for themselves.
    """

    fourteen: str = ""
    own: str = ""


class Ages:
    """Under which ages the law of a place, or that of whoever sells, asks for a guardian: by the rules alone, whatever a deal's facts make of them."""

    def __init__(self, tx: Transaction, matter: Row, packs: Packs) -> None:
        card = one(tx, "party", id=str(matter.get("party", "")))
        told = cast("Mapping[str, Json]", canonical.decode(cast("bytes", card["card"]))) if card else {}
        place = told.get("place")
        self._ours = subjects.established(place) if isinstance(place, str) else ()
        self._packs, self._known = packs, dict[tuple[str, int, str], bool]()

    def asked(self, residence: str, years: int, day: str) -> bool:
        """Whether on the eve of that day a guardian was asked for whoever lives there and was that young."""
        key = (residence, years, day)
        if key not in self._known:
            eve, leaf = date.fromisoformat(day) - timedelta(days=1), f"data.minors_u{years}"
            places = (*self._ours, *subjects.laws(residence))
            self._known[key] = any(
                GUARDIAN in rule.evidence and leaf in rule.read for rule in self._packs.of(places, eve)
            )
        return self._known[key]


def grown(tx: Transaction, matter: Row, on: date, packs: Packs) -> Iterator[tuple[bytes, Since]]:
    """(person, since when they are asked themselves), of those for whom it came after the deal was opened."""
    opened, ages = _opened(tx, str(matter["id"])), Ages(tx, matter, packs)
    for subject, facts in tx.columns("subject", ("id", "facts"), vault=str(matter["vault"]), state="live"):
        if since := _since(ages, cast("bytes", facts), opened, on.isoformat()):
            yield cast("bytes", subject), since


def grown_on(tx: Transaction, matter: Row, facts: bytes, on: date, packs: Packs) -> Since:
    """The same of one person."""
    return _since(Ages(tx, matter, packs), facts, _opened(tx, str(matter["id"])), on.isoformat()) or Since()


def _since(ages: Ages, facts: bytes, opened: str, today: str) -> Since | None:
    fourteen, own = turned(facts), ""
    if not opened <= fourteen <= today:
        fourteen = ""
    for years in _LATER:
        day = turns(facts, years)
        if day and opened <= day <= today and ages.asked(_residence(facts), years, day):
            own = day
            break
    return Since(fourteen, own) if fourteen or own else None


def turned(facts: bytes) -> str:
    """The day a person turns 14 by their fact row; empty where it does not say."""
    return turns(facts, _OF_AGE)


def turns(facts: bytes, years: int) -> str:
    """The day a person reaches that age by their fact row; empty where it does not say."""
    _, found, rest = facts.partition(f'"turns_{years}_on":"'.encode())
    return rest[:_DAY].decode("ascii") if found else ""


def _residence(facts: bytes) -> str:
    _, found, rest = facts.partition(_RESIDENCE)
    return rest.partition(b'"')[0].decode() if found else ""


def counts(tx: Transaction, matter: Row, row: Row, since: Since) -> bool:
    """Whether evidence still counts for somebody who is asked themselves since then: no consent that was a guardian's does."""
    kind, at = str(row["type"]), str(row["at"])[:_DAY]
    if not kind.startswith("consent.") or kind == _NO or at >= max(since):
        return True
    return at >= since.fourteen and _themselves(tx, str(matter["party"]), row)


def _themselves(tx: Transaction, space: str, row: Row) -> bool:
    """Whether whoever it is about gave it: what the entry of the answer says."""
    kept = one(tx, "ledger_entry", space=space, position=row["position"])
    says = cast("Mapping[str, Json]", canonical.decode(cast("bytes", kept["entry"]))).get("says") if kept else None
    return isinstance(says, dict) and says.get("capacity") == "self"


def _opened(tx: Transaction, matter: str) -> str:
    rows = tx.find("fact", order=("leaf",), matter=matter, version=1)
    return str(rows[0]["at"])[:_DAY] if rows else ""
