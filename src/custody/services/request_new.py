"""Take in a request that came by telephone, letter, e-mail or at the desk: only of a person who showed who they are (B4; spec/requests.md §7)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final, cast

from custody.acts import asked
from custody.acts.desk import Desk
from custody.acts.identified import PROOFS, require_identified, said
from custody.acts.matters import deal
from custody.acts.mirroring import mirrored
from custody.acts.noes import Heard, put_on_file
from custody.acts.noted import SAYING_NO
from custody.acts.other_deals import unheard
from custody.acts.requesting import CHANNELS, KINDS, intake
from custody.acts.twins import seek_if_may
from custody.base import ids
from custody.base.canonical import Json
from custody.base.errors import Malformed, Missing
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction, one

__all__ = ["PROOFS", "TAKERS", "request_new"]
TAKERS: Final = ("owner", "privacy", "data", "department")
_OLDEST: Final = timedelta(days=366)


def request_new(desk: Desk, laws: Laws, named_deal: str, subject: str, given: Mapping[str, str]) -> Mapping[str, Json]:
    """An objection and a withdrawal are on file for the gate when this returns; where other deals with other companies are under way over the vault, it says in which the no was not heard.

    `given`: kind, channel, proof, note, controller, `received` (the day it came, today where it is empty), and `said`: each identifier
    that the person named, as lines `kind,value`.

    Raises Missing `subject.unknown`, Malformed `request.form`, `request.received`, `request.said`, `request.proof`, `request.alone`, Denied `request.identity`, `request.tries`.
    """
    desk.require(TAKERS)
    kind, channel, proof = (given.get(name, "") for name in ("kind", "channel", "proof"))
    for value, allowed in ((kind, KINDS), (channel, CHANNELS[1:]), (proof, PROOFS)):
        if value not in allowed:
            raise Malformed(
                "request.form", "A kind, channel or proof is not known.", next=f"Say one of: {', '.join(allowed)}."
            )
    came = _came(desk, given.get("received", ""))
    names, who = said(given.get("said", "")), ids.subject_bytes(subject)
    with desk.store.read() as tx:
        matter, row = _whose(desk, tx, named_deal, who)
        vault = cast("Row", one(tx, "vault", id=matter["vault"]))
    require_identified(desk, vault, row, channel, proof, names, protects=kind in SAYING_NO)
    with desk.store.write() as tx:
        matter, row = _whose(desk, tx, named_deal, who)
        made = intake(
            desk,
            tx,
            laws,
            matter,
            row,
            kind,
            channel,
            proof,
            given.get("note", "").strip(),
            given.get("controller", "").strip(),
            came,
        )
        answered = put_on_file(desk, tx, laws, matter, row, kind, Heard(channel, proof))
        also = unheard(desk, tx, asked.request(desk, tx, str(made["ref"])))
    seek_if_may(desk, str(vault["id"]), [who])
    mirrored(desk)
    return {**made, **({"answered": list[Json](answered)} if answered else {}), **also}


def _came(desk: Desk, text: str) -> datetime | None:
    """The first moment of the day on which it was received, None where nobody says another than now. Raises Malformed `request.received`."""
    today = desk.today()
    if not text or text == today.isoformat():
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text or not today - _OLDEST <= day < today:
        raise Malformed(
            "request.received",
            "Not the day on which it came: not after today where the company is, nor more than 366 days ago.",
            next="--received YYYY-MM-DD; leave it out for now",
        )
    return desk.first_moment(day)


def _whose(desk: Desk, tx: Transaction, named_deal: str, who: bytes) -> tuple[Row, Row]:
    matter = deal(desk, tx, named_deal)
    row = one(tx, "subject", vault=str(matter["vault"]), id=who, state="live")
    if row is None:
        raise Missing("subject.unknown", "Nobody of that id is in this vault (any more).", next="custody lookup")
    return matter, row
