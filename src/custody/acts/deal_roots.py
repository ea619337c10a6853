"""Where the roots of invitations' keys lie, from their making until each was seen gone (spec/package.md §5).

A label says where a root would be at the providers of today; the reference says where it is. So each is kept, ordered to go by it,
and asked about by it. Of one of a home of before no reference was kept: it is sought by its label.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple, cast

from custody.acts.desk import Desk
from custody.acts.destroys import BACK, GONE, PENDING
from custody.acts.evidence import append
from custody.base.canonical import Json
from custody.base.clock import parse, stamp
from custody.base.errors import CustodyError, Missing
from custody.package.statements import Invite
from custody.ports.keys import Destroyed
from custody.ports.store import Row, Transaction, one

ORDERED: Final = "deal-key-ordered"
ATTESTED: Final = "deal-key-attested"


class DealRoot(NamedTuple):
    """The root of the key of a deal's `n`-th invitation; `effective_at` is '' until it is ordered to go, `attested` until two people say that what it lay on was destroyed."""

    matter: str
    n: int
    ref: str
    effective_at: str = ""
    attested: str = ""


@dataclass(frozen=True, slots=True)
class Deleted:
    """What became of the roots of a deal's keys: what providers say that can still take it back, and what was lost before anybody could order it to go."""

    waits: tuple[Destroyed, ...]
    lost: tuple[DealRoot, ...]


def remember(tx: Transaction, root: DealRoot) -> None:
    """In the transaction that keeps the key."""
    tx.add("deal_root", [{**root._asdict(), "gone": ""}])


def root_of(desk: Desk, tx: Transaction, matter: str, number: int) -> list[str]:
    """Where the root of this invitation's key lies; sought by its label where nobody kept it."""
    row = one(tx, "deal_root", matter=matter, n=number)
    return [str(row["ref"])] if row else list(desk.keys.find(matter, number))


def standing(desk: Desk, matter: str) -> list[DealRoot]:
    """Every root of a key of this deal that nobody saw gone. Raises Missing `keys.gone` where nobody can say where that of the key in force lies."""
    with desk.store.read() as tx:
        held, kept = one(tx, "deal_key", matter=matter), tx.find("deal_root", order=("n",), matter=matter)
        invitations = tx.count("statement", matter=matter, kind=Invite.KIND)
    known = {cast("int", row["n"]) for row in kept}
    sought = [
        DealRoot(matter, number, ref)
        for number in range(1, invitations + 1)
        if number not in known
        for ref in desk.keys.find(matter, number)
    ]
    if held is not None and held["sealed"] and invitations not in known | {root.n for root in sought}:
        raise Missing("keys.gone", "The root of this deal's key is at no key provider that is set up, so nobody can say that it was destroyed.",
                      next="Bring back the provider it was made at: its folder, or its section of custody.toml.")  # fmt: skip
    return [*(_root(row) for row in kept if not row["gone"]), *sought]


def lost_of(desk: Desk, matter: str) -> list[DealRoot]:
    """Those that nobody ordered to go, and that are not where they were made, or of which two people say so. Raises what the providers of all others raise."""
    return [root for root in standing(desk, matter) if not root.effective_at and _lost(desk, root)]


def delete(desk: Desk, matter: str) -> Deleted:
    """Order the roots of every invitation's key to go, each where it lies: from here nothing opens with them. What was lost is only told.

    Safe to be cut off and run again: what is ordered is noted before it goes, so that what is not there then was not lost.
    """
    roots, lost = standing(desk, matter), lost_of(desk, matter)
    go = [root for root in roots if root not in lost]
    with desk.store.write() as tx:
        now = stamp(desk.clock.now())
        tx.change("deal_key", {"sealed": b""}, matter=matter)
        for root in go:
            _keep(tx, root._replace(effective_at=root.effective_at or now))
            if not root.effective_at:
                append(tx, desk.space, now, ORDERED, {"matter": root.matter, "n": root.n}, detail={"ref": root.ref})
    done = {root: desk.keys.destroy(root.ref, desk.clock.now()) for root in go}
    with desk.store.write() as tx:
        for root, said in done.items():
            _keep(tx, root._replace(effective_at=stamp(said.effective_at)))
    return Deleted(tuple(said for root, said in done.items() if desk.keys.state(root.ref) != "gone"), tuple(lost))


