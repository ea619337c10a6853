"""Begin the suppression list anew when its own root is lost for good, and no vault's with it (A9; spec/retention.md §7, docs/adr/0097).

An owner says so and a second person: who was erased and asked never to come in again is on no list then, and nobody can tell who that was.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Final, cast

from custody.acts.approval import content_hash, demand
from custody.acts.besides import LIST, besides
from custody.acts.desk import Desk
from custody.acts.list_anew import renew
from custody.acts.mirroring import mirrored
from custody.acts.suppressing import CONTACT, IMPORT
from custody.base.canonical import Json
from custody.base.errors import Malformed, Missing, Refused, Unavailable
from custody.ports.store import Row, Transaction, one

ACT: Final = "suppress-renew"
LOST: Final = ("erased-and-never-again", "listed-by-value")
"""What nobody knows any more, as codes: whom an import would have known by the old list."""
_AWAY: Final = "keys.folder"


def suppress_renew(desk: Desk, why: str, *, dry_run: bool = False) -> Mapping[str, Json]:
    """`why` is what was seen of the root's loss. Refused while the key opens.

    Raises Malformed `suppress.why`, Missing `suppress.none`, Refused `suppress.key-there`, `act.unapproved`, Unavailable `suppress.away`.
    """
    desk.require(("owner",))
    if not why.strip():
        raise Malformed("suppress.why", "Say how the list's root was lost: who saw it, when.", next="--why '…'")
    with desk.store.read() as tx:
        key = one(tx, "suppression_key", party=desk.space)
        fault = next((each.fault(desk) for each in besides(desk, tx) if each.kind == LIST), "")
        told = _lost(desk, tx)
    _require_lost(key, fault)
    content = content_hash({"act": ACT, "party": desk.space, "ref": str(cast("Row", key)["ref"]), "lost": told["lost"], "why": why})  # fmt: skip
    if dry_run:
        return {**told, "slug": fault, "would": {"approve": [ACT, content]}}

    def agreed(tx: Transaction) -> Mapping[str, Json]:
        return {"approval": demand(desk, tx, ACT, content, once=True)}

    anew = renew(desk, cast("Row", key), agreed, {"why": why})
    if anew is None:
        raise _there()
    return {**told, **anew, "slug": fault, "mirrored": mirrored(desk)}


def _require_lost(key: Row | None, fault: str) -> None:
    if key is None:
        raise Missing("suppress.none", "There is no suppression list yet.", next="custody suppress add VALUE")
    if not fault:
        raise _there()
    if fault == _AWAY:  # a disk that is not mounted is not lost, whatever two people say
        raise Unavailable("suppress.away", "The folder of the roots is not there: nobody can say that the list's root is lost.",
                          next="Mount its disk; where it is lost for good: docs/guide/keeping.md, Restore.")  # fmt: skip


def _there() -> Refused:
    return Refused("suppress.key-there", "The key of the suppression list opens: nothing of it is lost.", next="custody suppress list")  # fmt: skip


def _lost(desk: Desk, tx: Transaction) -> dict[str, Json]:
    """How many tags go, by scope, and what nobody knows then."""
    counts = Counter(str(row["scope"]) for row in tx.find("suppressed", party=desk.space))
    return {
        "lost": counts.total(),
        "lost_by": {scope: counts[scope] for scope in (IMPORT, CONTACT)},
        "forgotten": list[Json](LOST),
    }
