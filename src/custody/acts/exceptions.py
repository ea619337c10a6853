"""A recorded exception: one place in another region, until a day, for a reason, by two people (spec/residency.md §4)."""

from collections.abc import Iterator
from typing import Final, NamedTuple, cast

from custody.acts.approval import content_hash, verified
from custody.acts.desk import Desk
from custody.ports.store import Row, Transaction

ACT: Final = "residency-exception"
MOST: Final = 366
LEAST_SAID: Final = 10
MOST_SAID: Final = 500


class Allowed(NamedTuple):
    """What two people allowed: which place, where it lies, until when, why, and who asked."""

    place: str
    region: str
    until: str
    reason: str
    principal: str

    def content(self, party: str) -> str:
        """What the second person approves: exactly this."""
        return content_hash({"act": ACT, "party": party, **self._asdict()})


def allowed(row: Row) -> Allowed:
    """As it stands in the store."""
    return Allowed(*(str(row[name]) for name in Allowed._fields))


def in_force(desk: Desk, tx: Transaction) -> Iterator[tuple[int, Allowed]]:
    """(n, exception) of each whose day has not passed and that was not ended; a row that nobody else signed for allows nothing."""
    today = desk.today().isoformat()
    for row in tx.find("residency_exception", order=("n",), party=desk.space, ended_at=""):
        told = allowed(row)
        if told.until < today:
            continue
        second = verified(tx, str(row["approval"]), ACT, told.content(desk.space))
        if second and second != told.principal:
            yield cast("int", row["n"]), told


def covers(told: Allowed, place: str) -> bool:
    """Whether a place is the one allowed, or lies in it."""
    return place == told.place or place.startswith(told.place.rstrip("/") + "/")
