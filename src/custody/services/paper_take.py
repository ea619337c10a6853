"""Take in the other side's statement of a deal that is broken off: it is looked at when it comes, not only before two people (C1, D3)."""

from collections.abc import Callable, Mapping
from typing import Final

from custody.acts import breaking_off
from custody.acts.desk import Desk
from custody.acts.handing import ABORTED, RETURNED
from custody.acts.matters import deal
from custody.acts.vaults import sha256
from custody.base.canonical import Json
from custody.ports.files import Files
from custody.ports.store import Row, Transaction

PAPER_TAKERS: Final = ("owner", "privacy", "lawyer", "advisor")
_WANTED: Final[Mapping[str, Callable[[Desk, Transaction, Row, bytes], object]]] = {
    ABORTED: breaking_off.word, RETURNED: breaking_off.answer,
}  # fmt: skip


def paper_take(desk: Desk, named_deal: str, name: str, shown: bytes, out: Files) -> Mapping[str, Json]:
    """Lay it where the act that reads it looks, under `name`; whatever lies there stays when this is not the other side's word on this deal.

    Raises Broken or Malformed where it is none, Missing `statement.missing` where this deal is not broken off, Refused `party.unconfirmed`.
    """
    desk.require(PAPER_TAKERS)
    with desk.store.read() as tx:
        matter = deal(desk, tx, named_deal)
        _WANTED[name](desk, tx, matter, shown)
    out.write(name, shown)
    return {"deal": str(matter["ref"]), "sha256": sha256(shown)}
