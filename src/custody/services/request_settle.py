"""At the seller: the buyer's newest signed word on requests that were passed on; what ended there ends here (B4; spec/requests.md §4)."""

from collections.abc import Mapping
from typing import Final

from custody.acts import lawbook
from custody.acts.bounds import Bounds, kept, stricter
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.handing import counterparty, understood
from custody.acts.matters import deal
from custody.acts.mirroring import mirrored
from custody.acts.passing import BUYER, passed, word
from custody.acts.refusals import resting_on
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Broken, Missing
from custody.law.pack import Packs
from custody.package.passed import Requests, Standing
from custody.ports.files import Files
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction

_MOST: Final = 10_000
_PASSED: Final = "PASSED-ON"
"""The rule, where the other side did not name it."""


def request_settle(desk: Desk, laws: Laws, named_deal: str, source: Files) -> Mapping[str, Json]:
    """Raises Missing `request.nothing`, Broken `request.foreign` for a word about another deal, of another side, or under another number."""
    desk.require(("owner", "privacy", "data"))
    with desk.store.write() as tx:
        matter, now = deal(desk, tx, named_deal), stamp(desk.clock.now())
        rows, buyer = passed(tx, matter), counterparty(tx, str(matter["counterparty"]))
        n, envelope = _newest(source)
        said = understood(envelope, Requests, buyer.identity, rehearsal=desk.rehearsal)
        if (said.deal, said.side, said.n) != (str(matter["ref"]), BUYER, n):
            raise Broken("request.foreign", "This word is of another deal, side or number.", kind="replayed")
        known = {str(row["id"]): row for row in rows}
        moved = sum(
            _follow(tx, lawbook.packs(laws), known[each.request], each)
            for each in said.requests
            if each.request in known
        )
        if moved:
            append(
                tx, desk.space, now, "requests-settled", {"n": n, "moved": moved}, detail={"matter": str(matter["id"])}
            )
        after = passed(tx, matter)
    told = {each.request for each in said.requests}
    return {"deal": str(matter["ref"]), "n": n, "requests": len(rows), "moved": moved, "open": sum(not row["closed_at"] for row in after),
            "unsaid": sum(row not in told for row in known), "mirrored": mirrored(desk)}  # fmt: skip


def _newest(source: Files) -> tuple[int, bytes]:
    """The buyer's word with the highest number."""
    names = set(source.list())
    found = [n for n in range(1, _MOST) if word(BUYER, n) in names]
    if not found:
        raise Missing(
            "request.nothing", "The buyer has said nothing of requests here yet.", next="custody request take DEAL"
        )
    return found[-1], source.read(word(BUYER, found[-1]))


def _follow(tx: Transaction, packs: Packs, row: Row, said: Standing) -> bool:
    """A stricter clock counts here too; an end there is the end. What has ended here stays as it ended."""
    if row["closed_at"]:
        return False
    values = dict(stricter(kept(row), _bounds(said)).cells())
    if said.closed_at is not None:
        values |= {"state": said.state, "closed_at": said.closed_at, **resting_on(packs, said.refused_by)}
    if all(row[name] == value for name, value in values.items()):
        return False
    tx.change("request", values, id=row["id"])
    return True


def _bounds(said: Standing) -> Bounds:
    """The other side's clocks; in a word of before, no day said without delay."""
    if said.prompt is None:
        return Bounds(due_at=said.due_at, rule=_PASSED) if said.due_at else Bounds(prompt=_PASSED)
    return Bounds(due_at=said.due_at, rule=said.rule if said.due_at else "", prompt=said.prompt)
