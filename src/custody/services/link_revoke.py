"""Shut a link, or every link of one customer in a deal: whoever holds it opens nothing from now on (B3)."""

from collections.abc import Mapping
from typing import cast

from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.matters import deal
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Missing
from custody.ports.store import Cells


def link_revoke(desk: Desk, named_deal: str, which: str) -> Mapping[str, Json]:
    """`which` is a link (lnk_…) or a customer (sub_…). Raises Missing `link.unknown`. Shutting it again changes nothing."""
    desk.require(("owner", "privacy", "data"))
    with desk.store.write() as tx:
        matter = deal(desk, tx, named_deal)
        key: Cells = {"subject": ids.subject_bytes(which)} if which.startswith("sub_") else {"id": ids.id_bytes(which)}
        rows = tx.find("link", matter=str(matter["id"]), order=(), **key)
        if not rows:
            raise Missing("link.unknown", "There is no such link in this deal.", next="custody link new DEAL SUBJECT")
        now, live = stamp(desk.clock.now()), [row for row in rows if not row["revoked_at"]]
        for row in live:
            tx.change("link", {"revoked_at": now}, id=row["id"])
        if live:
            shut: list[Json] = [cast("bytes", row["id"]).hex() for row in live]
            says: dict[str, Json] = {"matter": str(matter["id"]), "links": len(live)}
            append(tx, desk.space, now, "links-revoked", says, detail={"which": shut})
    return {"deal": str(matter["ref"]), "revoked": len(live), "already": len(rows) - len(live)}
