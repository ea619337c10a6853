"""A customer confirms, once a year, that what is held is right (A7; spec/freshness.md §6)."""

from collections.abc import Mapping

from custody.acts.agreed_corrections import enter
from custody.acts.desk import Desk
from custody.acts.mirroring import mirrored
from custody.acts.visiting import proven
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.ports.laws import Laws
from custody.ports.store import Cells


def portal_confirm(desk: Desk, laws: Laws, token: str, proof: str) -> Mapping[str, Json]:
    """All that is shown is right: noted with the day, so that nothing counts as stale. Needs the second factor: who sees nothing confirms nothing."""
    with desk.store.write() as tx:
        seen = proven(desk, tx, laws, token, proof)
        now = stamp(desk.clock.now())
        who: Cells = {"vault": str(seen.matter["vault"]), "subject": seen.link.subject}
        where: Cells = {"id": "", "cls": "", "tbl": "", "row": 0, "col": "", "proof": seen.proof}
        position = enter(desk, tx, {**who, **where}, "confirmed", {"link": seen.link.name})
        told: Cells = {"at": now, "proof": seen.proof, "position": position}
        if not tx.change("confirmed", told, vault=who["vault"], subject=who["subject"]):
            tx.add("confirmed", [{**who, **told}])
    return {"did": "confirmed", "at": now, "mirrored": mirrored(desk)}
