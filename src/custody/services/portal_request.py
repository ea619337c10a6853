"""A customer asks for everything that is held, a copy, an explanation, a correction, a move, a deletion or the end of their account from their own page: it becomes a request with the law's clock (B4)."""

from collections.abc import Mapping
from typing import Final

from custody.acts.desk import Desk
from custody.acts.mirroring import mirrored
from custody.acts.noted import CLOSING
from custody.acts.requesting import PORTABILITY, PORTAL, asked_so, intake, require_few
from custody.acts.visiting import visit
from custody.base.canonical import Json
from custody.base.errors import Denied, Malformed
from custody.ports.laws import Laws

KINDS: Final = ("access", "copy", "explain", "correct", PORTABILITY, "delete", CLOSING)
_LONGEST: Final = 1_000


def portal_request(desk: Desk, laws: Laws, token: str, proof: str, given: Mapping[str, str]) -> Mapping[str, Json]:
    """`given`: kind; for a correction what it should say (note), for a move the company it goes to (controller).

    Raises Denied `portal.link`, `portal.proof`, `portal.requests`, Malformed `portal.request`, `request.controller`.
    """
    kind, note, controller = given.get("kind", ""), given.get("note", "").strip(), given.get("controller", "").strip()
    if (
        kind not in KINDS
        or len(note) > _LONGEST
        or (kind == "correct" and not note)
        or (kind == PORTABILITY and not controller)
    ):
        raise Malformed("portal.request", "Say what you ask for.", next="Open the link again.")
    with desk.store.write() as tx:
        seen = visit(desk, tx, laws, token, proof)
        if not seen.proof:
            raise Denied(
                "portal.proof",
                "First show that it is you.",
                next="Type a number or address that the company has on file.",
            )
        if (note or controller) and not asked_so(desk, tx, seen.matter, seen.subject, kind, note, controller):
            require_few(desk, tx, seen.link.subject)
        made = intake(desk, tx, laws, seen.matter, seen.subject, kind, PORTAL, seen.proof, note, controller)
    mirrored(desk)
    return made
