"""End an exception before its day: from now on nothing more goes there (E6; spec/residency.md §4)."""

from collections.abc import Mapping
from typing import Final

from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.mirroring import mirrored
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Missing
from custody.ports.store import one

ENDERS: Final = ("owner", "privacy", "lawyer")


def residency_end(desk: Desk, n: int) -> Mapping[str, Json]:
    """Ending it again changes nothing. What lies there already stays there until somebody removes it. Raises Missing `residency.no-exception`."""
    desk.require(ENDERS)
    with desk.store.write() as tx:
        now = stamp(desk.clock.now())
        row = one(tx, "residency_exception", party=desk.space, n=n)
        if row is None:
            raise Missing("residency.no-exception", "No exception has this number.", next="custody residency list")
        if not row["ended_at"]:
            tx.change("residency_exception", {"ended_at": now}, party=desk.space, n=n)
            append(tx, desk.space, now, "residency-ended", {"n": n, "principal": desk.principal.id})
    return {
        "n": n,
        "ended_at": str(row["ended_at"]) or now,
        "resumed": bool(row["ended_at"]),
        "mirrored": mirrored(desk),
    }
