"""What happened, from the ledger: the newest entries of the space, or those of one deal (C10)."""

from collections.abc import Mapping, Sequence
from typing import cast

from custody.acts.desk import Desk
from custody.acts.entries import MATTER, of_deals, positions
from custody.acts.entry_seeking import newest
from custody.acts.matters import deal, ledger_size, unseen
from custody.acts.typed import Word
from custody.base import canonical
from custody.base.canonical import Json
from custody.ports.store import Row, Transaction, Within


def ledger_list(
    desk: Desk, named_deal: str | None, most: int, before: int | None = None, words: Sequence[Word] = ()
) -> Mapping[str, Json]:
    """The newest `most` entries below `before` that every word means. Openings stay private: that an entry belongs to a deal was noted as it was written."""
    with desk.store.read() as tx:
        matter = deal(desk, tx, named_deal) if named_deal else None
        size, hidden = ledger_size(tx, desk.space), unseen(desk, tx)
        below = size if before is None else before
        if matter:
            rows = _rows(tx, desk.space, positions(tx, desk.space, MATTER, str(matter["id"]), most, below))
        else:
            rows = _shown(desk, tx, hidden, words, most, below, size)
        handles = {str(row["id"]): str(row["handle"]) for row in tx.find("principal", party=desk.space)}
        told: list[Json] = [_told(row, handles) for row in rows]
        return {"space": desk.space, "size": size - _closed(tx, desk.space, hidden), "entries": told}


def _closed(tx: Transaction, space: str, hidden: Sequence[str]) -> int:
    """How many entries are about deals that the acting person does not see: not theirs to count."""
    rows = tx.among("entry_about", ("position",), "whom", hidden, space=space, topic=MATTER) if hidden else ()
    return len({position for (position,) in rows})


def _shown(
    desk: Desk, tx: Transaction, hidden: Sequence[str], words: Sequence[Word], most: int, below: int, size: int
) -> list[Row]:
    """Without what is about deals that the acting person does not see: read on until there are enough."""
    found = list[Row]()
    while len(found) < most:
        if words:
            some = _rows(tx, desk.space, newest(tx, desk.space, words, most, below, size))
        else:
            some = tx.first("ledger_entry", most, (Within("position", None, below),), order=("-position",), space=desk.space)  # fmt: skip
        numbers = [cast("int", row["position"]) for row in some]
        closed = of_deals(tx, desk.space, numbers, hidden)
        found += [row for row in some if row["position"] not in closed]
        if len(some) < most:
            break
        below = numbers[-1]
    return found[:most]


def _rows(tx: Transaction, space: str, numbers: Sequence[int]) -> list[Row]:
    return [row for number in numbers for row in tx.find("ledger_entry", space=space, position=number)]


def _told(row: Row, handles: Mapping[str, str]) -> dict[str, Json]:
    entry = cast("dict[str, Json]", canonical.decode(cast("bytes", row["entry"])))
    says = cast("dict[str, Json]", entry["says"])
    who = handles.get(str(says.get("principal", "")), "")
    return {"position": row["position"], "at": entry["at"], "kind": entry["kind"], "says": says, "who": who}
