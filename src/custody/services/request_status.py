"""Our next signed word on the requests that go on across a deal's sale, on either side (B4; spec/requests.md §4)."""

from collections.abc import Mapping

from custody.acts.desk import Desk
from custody.acts.matters import deal
from custody.acts.mirroring import mirrored
from custody.acts.passing import passed, say, side_of, word
from custody.acts.vaults import sha256
from custody.base.canonical import Json
from custody.base.errors import Missing
from custody.ports.files import Files


def request_status(desk: Desk, named_deal: str, out: Files) -> Mapping[str, Json]:
    """Raises Missing `request.nothing` where no request was passed on."""
    desk.require(("owner", "privacy", "data"))
    with desk.store.write() as tx:
        matter = deal(tx, desk.space, named_deal)
        rows = passed(tx, matter)
        if not rows:
            raise Missing("request.nothing", "No request was passed on in this deal.", next="custody request pass DEAL")
        side = side_of(tx, matter)
        n, envelope = say(desk, tx, matter, side, rows)
    out.write(word(side, n), envelope)
    open_ = sum(not row["closed_at"] for row in rows)
    return {
        "deal": str(matter["ref"]),
        "n": n,
        "side": side,
        "requests": len(rows),
        "open": open_,
        "sha256": sha256(envelope),
        "mirrored": mirrored(desk),
    }
