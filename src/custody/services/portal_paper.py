"""A guardian sends a picture of the paper that shows it, by the child's page (B2; spec/consent.md §8)."""

from collections.abc import Mapping

from custody.acts.about import append_about
from custody.acts.counter import add_up_to
from custody.acts.desk import Desk
from custody.acts.guardian_papers import A_DAY, MOST_BYTES, Came, keep
from custody.acts.mirroring import mirrored
from custody.acts.own_evidence import own_about
from custody.acts.passing import SELLER
from custody.acts.vaults import sha256
from custody.acts.visiting import Visit, proven
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Denied, Malformed, Refused
from custody.base.pictures import recognised
from custody.ports.laws import Laws
from custody.ports.store import Transaction


def portal_paper(desk: Desk, laws: Laws, token: str, proof: str, data: bytes) -> Mapping[str, Json]:
    """Sealed before anything is answered. It makes no yes count: staff look at it first.

    Raises Denied `portal.link`, `portal.proof`, `portal.papers`, Malformed `portal.picture`, Refused `portal.no-child`.
    """
    with desk.store.write() as tx:
        seen, now = proven(desk, tx, laws, token, proof), stamp(desk.clock.now())
        _require_asked(seen, desk.today().isoformat())
        found = recognised(data) if 0 < len(data) <= MOST_BYTES else None
        if found is None:
            raise Malformed("portal.picture", "This is no whole picture (JPEG, PNG) of at most 8 MB.",
                            next="Take a photograph of the paper and send that.")  # fmt: skip
        _count(tx, seen, desk.today().isoformat())
        kind, picture = found
        who = own_about(desk, tx, str(seen.matter["vault"]), seen.link.subject, now)
        says: dict[str, Json] = {"matter": str(seen.matter["id"]), "kind": kind, "sha256": sha256(picture)}
        detail: dict[str, Json] = {"subject": ids.subject_text(seen.link.subject), "link": seen.link.name}
        position = append_about(tx, desk.space, now, "guardian-paper", says, who=who, detail=detail)
        keep(tx, seen.matter, who, Came(kind, sha256(picture), now, position), picture)
    return {"did": "paper", "sha256": sha256(picture), "mirrored": mirrored(desk)}


def _require_asked(seen: Visit, today: str) -> None:
    if seen.side != SELLER or not seen.guarded(today):
        raise Refused("portal.no-child", "No guardian's paper is asked for here.", next="Go back to the page.")


def _count(tx: Transaction, seen: Visit, today: str) -> None:
    """By the child, whatever link: a second link gives no more of them."""
    if not add_up_to(tx, f"papers:{ids.subject_text(seen.link.subject)}:{today}", 1, most=A_DAY):
        raise Denied("portal.papers", "Enough papers came today.", next="Come back tomorrow, or ask the company.")
