"""Our next signed word on the requests that go on across a deal's sale, on either side (B4; spec/requests.md §4)."""

from collections.abc import Mapping, Sequence

from custody.acts.desk import Desk
from custody.acts.handing import understood
from custody.acts.matters import deal
from custody.acts.mirroring import mirrored
from custody.acts.passing import absent, lay_last, passed, say, side_of, standing, word
from custody.acts.vaults import sha256
from custody.base.canonical import Json
from custody.base.errors import Missing
from custody.package.passed import Requests
from custody.ports.files import Files
from custody.ports.store import Row


def request_status(desk: Desk, named_deal: str, out: Files) -> Mapping[str, Json]:
    """A word that a kill kept from this folder and that still holds is laid instead of another. Raises Missing `request.nothing` where no request was passed on."""
    desk.require(("owner", "privacy", "data"))
    with desk.store.read() as tx:
        matter = deal(desk, tx, named_deal)
        side = side_of(tx, matter)
    laid = lay_last(desk, matter, side, out)
    with desk.store.write() as tx:
        rows = passed(tx, matter)
        if not rows and not absent(tx, matter):
            raise Missing("request.nothing", "No request was passed on in this deal.", next="custody request pass DEAL")
        n, envelope = _holds(desk, laid, rows, absent(tx, matter)) or say(desk, tx, matter, side, rows)
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


def _holds(desk: Desk, envelope: bytes | None, rows: Sequence[Row], gone: tuple[str, ...]) -> tuple[int, bytes] | None:
    """The word that was laid only now, when the requests still stand as it says."""
    if envelope is None:
        return None
    said = understood(envelope, Requests, desk.signer.identity, rehearsal=desk.rehearsal)
    return (said.n, envelope) if (said.requests, said.absent) == (standing(rows), gone) else None
