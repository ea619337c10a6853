"""Whoever told the company before that nobody may contact them lets the company that has the data now contact them again, from their own page (spec/portal.md §5)."""

from collections.abc import Mapping

from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.mirroring import mirrored
from custody.acts.passed_silence import came_with
from custody.acts.suppressing import LIFTED, open_list, people_told, unmark
from custody.acts.visiting import require_proof, visit
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Refused
from custody.ports.laws import Laws

_WHY = "own-page"


def portal_contact(desk: Desk, laws: Laws, token: str, proof: str) -> Mapping[str, Json]:
    """With the second factor, since it loosens: a link may have been forwarded. Done again it changes nothing. Raises Denied `portal.link`, `portal.proof`, Refused `portal.silent`.

    What is on this company's own list is not touched: that was not said to somebody else.
    """
    with desk.store.write() as tx:
        seen = visit(desk, tx, laws, token, proof)
        require_proof(seen)
        vault, who = str(seen.matter["vault"]), seen.link.subject
        again = {
            vault: unmark(desk, tx, vault, [who], open_list(desk, tx)) if seen.live and came_with(seen.subject) else []
        }
        if not again[vault]:
            raise Refused(
                "portal.silent", "No mark of the company before stands here, or this company was told so itself.",
                next="Open the page again; write to the company.",
            )  # fmt: skip
        says: dict[str, Json] = {"n": 0, "reason": _WHY, "principal": desk.principal.id}
        detail: dict[str, Json] = {"tags": [], "people": people_told(again)}
        append(tx, desk.space, stamp(desk.clock.now()), LIFTED, says, detail=detail)
    return {"did": "contact", "mirrored": mirrored(desk)}
