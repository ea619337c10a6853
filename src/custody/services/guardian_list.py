"""Whose yes for a child waits for a guardian's paper, and for whom one was seen (B2; spec/consent.md §8)."""

from collections.abc import Mapping

from custody.acts.desk import Desk
from custody.acts.guardian_rows import READERS, Child, children, how_many, told
from custody.acts.matters import deals
from custody.base.canonical import Json
from custody.ports.store import Row, Transaction


def guardian_list(desk: Desk, most: int | None = None, start: int = 0) -> Mapping[str, Json]:
    """Of the open deals: who waits before whom a paper was seen for, and of those who waits longest; `most` of them from `start` on."""
    desk.require(READERS)
    with desk.store.read() as tx:
        open_ones = deals(desk, tx, state="open")
        waiting, seen = (sum(how_many(tx, deal, waits=waits) for deal in open_ones) for waits in (True, False))
        need = None if most is None else start + most
        found = _first(tx, open_ones, need, waits=True)
        if need is None or len(found) < need:
            found += _first(tx, open_ones, None if need is None else need - len(found), waits=False)
        listed = [told(desk, tx, each) for each in found[start:][:most]]
    return {"guardians": list[Json](listed), "total": waiting + seen, "waiting": waiting}


def _first(tx: Transaction, open_ones: list[Row], most: int | None, *, waits: bool) -> list[Child]:
    """The first `most` of all deals together: no deal gives more than that."""
    found = (each for deal in open_ones for each in children(tx, deal, most, waits=waits))
    return sorted(found, key=lambda each: str(each.said and each.said["at"]))[:most]
