"""Whoever told the company before that nobody may contact them lets the company that has the data now contact them again, from their own page (spec/portal.md §5)."""

from collections.abc import Mapping
from typing import Final

from custody.acts.about import append_about
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.guardians import saying
from custody.acts.mirroring import mirrored
from custody.acts.own_evidence import own_about
from custody.acts.passed_silence import came_with
from custody.acts.suppressing import LIFTED, open_list, people_told, unmark
from custody.acts.visiting import require_proof, visit
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Refused
from custody.ports.laws import Laws
from custody.ports.store import Transaction

GUARDED: Final = "contact-guarded"
"""Who let a child be contacted again; the name is sealed under the child's own key."""
_WHY: Final = "own-page"


def portal_contact(
    desk: Desk, laws: Laws, token: str, proof: str, given: Mapping[str, str] | None = None
) -> Mapping[str, Json]:
    """With the second factor, since it loosens: a link may have been forwarded; for a child a guardian says it (`given`: guardian, relation). Done again it changes nothing. Raises Denied `portal.link`, `portal.proof`, Malformed `portal.guardian`, Refused `portal.silent`.

    What is on this company's own list is not touched: that was not said to somebody else.
    """
    with desk.store.write() as tx:
        seen = visit(desk, tx, laws, token, proof)
        require_proof(seen)
        vault, who = str(seen.matter["vault"]), seen.link.subject
        says_it = saying(given or {}) if seen.guarded(desk.today().isoformat()) else None
        again = {
            vault: unmark(desk, tx, vault, [who], open_list(desk, tx)) if seen.live and came_with(seen.subject) else []
        }
        if not again[vault]:
            raise Refused(
                "portal.silent", "No mark of the company before stands here, or this company was told so itself.",
                next="Open the page again; write to the company.",
            )  # fmt: skip
        now = stamp(desk.clock.now())
        says: dict[str, Json] = {"n": 0, "reason": _WHY, "principal": desk.principal.id}
        detail: dict[str, Json] = {"tags": [], "people": people_told(again)}
        append(tx, desk.space, now, LIFTED, says, detail=detail)
        if says_it is not None:
            _sealed(desk, tx, (vault, who, str(seen.matter["id"])), says_it, now)
    return {"did": "contact", "mirrored": mirrored(desk)}


def _sealed(desk: Desk, tx: Transaction, of: tuple[str, bytes, str], says_it: tuple[str, str], now: str) -> None:
    (vault, who, matter), (name, relation) = of, says_it
    detail: dict[str, Json] = {"subject": ids.subject_text(who), "guardian": name, "relation": relation}
    person = own_about(desk, tx, vault, who, now)
    append_about(
        tx, desk.space, now, GUARDED, {"matter": matter, "principal": desk.principal.id}, who=person, detail=detail
    )
