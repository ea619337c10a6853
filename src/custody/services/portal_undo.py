"""A customer takes a correction back by a link that went out before it, or to another address (A7; spec/freshness.md §3)."""

from collections.abc import Mapping
from typing import cast

from custody.acts.agreed_corrections import take_back
from custody.acts.corrections import REACHES
from custody.acts.desk import Desk
from custody.acts.mirroring import mirrored
from custody.acts.sole import holding
from custody.acts.visiting import visit
from custody.base.canonical import Json
from custody.base.errors import Refused
from custody.ports.laws import Laws
from custody.ports.store import Row, one


def portal_undo(desk: Desk, laws: Laws, token: str, correction: str) -> Mapping[str, Json]:
    """The link alone is enough, if it does not go to the very address that the correction brought in. Raises Denied `portal.link`."""
    with desk.store.read() as tx:
        seen = visit(desk, tx, laws, token)
        row = one(tx, "correction", id=correction, subject=seen.link.subject, vault=seen.matter["vault"])
        link = cast("Row", one(tx, "link", id=seen.link.id))
        if (
            row is None
            or not seen.live
            or (REACHES.get(seen.link.channel) == row["cls"] and str(link["made_at"]) > str(row["done_at"]))
        ):
            raise Refused(
                "correction.state", "This correction is not one that this link takes back.", next="Ask the company."
            )
        vault = cast("Row", one(tx, "vault", id=row["vault"]))
    with holding(desk, str(vault["name"])):
        take_back(desk, row, f"by link {seen.link.name}")
    return {"did": "undone", "correction": correction, "mirrored": mirrored(desk)}
