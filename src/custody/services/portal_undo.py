"""A customer takes a correction back by a link that went out before it, or to another address (A7; spec/freshness.md §3)."""

from collections.abc import Mapping
from typing import cast

from custody.acts.agreed_corrections import take_back
from custody.acts.corrections import REACHES
from custody.acts.desk import Desk
from custody.acts.mirroring import mirrored
from custody.acts.sole import holding
from custody.acts.visiting import require_proof, visit
from custody.base.canonical import Json
from custody.base.errors import Refused
from custody.ports.laws import Laws
from custody.ports.store import Row, one


def portal_undo(desk: Desk, laws: Laws, token: str, proof: str, correction: str) -> Mapping[str, Json]:
    """By the link alone where it went to the old address of what was changed; of all else the second factor is asked, for a link may have been forwarded.

    Raises Denied `portal.link`, `portal.proof`, Refused `correction.state`.
    """
    with desk.store.read() as tx:
        seen = visit(desk, tx, laws, token, proof)
        row = one(tx, "correction", id=correction, subject=seen.link.subject, vault=seen.matter["vault"])
        link = cast("Row", one(tx, "link", id=seen.link.id))
        own = row is not None and REACHES.get(seen.link.channel) == row["cls"]
        if row is None or not seen.live or (own and str(link["made_at"]) > str(row["done_at"])):
            raise Refused(
                "correction.state", "This correction is not one that this link takes back.", next="Ask the company."
            )
        if not own:
            require_proof(seen)
        vault = cast("Row", one(tx, "vault", id=row["vault"]))
    with holding(desk, str(vault["name"])):
        take_back(desk, row, f"by link {seen.link.name}")
    return {"did": "undone", "correction": correction, "mirrored": mirrored(desk)}
