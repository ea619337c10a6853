"""Whether two keys may lie in one hand: one of the two people made the other's key, or gave it anew, and read its passphrase (decision 122).

What the ledger says of it is said wherever two people stand for something. For thirty days such a pair confirms nothing
where somebody else here could: a person who was made, or taken over, to be the second one is seen by the others in that time.
"""

from collections.abc import Collection, Iterator
from datetime import timedelta
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


def between(tx: Transaction, space: str, one: str, other: str) -> Made | None:
    """Which of the two has a key that the other made; the newer where each did."""
    found = [
        made
        for whose, maker in ((one, other), (other, one))
        if (made := key_made(tx, space, whose)) is not None and made.by == maker
    ]
    return max(found, key=lambda made: parse(made.at), default=None)


def fresh(desk: Desk, made: Made | None) -> bool:
    """Whether that was less than thirty days ago."""
    return made is not None and desk.clock.now() - parse(made.at) < FRESH


def apart(desk: Desk, tx: Transaction, pair: Collection[str], others: Collection[str]) -> Iterator[str]:
    """Of `others` those whose key neither of the pair made in that time, nor they one of the pair's."""
    for who in others:
        if not any(fresh(desk, between(tx, desk.space, who, one)) for one in pair):
            yield who


def refused() -> Refused:
    """Why a confirmation of such a pair does not count."""
    return Refused(
        "act.one-hand",
        "Whoever confirmed this and whoever does it may be one person: one of them made the other's key less than 30 days ago, and somebody else here can confirm.",
        next="Let somebody else confirm it.",
    )
