"""The buyer's invitation: a key for this deal alone and a nonce, signed (D3, forward secrecy)."""

import re
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Final, cast

from custody.acts import members
from custody.acts.arriving import wrap_key
from custody.acts.deal_roots import remember
from custody.acts.desk import Desk
from custody.acts.handing import INVITE, counterparty
from custody.acts.stated import of_invitation
from custody.acts.statements import issue
from custody.acts.vaults import sha256
from custody.base import ids
from custody.base.canonical import Json, b64
from custody.base.clock import stamp
from custody.base.errors import Malformed, Missing
from custody.base.statement import subject
from custody.model.party import PartyCard
from custody.package.release_seal import DealKey
from custody.package.statements import Invite
from custody.ports.files import Files
from custody.ports.store import Cells, Row, Transaction, one

TERM: Final = timedelta(days=180)

_REF: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,31}")
"""As companies count their deals; it can be no id of one, no path, and says nothing of anybody."""
INVITERS: Final = ("owner", "privacy", "data")


def invite(desk: Desk, seller: str, ref: str, out: Files, *, anew: bool = False) -> Mapping[str, Json]:
    """Make the key of deal `ref` (the seller's reference; kept wrapped here) and the signed invitation, once.

    A re-seal deletes the key: `anew` then makes another, so that a later release can follow. Raises Malformed `deal.ref`.
    """
    desk.require(INVITERS)
    with desk.store.write() as tx:
        card = counterparty(tx, seller)
        if not _REF.fullmatch(ref):
            raise Malformed("deal.ref", "That is no reference of a deal.", next="Type it as the seller's papers have it: D-2026-0001.")  # fmt: skip
        known = _invited(tx, desk.space, seller, ref) or _matter(desk, tx, seller, ref)
        name = str(known["id"])
        if not members.sees(desk, tx, name):
            raise Missing("deal.unknown", "There is no such deal.", next="custody deal show")
        rows = tx.find("statement", order=("n",), matter=name, kind=Invite.KIND)
        if not rows or (anew and _key_deleted(tx, name)):
            _invite(desk, tx, known, card, len(rows) + 1)
            rows = tx.find("statement", order=("n",), matter=name, kind=Invite.KIND)
        envelope = cast("bytes", rows[-1]["envelope"])
    out.write(INVITE, envelope)
    return {"id": name, "deal": ref, "sha256": sha256(envelope)}


def _key_deleted(tx: Transaction, matter: str) -> bool:
    return tx.count("deal_key", matter=matter) == 0 and tx.count("statement", matter=matter, kind="resealed") > 0


def _matter(desk: Desk, tx: Transaction, seller: str, ref: str) -> Row:
    row: Cells = {"id": ids.new("mat"), "party": desk.space, "kind": "deal", "ref": ref, "version": 1, "state": "open",
                  "vault": "", "counterparty": seller, "detail": b""}  # fmt: skip
    tx.add("matter", [row])
    members.join(desk, tx, str(row["id"]), desk.principal.id, members.OPENED)
    return row


def _invite(desk: Desk, tx: Transaction, matter: Row, seller: PartyCard, number: int) -> None:
    name, key, nonce = str(matter["id"]), DealKey.generate(), secrets.token_bytes(32)
    root, sealed = wrap_key(desk, name, key, number)
    remember(tx, root)
    kept = {"sealed": sealed, "public": key.public, "nonce": nonce}
    tx.add("deal_key", [{"matter": name, **kept}])
    says = Invite(
        deal=str(matter["ref"]), seller=seller.identity.id, buyer=desk.signer.identity.id, key=b64(key.public),
        key_id=key.id, nonce=nonce.hex(), expires_at=stamp(desk.clock.now() + TERM),
    )  # fmt: skip
    issue(desk, tx, name, [subject("deal-key", key.id)], says, n=number, kept=of_invitation(matter, kept, root.ref))


def _invited(tx: Transaction, space: str, seller: str, ref: str) -> Row | None:
    """The matter of an earlier invitation. The reference is the seller's: a deal of our own may have the same."""
    rows = tx.find("matter", party=space, ref=ref, counterparty=seller)
    return next((row for row in rows if one(tx, "statement", matter=str(row["id"]), kind=Invite.KIND, n=1)), None)
