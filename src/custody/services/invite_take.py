"""Take in the buyer's invitation: it is looked at when it comes, not only when the package is sealed to it (D1, D3)."""

from collections.abc import Mapping
from typing import Final, cast

from custody.acts.desk import Desk
from custody.acts.handing import INVITE, invitation
from custody.acts.matters import deal, require_live
from custody.acts.vaults import sha256
from custody.base import canonical
from custody.base.canonical import Json
from custody.base.clock import parse
from custody.base.errors import CustodyError, Missing, Refused
from custody.model.party import PartyCard
from custody.package.statements import Invite
from custody.ports.files import Files
from custody.ports.store import Row, Transaction, one

INVITE_TAKERS: Final = ("owner", "data", "privacy", "advisor")
GOOD, EXPIRED, WRONG, NONE = "good", "expired", "wrong", "none"


def invite_take(desk: Desk, named_deal: str, shown: bytes, out: Files) -> Mapping[str, Json]:
    """Lay it where `ship` and every release look for it. A good one gives way to a later one alone.

    Raises Broken or Malformed where it is no invitation of this buyer for this deal, Refused `invite.expired`, `invite.older`, Missing
    `party.unknown`.
    """
    desk.require(INVITE_TAKERS)
    with desk.store.read() as tx:
        matter = deal(desk, tx, named_deal)
        require_live(matter)
        said = _said(desk, tx, matter, shown)
        if _over(desk, said):
            raise Refused(
                "invite.expired",
                f"This invitation ended on {said.expires_at:.10}.",
                next="Ask the buyer for a new one.",
            )
        kept = _kept(desk, tx, matter, out)
    if kept is not None and parse(said.expires_at) < parse(kept.expires_at):
        raise Refused("invite.older", "A later invitation is here already.", next="Ask the buyer for their newest one.")
    out.write(INVITE, shown)
    return {"deal": str(matter["ref"]), "sha256": sha256(shown), "expires_at": said.expires_at}


def invite_state(desk: Desk, named_deal: str, out: Files) -> str:
    """What lies there: nothing, one that is good today, one whose days are over, or something else."""
    with desk.store.read() as tx:
        matter = deal(desk, tx, named_deal)
        if INVITE not in out.list():
            return NONE
        kept = _kept(desk, tx, matter, out)
    return WRONG if kept is None else EXPIRED if _over(desk, kept) else GOOD


def _kept(desk: Desk, tx: Transaction, matter: Row, out: Files) -> Invite | None:
    """The one that lies there, if it is one."""
    if INVITE not in out.list():
        return None
    try:
        return _said(desk, tx, matter, out.read(INVITE))
    except CustodyError:
        return None


def _said(desk: Desk, tx: Transaction, matter: Row, shown: bytes) -> Invite:
    """By the card on file; whether two people compared its fingerprint is asked when something is sealed to it."""
    row = one(tx, "party", id=str(matter["counterparty"]))
    if row is None:
        raise Missing("party.unknown", "There is no card of that party.", next="custody party confirm CARD")
    buyer = PartyCard.from_json(canonical.decode(cast("bytes", row["card"])))
    return invitation(shown, buyer, desk.card, str(matter["ref"]), rehearsal=desk.rehearsal)


def _over(desk: Desk, said: Invite) -> bool:
    return parse(said.expires_at) <= desk.clock.now()