def ordered(tx: Transaction, says: Mapping[str, Json], detail: Mapping[str, Json], at: str) -> None:
    """What its entry did, for a restore: what is not there then was not lost."""
    matter = str(says["matter"])
    if one(tx, "matter", id=matter):
        _keep(tx, DealRoot(matter, cast("int", says["n"]), str(detail["ref"]), at))


def attest(tx: Transaction, matter: str, number: int, at: str) -> None:
    """Two people say that what it lay on was destroyed: it is asked about without an alarm."""
    if row := one(tx, "deal_root", matter=matter, n=number, gone=""):
        _keep(tx, _root(row)._replace(attested=at))


def unordered(tx: Transaction, vault: str) -> list[DealRoot]:
    """Those of the keys with which this vault came, which nobody ordered to go yet: the re-seal does."""
    deals = tx.find("matter", order=("id",), vault=vault)
    rows = (
        row for deal in deals for row in tx.find("deal_root", order=("n",), matter=deal["id"], gone="", effective_at="")
    )
    return [_root(row) for row in rows]


def unseen(tx: Transaction, party: str, vault: str) -> list[DealRoot]:
    """Ordered to go and not seen gone, of the deals of this vault and of those that have none."""
    return list(_unseen(tx, party, (vault, "")))


def _unseen(tx: Transaction, party: str, vaults: tuple[str, ...]) -> Iterator[DealRoot]:
    for vault in vaults:
        for deal in tx.find("matter", order=("id",), party=party, vault=vault):
            for row in tx.find("deal_root", order=("n",), matter=deal["id"], gone=""):
                if row["effective_at"]:
                    yield _root(row)


def stands(desk: Desk, root: DealRoot) -> str:
    """`gone`, `pending`, or `back`. Raises what the provider raises, unless two people said that nobody will look again."""
    try:
        state = desk.keys.state(root.ref)
    except CustodyError:
        if not root.attested:
            raise
        return PENDING
    if state == "live":
        return BACK
    return GONE if state == "gone" and desk.clock.now() >= parse(root.effective_at) else PENDING


def ask(desk: Desk, root: DealRoot) -> tuple[str, str]:
    """(how it stands, its date): one that is back is ordered to go again; each is entered."""
    state = stands(desk, root)
    if state == PENDING:
        return state, root.effective_at
    says: dict[str, Json] = {"matter": root.matter, "n": root.n}
    if state == BACK:
        done = desk.keys.destroy(root.ref, desk.clock.now())
        root = root._replace(effective_at=stamp(done.effective_at), attested="")
        says |= {"effective_at": root.effective_at, "assurance": done.assurance}
    with desk.store.write() as tx:
        now = stamp(desk.clock.now())
        _keep(tx, root, gone=now if state == GONE else "")
        append(tx, desk.space, now, "deal-key-gone" if state == GONE else "deal-key-back", says)
    return state, root.effective_at


def _lost(desk: Desk, root: DealRoot) -> bool:
    """Of one that two people attest, silence is what they said; what answers is ordered to go like any other."""
    try:
        there = desk.keys.state(root.ref) != "gone" or root.ref in desk.keys.unopened()
        return not there and desk.keys.terms(root.ref).elsewhere
    except CustodyError:
        if not root.attested:
            raise
        return True


def _root(row: Row) -> DealRoot:
    return DealRoot(
        str(row["matter"]), cast("int", row["n"]), str(row["ref"]), str(row["effective_at"]), str(row["attested"])
    )


def _keep(tx: Transaction, root: DealRoot, gone: str = "") -> None:
    tx.drop("deal_root", matter=root.matter, n=root.n)
    tx.add("deal_root", [{**root._asdict(), "gone": gone}])
