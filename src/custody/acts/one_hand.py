"""Whether two keys may lie in one hand: whoever makes somebody's key, or gives it anew, reads its passphrase (decision 122).

One of the two made the other's, or one person both, be it through others whose keys are as new.
What the ledger says of it is said wherever two people stand for something. For thirty days such a pair confirms nothing
where somebody else here could: a person who was made, or taken over, to be the second one is seen by the others in that time.
"""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from custody.acts.desk import Desk
from custody.acts.entries import PRINCIPAL, read_at
from custody.base.clock import parse
from custody.base.errors import Refused
from custody.ports.store import OneOf, Transaction

FRESH: Final = timedelta(days=30)
_ADDED, _RESET = "principal-added", "principal-reset"


class Made(NamedTuple):
    """Whose key it is, who made it or gave it anew, when, and which of the two."""

    whose: str
    by: str
    at: str
    anew: bool


def key_made(tx: Transaction, space: str, person: str) -> Made | None:
    """How the key that somebody has now came to be; None of who founded the home, and of whoever was added before that was entered."""
    where = (OneOf("kind", (_ADDED, _RESET)),)
    rows = tx.first("entry_about", 1, where, order=("-position",), space=space, topic=PRINCIPAL, whom=person)
    for row in rows:
        entry = read_at(tx, space, int(str(row["position"])))
        if by := str(entry.says.get("by") or ""):
            return Made(person, by, entry.at, row["kind"] == _RESET)
    return None


def hand(tx: Transaction, space: str, person: str, now: datetime) -> list[Made]:
    """Through whose hands a key went in the last thirty days: its maker's, and where that one's is as new, their maker's."""
    found, at = list[Made](), person
    while (made := key_made(tx, space, at)) is not None and _new(made, now):
        if made.by in {person, *(one.by for one in found)}:
            break
        found.append(made)
        at = made.by
    return found


def between(tx: Transaction, space: str, one: str, other: str, now: datetime) -> Made | None:
    """Why the two may be one person: the one made the other's key, whenever that was, or both keys went through one person's hands lately.

    The newest where there are several; `whose` is '' where it is neither's alone.
    """
    pair = (one, other)
    direct = [made for who in pair if (made := key_made(tx, space, who)) is not None and made.by in pair]
    newest = max(direct, key=_at, default=None)
    if one == other or (newest is not None and _new(newest, now)):
        return newest
    mine, theirs = hand(tx, space, one, now), hand(tx, space, other, now)
    if {one, *(made.by for made in mine)} & {other, *(made.by for made in theirs)}:
        return max((*mine, *theirs), key=_at)._replace(whose="")
    return newest


def fresh(desk: Desk, made: Made | None) -> bool:
    """Whether that was less than thirty days ago."""
    return made is not None and _new(made, desk.clock.now())


def _at(made: Made) -> datetime:
    return parse(made.at)


def _new(made: Made, now: datetime) -> bool:
    return now - _at(made) < FRESH


def apart(desk: Desk, tx: Transaction, pair: Collection[str], others: Collection[str]) -> Iterator[str]:
    """Of `others` those whose key went through no hand of that time through which one of the pair's did."""
    now = desk.clock.now()
    for who in others:
        if not any(fresh(desk, between(tx, desk.space, who, one, now)) for one in pair):
            yield who


def refused() -> Refused:
    """Why a confirmation of such a pair does not count."""
    return Refused(
        "act.one-hand",
        "Whoever confirmed this and whoever does it may be one person: one of them made the other's key, or one person both, less than 30 days ago, and somebody else here can confirm.",
        next="Let somebody else confirm it.",
    )
