"""Which deals and people know of each other, for a face that keeps something beside a deal (D1; spec/access.md §6).

What belongs to a deal, a campaign, a public notice, a request, is known by its own reference to those who see that deal; a request that is the vault's to its privacy officers, too.
"""

from collections.abc import Collection, Mapping
from functools import reduce
from typing import Final

from custody.acts import asked, members
from custody.acts.campaigning import is_apart
from custody.acts.desk import Desk
from custody.ports.store import Cell, OneOf, Row, Transaction

_REFS: Final = ("ref", "matter")


def deal_known(desk: Desk, refs: Collection[str]) -> frozenset[str]:
    """Of these words those that name nothing of a deal which is closed to the acting person."""
    with desk.store.read() as tx:
        if (mine := members.seen(desk, tx)) is None:
            return frozenset(refs)
        closed = {ref for ref, deals in _deals(desk, tx, refs).items() if deals - mine}
        return frozenset(refs) - {ref for ref in closed if not _open_request(desk, tx, ref)}


def deal_people(desk: Desk, named: str) -> frozenset[str]:
    """The principals who see the deal of this reference or id and still act here; everybody who acts here where it is no deal's. Of several that are called so they see each."""
    with desk.store.read() as tx:
        found = [asked.seers(desk, tx, row) for row in _asked(tx, named)]
        found = found or [
            members.see(tx, desk.space, deal, desk.today()) for deal in _deals(desk, tx, [named]).get(named, ())
        ]
        if found:
            return reduce(frozenset.intersection, found)
        rows = tx.find("principal", order=("id",), party=desk.space, revoked_at="")
        return frozenset(str(row["id"]) for row in rows)


def _open_request(desk: Desk, tx: Transaction, ref: str) -> bool:
    """Whether it is a request that is open to the acting person without its deal: what is no request is not."""
    rows = _asked(tx, ref)
    return bool(rows) and all(asked.open_to(desk, tx, row) for row in rows)


def _asked(tx: Transaction, ref: str) -> list[Row]:
    return tx.find("request", ref=ref)


def _called(tx: Transaction, refs: Collection[str], ours: Mapping[str, Cell]) -> list[tuple[Cell, ...]]:
    """(reference, deal): one of ours is meant by it, whatever came from elsewhere under the same (matters.deal)."""
    rows = list(tx.among("matter", ("ref", "id", "detail"), "ref", refs, kind="deal", **ours))
    own = {ref for ref, _, detail in rows if detail}
    return [(ref, name) for ref, name, detail in rows if detail or ref not in own]


def _deals(desk: Desk, tx: Transaction, refs: Collection[str]) -> Mapping[str, set[str]]:
    """{word: the deals that it is of}."""
    ours, found = {"party": desk.space}, dict[str, set[str]]()
    rows = [*_called(tx, refs, ours), *tx.among("matter", ("id", "id"), "id", refs, kind="deal", **ours)]
    told = tx.first("campaign", None, (OneOf("ref", sorted(refs)),), order=("ref",), party=desk.space)
    rows += [(row["ref"], row["matter"]) for row in told if not is_apart(row)]  # the others are the company's
    rows += tx.among("publication", _REFS, "ref", refs, **ours)
    rows += tx.among("request", _REFS, "ref", refs)
    deals = {str(one) for (one,) in tx.among("matter", ("id",), "id", {deal for _, deal in rows}, kind="deal", **ours)}
    for ref, deal in rows:
        if deal in deals:
            found.setdefault(str(ref), set()).add(str(deal))
    return found
