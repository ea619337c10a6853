"""What the gates of a deal ask for and have, by whom and since when; and the clocks that run (C1)."""

from collections.abc import Iterator, Mapping
from typing import cast

from custody.acts import duties, lawbook, unanswered
from custody.acts.desk import Desk
from custody.acts.matters import EVERYBODY, deal, facts_of
from custody.base import canonical
from custody.base.canonical import Json
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction, one


def deal_met(desk: Desk, laws: Laws, named: str) -> Mapping[str, Json]:
    """`met`: the data map that was signed, the card that was compared, each duty whose papers are on file; `clocks`: the next to end first."""
    packs, now = lawbook.packs(laws), desk.clock.now()
    with desk.store.read() as tx:
        matter = deal(desk, tx, named)
        facts = facts_of(tx, str(matter["id"]))
        told = duties.outcome(tx, matter, facts, packs, desk.today())
        running = sorted(
            [*duties.clocks(told, packs, facts, now), *unanswered.clocks(desk, tx, matter, now)], key=duties.order
        )
        met = [*_before(desk, tx, matter), *_filed(desk, tx, matter, duties.duties(tx, matter, told))]
    return {"met": list[Json](met), "clocks": list[Json](running)}


def _before(desk: Desk, tx: Transaction, matter: Row) -> Iterator[dict[str, Json]]:
    """What the line itself asks for: a signed data map, and the other party's card compared by two people."""
    vault = cast("Row", one(tx, "vault", id=str(matter["vault"])))
    if signed := one(tx, "statement", matter=str(vault["datamap"]), kind="datamap"):
        yield {"what": "datamap", "at": str(signed["at"]), **_by(desk, tx, signed["position"])}
    other = str(matter["counterparty"])
    card = one(tx, "party", id=other) if other else None
    if card and card["confirmed_at"]:
        people = [str(row["principal"]) for row in tx.find("confirmation", order=("at",), party=other)]
        yield {"what": "card", "at": str(card["confirmed_at"]), "ledger": None, "who": list[Json](people)}


def _filed(desk: Desk, tx: Transaction, matter: Row, found: list[dict[str, Json]]) -> Iterator[dict[str, Json]]:
    """Each duty that is met, by the paper that came last."""
    rows = {str(row["type"]): row for row in tx.find("evidence", matter=str(matter["id"]), subject=EVERYBODY)}
    for duty in found:
        papers = [rows[kind] for kind in cast("list[str]", duty["evidence"]) if kind in rows]
        if duty["state"] == "met" and papers:
            newest = max(papers, key=lambda row: cast("int", row["position"]))
            named = {name: duty[name] for name in ("rule", "title", "reference", "before")}
            yield {"what": "duty", **named, "at": str(newest["at"]), **_by(desk, tx, newest["position"])}


def _by(desk: Desk, tx: Transaction, position: object) -> dict[str, Json]:
    """Who entered it, as far as the ledger names somebody."""
    number = cast("int", position)
    row = one(tx, "ledger_entry", space=desk.space, position=number)
    told = cast("Mapping[str, Json]", canonical.decode(cast("bytes", row["entry"])))["says"] if row else {}
    who = cast("Mapping[str, Json]", told).get("principal")
    return {"ledger": number, "who": [who] if isinstance(who, str) else []}
