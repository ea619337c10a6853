"""What happened since, for machines outside: kinds, deals and moments, and nothing about any person (spec/api.md §4)."""

from collections.abc import Mapping
from typing import Final, cast

from custody.acts.desk import Desk
from custody.acts.entries import subject_of
from custody.acts.matters import called, ledger_size
from custody.acts.members import sees
from custody.base import canonical
from custody.base.canonical import Json
from custody.ports.store import Row, Transaction, one

STATEMENTS: Final = frozenset((
    "gate", "notice", "shipped", "released", "received", "recalled", "resealed", "destroyed", "control", "aborted", "returned", "woundup", "closed",
))  # fmt: skip
_KINDS: Final[Mapping[str, str]] = {
    "receipt-agreed": "deal.answered",
    "request-received": "request.received",
    "due-alarm": "due.alarm",
    "portal-locked": "portal.locked",
}


def event_list(desk: Desk, since: int, most: int) -> Mapping[str, Json]:
    """Events of the entries from position `since` on, `most` entries at a time; `next` is where to go on."""
    with desk.store.read() as tx:
        size = ledger_size(tx, desk.space)
        end = min(size, since + most)
        found = [_event(desk, tx, position) for position in range(since, end)]
    return {"next": max(since, end), "size": size, "events": [one_event for one_event in found if one_event]}


def _event(desk: Desk, tx: Transaction, position: int) -> Json:
    row = one(tx, "ledger_entry", space=desk.space, position=position)
    assert row is not None
    entry = cast("dict[str, Json]", canonical.decode(cast("bytes", row["entry"])))
    says = cast("dict[str, Json]", entry["says"])
    kind = f"deal.{says['statement']}" if says.get("statement") in STATEMENTS else _KINDS.get(str(entry["kind"]), "")
    if not kind:
        return None
    deal = _deal(tx, desk.space, position, says)
    if deal is not None and deal["kind"] == "deal" and not sees(desk, tx, str(deal["id"])):
        return None
    return {"type": kind, "deal": called(tx, deal) if deal else None, "at": entry["at"], "ledger": position}


def _deal(tx: Transaction, space: str, position: int, says: Mapping[str, Json]) -> Row | None:
    """The deal it is about; what is about none has none. What is sealed under a person's key stays sealed."""
    opening = one(tx, "opening", space=space, position=position)
    kept = cast("bytes", opening["detail"]) if opening else b""
    detail = {} if subject_of(kept) else cast("dict[str, Json]", canonical.decode(kept or b"{}"))
    asked = one(tx, "request", id=str(says["request"])) if "request" in says else None
    return one(tx, "matter", id=str(detail.get("matter") or says.get("matter") or (asked or {}).get("matter") or ""))
