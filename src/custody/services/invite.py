"""The buyer's invitation: a key for this deal alone and a nonce, signed (D3, forward secrecy)."""

import secrets
from collections.abc import Mapping
from typing import cast

from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.handing import INVITE, counterparty
from custody.acts.statements import issue
from custody.acts.vaults import sha256
from custody.base import ids
from custody.base.canonical import Json, b64
from custody.base.clock import stamp
from custody.base.statement import subject
from custody.package.release_seal import DealKey
from custody.ports.files import Files
from custody.ports.store import one


def invite(desk: Desk, seller: str, out: Files) -> Mapping[str, Json]:
    """Make the deal key (kept sealed here) and the signed invitation; made once per seller until the deal ends."""
    desk.require(("owner", "privacy", "data"))
    label = f"deal-key:{seller}"
    with desk.store.write() as tx:
        card = counterparty(tx, seller)
        known = one(tx, "matter", party=desk.space, kind="deal", counterparty=seller)
        if known is None:
            matter, ref = ids.new("mat"), f"B-{desk.clock.now().year}-0001"
            row = {"id": matter, "party": desk.space, "kind": "deal", "ref": ref, "version": 1, "state": "open"}
            tx.add("matter", [{**row, "vault": "", "counterparty": seller, "detail": b""}])
            key, nonce = DealKey.generate(), secrets.token_bytes(32)
            ref_key = desk.keys.create(label, 1)
            parts = [desk.keys.wrap(ref_key, key.private[place : place + 32]) for place in range(0, 96, 32)]
            tx.add("deal_key", [{"matter": matter, "sealed": b"".join(parts), "public": key.public, "nonce": nonce}])
            predicate: dict[str, Json] = {"seller": card.identity.id, "buyer": desk.card.id, "key": b64(key.public),
                                          "key_id": sha256(key.public), "nonce": b64(nonce), "kem": "X-Wing"}  # fmt: skip
            issue(desk, tx, matter, "invite", [subject("deal-key", sha256(key.public))], predicate)
            append(tx, desk.space, stamp(desk.clock.now()), "invited", {"matter": matter})
            known = one(tx, "matter", id=matter)
        assert known is not None
        held = one(tx, "statement", matter=str(known["id"]), kind="invite")
        assert held is not None
        envelope = cast("bytes", held["envelope"])
    out.write(INVITE, envelope)
    return {"id": str(known["id"]), "deal": str(known["ref"]), "sha256": sha256(envelope)}
