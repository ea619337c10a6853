"""Party cards: show one's own, and confirm another's after comparing its fingerprint by another channel (spec/identity.md).

Two different people must confirm; the second confirmation is what lets `ship` and `release` use the card.
"""

from collections.abc import Mapping, Sequence
from typing import Final, cast

from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.base import canonical
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Refused
from custody.model.party import PartyCard
from custody.ports.store import Cells, Row, Transaction, one

CONFIRMATIONS: Final = 2


def party_card(desk: Desk) -> Mapping[str, Json]:
    """The card to give to the other side, with the fingerprint to read out over the telephone."""
    return {"card": desk.card.to_json(), "fingerprint": desk.card.identity.fingerprint}


def party_confirm(desk: Desk, data: bytes, fingerprint: str) -> Mapping[str, Json]:
    """Confirm a card as the acting person. Raises Refused `party.fingerprint` when the fingerprints differ."""
    desk.require(("owner", "privacy", "lawyer", "advisor"))
    card = PartyCard.from_json(canonical.decode(data, strict=False))
    if _digits(fingerprint) != _digits(card.identity.fingerprint):
        raise Refused(
            "party.fingerprint",
            "The fingerprint read out is not the card's.",
            next="Do not go on. Call the other party on a number you already know.",
        )
    with desk.store.write() as tx:
        now = stamp(desk.clock.now())
        known = one(tx, "party", id=card.id)
        if known is not None and known["identity"] != card.identity.id:
            raise Refused(
                "party.changed", "This party is on file with other keys.", next="Ask for an identity statement."
            )
        if known is None:
            row: Cells = {
                "id": card.id,
                "own": "",
                "card": canonical.encode(card.to_json()),
                "identity": card.identity.id,
            }
            tx.add("party", [{**row, "confirmed_at": ""}])
        who: Cells = {"party": card.id, "principal": desk.principal.id}
        if one(tx, "confirmation", **who) is None:
            tx.add("confirmation", [{**who, "at": now}])
            append(
                tx, desk.space, now, "card-confirmed", {"identity": card.identity.id, "principal": desk.principal.id}
            )
        count = tx.count("confirmation", party=card.id)
        if count >= CONFIRMATIONS:
            tx.change("party", {"confirmed_at": now}, id=card.id, confirmed_at="")
    return {"party": card.id, "identity": card.identity.id, "confirmations": count, "confirmed": count >= CONFIRMATIONS}


def parties(desk: Desk) -> Sequence[Mapping[str, Json]]:
    """Everybody on file: names, fingerprint, and how many people have compared it."""
    with desk.store.read() as tx:
        return [_brief(tx, row) for row in tx.find("party", order=("id",))]


def party_cards(desk: Desk) -> Sequence[PartyCard]:
    """The cards to trust in a verification: our own, and those that two people have compared."""
    with desk.store.read() as tx:
        rows = [row for row in tx.find("party", order=("id",)) if row["own"] == "yes" or row["confirmed_at"]]
        return [PartyCard.from_json(canonical.decode(cast("bytes", row["card"]))) for row in rows]


def _brief(tx: Transaction, row: Row) -> dict[str, Json]:
    card, party = PartyCard.from_json(canonical.decode(cast("bytes", row["card"]))), str(row["id"])
    return {
        "id": party, "own": row["own"] == "yes", "confirmed": bool(row["confirmed_at"]), "name": {"zh": card.name_zh, "en": card.name_en},
        "place": card.place, "uscc": card.uscc, "fingerprint": card.identity.fingerprint, "confirmations": tx.count("confirmation", party=party),
    }  # fmt: skip


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())
