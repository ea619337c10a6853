"""The second factor of a page: whoever holds the link shows to be its person by something that is on file (B3, B4).

Each try is counted for the person before it is looked at, so that a crash gives none away and a second link no more of them; what was
typed is kept nowhere.
"""

from collections.abc import Mapping
from typing import Final, cast

from custody.acts import links, portal_tries
from custody.acts.about import append_about
from custody.acts.desk import Desk
from custody.acts.holdings import holdings, identifiers, knows
from custody.acts.identified import KINDS, unsure_kinds
from custody.acts.own_evidence import own_about
from custody.acts.sole_holder import shared
from custody.acts.visiting import Visit, visit
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Denied
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction, one

_NOTHING: Final = "-"
_WENT_TO: Final = {"email": "email", "phone": "phone"}


def portal_prove(desk: Desk, laws: Laws, token: str, kind: str, value: str) -> Mapping[str, Json]:
    """Returns the proof, good for a quarter of an hour. Raises Denied `portal.link`, `portal.tries`, `portal.link-tries`, `portal.proof`."""
    with desk.store.write() as tx:
        seen = visit(desk, tx, laws, token)
        portal_tries.count(desk, tx, seen)
    right = seen.live and _recognised(desk, seen, kind, value)
    with desk.store.write() as tx:
        _enter(desk, tx, seen, kind, right=right)
        if right:
            portal_tries.forgive(tx, seen)
        elif seen.live:
            portal_tries.lock(desk, tx, seen)
    if not right:
        raise Denied(
            "portal.wrong",
            "This is not on file, or it is on file of another customer, too, and so proves neither.",
            next="Give another one that is yours alone, such as your customer number, or ask the company.",
        )
    return {"proof": links.proof(desk, seen.link, kind), "minutes": int(links.PROOF_LIFE.total_seconds() // 60)}


def _recognised(desk: Desk, seen: Visit, kind: str, value: str) -> bool:
    """On file of this person and no other. The second is asked of a wrong value, too: time does not tell that a guess is on file that somebody else shares."""
    with desk.store.read() as tx:
        right = _right(desk, tx, seen, kind, value)
        vault = cast("Row", one(tx, "vault", id=str(seen.matter["vault"])))
    taken = kind in KINDS and shared(desk, vault, seen.link.subject, kind, value)
    return right and not taken


def _right(desk: Desk, tx: Transaction, seen: Visit, kind: str, value: str) -> bool:
    """The same steps whatever is on file, and of which kind: time does not tell what the company knows of somebody."""
    on_file = identifiers(holdings(desk, tx, str(seen.matter["vault"]), seen.link.subject)).get(kind, [])
    vault = cast("Row", one(tx, "vault", id=str(seen.matter["vault"])))
    unsure = unsure_kinds(desk, tx, str(vault["id"]), seen.link.subject)
    right = kind in KINDS and knows(kind, value, on_file or [_NOTHING], str(vault["region"]))
    return right and bool(on_file) and kind != _WENT_TO.get(seen.link.channel) and kind not in unsure


def _enter(desk: Desk, tx: Transaction, seen: Visit, kind: str, *, right: bool) -> None:
    if not seen.live:
        return
    now = stamp(desk.clock.now())
    who = own_about(desk, tx, str(seen.matter["vault"]), seen.link.subject, now)
    told: dict[str, Json] = {"matter": str(seen.matter["id"]), "by": kind if right else "", "proved": right}
    append_about(tx, desk.space, now, "portal-proof", told, who=who,
                 detail={"subject": ids.subject_text(seen.link.subject), "link": seen.link.name})  # fmt: skip


def _slots(seen: Visit) -> bytes:
    held = seen.subject["slots"]
    assert isinstance(held, bytes)
    return held
