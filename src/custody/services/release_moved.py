"""Who moved since what was released: cleared by now and not with the buyer, or with the buyer and not cleared any more (C6, C7).

Decided now, as the next release or recall would decide; nothing is written.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Final

import numpy as np

from custody.acts import lawbook, releases, releasing
from custody.acts.deciding import decide
from custody.acts.desk import Desk
from custody.acts.handing import LEAVES, own
from custody.acts.marks import Marks
from custody.acts.matters import deal
from custody.acts.verdicts import Crowd, Verdicts
from custody.base import ids
from custody.base.canonical import Json
from custody.base.errors import Missing
from custody.package.leaf import Leaf
from custody.package.statements import Shipped
from custody.ports.files import Files
from custody.ports.laws import Laws

MOST: Final = 200


def release_moved(desk: Desk, laws: Laws, named: str, out: Files, *, most: int = MOST) -> Mapping[str, Json]:
    """{"cleared", "withdrawn"}: how many, and the first of them by random id. Raises Missing `release.none-yet`."""
    desk.require(("owner", "privacy", "lawyer", "data"))
    packs = lawbook.packs(laws)
    with desk.store.read() as tx:
        matter = deal(desk, tx, named)
        made = releases.made(desk, tx, str(matter["id"]))
        if not made:
            raise Missing("release.none-yet", "Nothing was released in this deal yet.", next="custody release DEAL")
        shipped, _ = own(desk, tx, str(matter["id"]), Shipped)
        now = decide(tx, matter, packs, desk.today())
        given = releases.out(tx, matter, made)
        with_buyer, back = releases.people(now, given)
    places = releasing.choose(out, shipped, now, partial(_known, now)).live if LEAVES in out.list() else Marks()
    fresh, late = releases.next_out(now, given, with_buyer, places)
    return {
        "deal": str(matter["ref"]), "decided_at": desk.clock.now().isoformat(), "cleared": _named(now, fresh, most), "unshipped": _named(now, late, most),
        "withdrawn": _named(now, back, most),
    }  # fmt: skip


def _known(now: Verdicts, leaves: Sequence[Leaf]) -> Iterator[int]:
    """Whose each leaf is, by place, cleared or not."""
    return (who for who, _ in now.seen((one.subject, one.compartment) for one in leaves))


def _named(now: Verdicts, people: Crowd, most: int) -> Json:
    """Places are in the order of ids, but for those that begin alike."""
    first = sorted(now.ids.some(np.flatnonzero(people)[:most]))
    return {"count": int(np.count_nonzero(people)), "first": [ids.subject_text(who) for who in first]}
