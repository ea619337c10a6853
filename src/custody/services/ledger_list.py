"""What happened, from the ledger: the newest entries of the space, or those of one deal (C10)."""

from collections.abc import Mapping, Sequence
from typing import cast

from custody.acts.desk import Desk
from custody.acts.entries import MATTER, positions
from custody.acts.matters import deal, ledger_size
from custody.base import canonical
from custody.base.canonical import Json
from custody.ports.store import Row, Transaction


def ledger_list(desk: Desk, named_deal: str | None, most: int) -> Mapping[str, Json]:
    """The newest `most` entries first. Openings stay private: that an entry belongs to a deal was noted as it was written."""
    with desk.store.read() as tx:
        matter = deal(tx, desk.space, named_deal) if named_deal else None
        rows = _of_deal(tx, desk.space, str(matter["id"]), most) if matter else _newest(tx, desk.space, most)
        handles = {str(row["id"]): str(row["handle"]) for row in tx.find("principal", party=desk.space)}
        told: list[Json] = [_told(row, handles) for row in rows]
        return {"space": desk.space, "size": ledger_size(tx, desk.space), "entries": told}


def _newest(tx: Transaction, space: str, most: int) -> Sequence[Row]:
    return tx.first("ledger_entry", most, order=("-position",), space=space)


def _of_deal(tx: Transaction, space: str, matter: str, most: int) -> Sequence[Row]:
    found = positions(tx, space, MATTER, matter, most)
    return [row for position in found for row in tx.find("ledger_entry", space=space, position=position)]


def _told(row: Row, handles: Mapping[str, str]) -> dict[str, Json]:
    entry = cast("dict[str, Json]", canonical.decode(cast("bytes", row["entry"])))
    says = cast("dict[str, Json]", entry["says"])
    who = handles.get(str(says.get("principal", "")), "")
    return {"position": row["position"], "at": entry["at"], "kind": entry["kind"], "says": says, "who": who}
