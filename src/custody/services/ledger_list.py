"""What happened, from the ledger: the newest entries of the space, or those of one deal (C10)."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import cast

from custody.acts.desk import Desk
from custody.acts.matters import deal, ledger_size
from custody.base import canonical
from custody.base.canonical import Json
from custody.ports.store import Transaction, one


def ledger_list(desk: Desk, named_deal: str | None, most: int) -> Mapping[str, Json]:
    """The newest `most` entries first. Openings stay private: only an entry's own deal is looked up in them."""
    with desk.store.read() as tx:
        matter = deal(tx, desk.space, named_deal) if named_deal else None
        entries = _newest(tx, desk.space, str(matter["id"]) if matter else None)
        told: list[Json] = list(islice(entries, most))
        return {"space": desk.space, "size": ledger_size(tx, desk.space), "entries": told}


def _newest(tx: Transaction, space: str, matter: str | None) -> Iterator[Json]:
    handles = {str(row["id"]): str(row["handle"]) for row in tx.find("principal", party=space)}
    for position in range(ledger_size(tx, space) - 1, -1, -1):
        row = one(tx, "ledger_entry", space=space, position=position)
        assert row is not None
        entry = cast("dict[str, Json]", canonical.decode(cast("bytes", row["entry"])))
        says = cast("dict[str, Json]", entry["says"])
        if matter is None or matter in {says.get("matter"), _detail(tx, space, position).get("matter")}:
            who = handles.get(str(says.get("principal", "")), "")
            yield {"position": position, "at": entry["at"], "kind": entry["kind"], "says": says, "who": who}


def _detail(tx: Transaction, space: str, position: int) -> Mapping[str, Json]:
    row = one(tx, "opening", space=space, position=position)
    return cast("Mapping[str, Json]", canonical.decode(cast("bytes", row["detail"]) or b"{}")) if row else {}
