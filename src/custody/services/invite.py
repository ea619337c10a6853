"""The buyer's invitation: a key for this deal alone and a nonce, signed (D3, forward secrecy)."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Final, cast

from custody.acts.desk import Desk
from custody.acts.handing import INVITE, counterparty
from custody.acts.statements import issue
from custody.acts.vaults import sha256
from custody.base import ids
from custody.base.canonical import Json, b64
from custody.base.clock import stamp
from custody.base.statement import subject
from custody.package.release_seal import DealKey
from custody.package.statements import Invite
from custody.ports.files import Files
from custody.ports.store import Cells, Row, Transaction, one

TERM: Final = timedelta(days=180)


def invite(desk: Desk, seller: str, ref: str, out: Files) -> Mapping[str, Json]:
    """Make the key of deal `ref` (the seller's reference; kept wrapped here) and the signed invitation, once."""
    desk.require(("owner", "privacy", "data"))
    with desk.store.write() as tx:
        card = counterparty(tx, seller)
        known = _invited(tx, desk.space, seller, ref)
        if known is None:
            matter = ids.new("mat")
            row: Cells = {"id": matter, "party": desk.space, "kind": "deal", "ref": ref, "version": 1, "state": "open"}
            tx.add("matter", [{**row, "vault": "", "counterparty": seller, "detail": b""}])
            key, nonce = DealKey.generate(), secrets.token_bytes(32)
            tx.add(
                "deal_key",
                [{"matter": matter, "sealed": wrap_key(desk, matter, key), "public": key.public, "nonce": nonce}],
            )
            expires = stamp(desk.clock.now() + TERM)
            says = Invite(deal=ref, seller=card.identity.id, buyer=desk.signer.identity.id, key=b64(key.public),
                          key_id=key.id, nonce=nonce.hex(), expires_at=expires)  # fmt: skip
            issue(desk, tx, matter, [subject("deal-key", key.id)], says)
            known = one(tx, "matter", id=matter)
        assert known is not None
        held = one(tx, "statement", matter=str(known["id"]), kind="invite")
        assert held is not None
        envelope = cast("bytes", held["envelope"])
    out.write(INVITE, envelope)
    return {"id": str(known["id"]), "deal": ref, "sha256": sha256(envelope)}


def _invited(tx: Transaction, space: str, seller: str, ref: str) -> Row | None:
    """The matter of an earlier invitation. The reference is the seller's: a deal of our own may have the same."""
    rows = tx.find("matter", party=space, ref=ref, counterparty=seller)
    return next((row for row in rows if one(tx, "statement", matter=str(row["id"]), kind="invite")), None)


def wrap_key(desk: Desk, matter: str, key: DealKey) -> bytes:
    """The private key under a provider object of its own: three wrapped 32-byte parts."""
    ref, private = desk.keys.create(matter, 1), key.private()
    return b"".join(desk.keys.wrap(ref, private[place : place + 32]) for place in range(0, 96, 32))
