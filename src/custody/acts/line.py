"""The line a deal runs: its stages in order, what proves each, and who does it (docs/architecture.md §1).

The structure chooses the line. A company that ends is wound up after its hand-over, or instead of one. A stage is
passed by its signed statement, never by a value in a row.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from custody.acts.desk import Desk
from custody.base import canonical
from custody.base.canonical import Json
from custody.ports.store import Row, Transaction, one

# Nobody is handed data: the company stays what it is, or ends without a successor.
ALONE: Final = frozenset(("share_transfer", "dissolution", "bankruptcy"))
HAND_OVER: Final = frozenset(("asset_deal", "data_only_sale", "merger", "division", "bankruptcy", "dissolution"))
ABORTED: Final = "aborted"


@dataclass(frozen=True, slots=True)
class Step:
    """One stage: the statement that proves it, the verb that reaches it, whose work it is, the gates of law before it."""

    stage: str
    proof: str
    act: str
    roles: tuple[str, ...]
    gates: tuple[str, ...] = ()
    people: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """Which line, and its stages."""

    name: str
    steps: tuple[Step, ...]


_OPENED: Final = (
    Step("connected", "", "scan", ("data",)), Step("classified", "", "datamap accept", ("privacy",)), Step("sealed", "", "seal", ("data",)),
    Step("cleared", "gate", "gate", ("privacy", "owner", "lawyer")),
)  # fmt: skip
_HANDED: Final = (
    Step("packed", "shipped", "ship", ("data", "owner"), ("ship",), 2), Step("shipped", "shipped", "ship", ("data", "owner"), ("ship",), 2),
    Step("released", "released", "release", ("owner", "privacy"), ("release",), 2), Step("received", "receipt", "reconcile", ("data", "owner", "privacy")),
    Step("destroyed", "destroyed", "destroy", ("owner", "privacy"), ("destroy",), 2),
)  # fmt: skip
_CONTROL: Final = Step("controlled", "control", "handover-control", ("owner",), ("ship", "release", "control"), 2)
_WOUND_UP: Final = Step("wound-up", "woundup", "deal wind-up", ("owner", "privacy"), ("destroy",), 2)
_CLOSED: Final = Step("closed", "closed", "deal close", ("owner", "lawyer", "advisor"), (), 2)
_BROKEN_OFF: Final = Step(ABORTED, ABORTED, "deal abort", ("owner", "lawyer", "advisor"), (), 2)
_ANSWERED: Final = Step("returned", "returned", "deal return", ())
_GIVEN_BACK: Final = Step("returned", "returned", "deal return", ("owner", "privacy"), (), 2)
_INVITED: Final = Step("invited", "invite", "invite", ("owner", "privacy", "data"))
_TAKEN: Final = (
    _INVITED, Step("received", "received", "receive", ("data", "owner")), Step("resealed", "resealed", "reseal", ("owner", "privacy")),
)  # fmt: skip


def line_of(tx: Transaction, matter: Row, facts: Mapping[str, Json]) -> Line:
    """The line of a deal as its facts are now."""
    name, structure = str(matter["id"]), str(facts.get("deal.structure") or "none")
    buying = tx.count("statement", matter=name, kind="invite") > 0
    if tx.count("statement", matter=name, kind=ABORTED) or matter["state"] == ABORTED:
        return Line(ABORTED, (_BROKEN_OFF, *((_ANSWERED,) if answer_due(tx, matter, facts) else ()), _CLOSED))
    if buying:
        gave_back = tx.count("statement", matter=name, kind="returned") > 0
        return (
            Line("giving-back", (_INVITED, _GIVEN_BACK, _CLOSED))
            if gave_back
            else Line("taking-over", (*_TAKEN, _CLOSED))
        )
    if structure == "share_transfer":
        # Nobody is handed over, so nobody need be cleared: what law asks of the company is asked by the act itself.
        return Line("control", (*_OPENED[:-1], _CONTROL, _CLOSED))
    handed = _HANDED if matter["counterparty"] and structure in HAND_OVER else ()
    ends = (_WOUND_UP,) if ends_seller(facts) else ()
    name_of = "winding-up" if not handed and ends else f"hand-over{'-and-winding-up' if ends else ''}"
    return Line(name_of, (*_OPENED, *handed, *ends, _CLOSED))


def ends_seller(facts: Mapping[str, Json]) -> bool:
    """Whether the company that holds the data ends with the deal."""
    structure = facts.get("deal.structure")
    divided = structure == "division" and facts.get("seller.stops_service") is True
    return structure in {"merger", "dissolution", "bankruptcy"} or divided


def answer_due(tx: Transaction, matter: Row, facts: Mapping[str, Json]) -> bool:
    """Whether the other side had something to give back: a package, or data in due diligence, unless it is known that there was none."""
    shipped = tx.count("statement", matter=str(matter["id"]), kind="shipped") > 0
    return bool(matter["counterparty"]) and (shipped or facts.get("event.dd_data_disclosed") is not False)


def stages(tx: Transaction, desk: Desk, matter: Row, steps: Sequence[Step]) -> list[dict[str, Json]]:
    """Each stage, when it was reached, and by what; the first not reached is `now`."""
    found = list(_reached(tx, desk, matter, steps))
    places = [place for place, row in enumerate(found) if not row["at"]]
    now = places[0] if places else len(found)
    return [
        {**row, "state": "done" if place < now else "now" if place == now else "open"}
        for place, row in enumerate(found)
    ]


def _reached(tx: Transaction, desk: Desk, matter: Row, steps: Sequence[Step]) -> Iterator[dict[str, Json]]:
    vault = one(tx, "vault", id=str(matter["vault"]))
    signed = one(tx, "statement", matter=str(vault["datamap"]), kind="datamap") if vault else None
    sealed = _sealed_at(tx, desk, str(matter["vault"]))
    mapped = str(signed["at"]) if signed else sealed
    for step in steps:
        rows = tx.find("statement", order=("n",), matter=str(matter["id"]), kind=step.proof) if step.proof else []
        row = rows[-1] if rows else signed if step.stage == "classified" else None
        at = (
            str(row["at"]) if row else {"connected": mapped, "classified": mapped, "sealed": sealed}.get(step.stage, "")
        )
        yield {"stage": step.stage, "at": at, "ledger": row["position"] if row else None,
               "statement": str(row["sha256"]) if row else None}  # fmt: skip


def _sealed_at(tx: Transaction, desk: Desk, vault: str) -> str:
    # A vault is opened by one job; a vault that came from another party has none here.
    jobs = (row for row in tx.find("job", order=("started_at",), kind="seal") if desk.space in str(row["key"]))
    for row in jobs:
        told = cast("dict[str, Json]", canonical.decode(cast("bytes", row["result"])))
        if told.get("vault") == vault:
            return str(row["started_at"])
    return ""


def onward(done: Sequence[Mapping[str, Json]], steps: Sequence[Step]) -> Json:
    """The stage that comes next, what reaches it and whose work it is; nothing at the end of the line."""
    for row, step in zip(done, steps, strict=True):
        if row["state"] == "now":
            return {"stage": step.stage, "act": step.act, "roles": list(step.roles)}
    return None
