"""Who moved since what was released: cleared by now and not with the buyer, or with the buyer and not cleared any more (C6, C7).

Decided now, as the next release or recall would decide; nothing is written.
"""

from collections.abc import Mapping
from typing import Final

from custody.acts import lawbook, releases, releasing
from custody.acts.deciding import decide
from custody.acts.desk import Desk
from custody.acts.handing import LEAVES, own
from custody.acts.let_go import Place
from custody.acts.matters import deal
from custody.acts.verdicts import Verdicts
from custody.base import ids
from custody.base.canonical import Json
from custody.base.errors import Missing
from custody.package.statements import Shipped
from custody.ports.files import Files
from custody.ports.laws import Laws

MOST: Final = 200


def release_moved(desk: Desk, laws: Laws, named: str, out: Files, *, most: int = MOST) -> Mapping[str, Json]:
    """{"cleared", "withdrawn"}: how many, and the first of them by random id. Raises Missing `release.none-yet`."""
    desk.require(("owner", "privacy", "lawyer", "data"))
    packs = lawbook.packs(laws)
    with desk.store.read() as tx:
        matter = deal(tx, desk.space, named)
        made = releases.made(desk, tx, str(matter["id"]))
        if not made:
            raise Missing("release.none-yet", "Nothing was released in this deal yet.", next="custody release DEAL")
        shipped, _ = own(desk, tx, str(matter["id"]), Shipped)
        now = decide(tx, matter, packs, desk.clock.now().date())
        given = releases.out(tx, matter, made)
    there = LEAVES in out.list()
    places = {one.place for one in releasing.shipped_leaves(out, shipped)} if there else set[Place]()
    fresh, late = releases.next_out(now, releases.cleared(now, given), given, places)
    return {
        "deal": str(matter["ref"]), "decided_at": desk.clock.now().isoformat(), "cleared": _named(fresh, most), "unshipped": _named(late, most),
        "withdrawn": _named(_withdrawn(now, given), most),
    }  # fmt: skip


def _withdrawn(now: Verdicts, given: Mapping[Place, bytes]) -> set[bytes]:
    parts = [(who, place[0]) for place, who in given.items()]
    return {who for (who, _), gone in zip(parts, releases.withdrawn(now, parts), strict=True) if gone}


def _named(people: set[bytes], most: int) -> Json:
    first: list[Json] = [ids.subject_text(who) for who in sorted(people)[:most]]
    return {"count": len(people), "first": first}
