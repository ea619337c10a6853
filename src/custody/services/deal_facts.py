"""Amend a deal's facts: a new version, the old ones kept; approvals of what was planned before lapse (C1, design idea 3)."""

from collections.abc import Mapping
from typing import Final, TypeAlias

from custody.acts import facts, lawbook
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.line import ends_seller
from custody.acts.matters import deal, detail_of, facts_of, facts_told, require_live
from custody.acts.reach import lapsed, said_now, take_off
from custody.acts.untrue import said as said_of
from custody.acts.untrue import tells, untell
from custody.acts.vaults import sha256
from custody.base import canonical
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Refused
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction

Leaves: TypeAlias = Mapping[str, Json]

TELLERS: Final = ("advisor", "owner", "lawyer")


def deal_facts(
    desk: Desk, laws: Laws, named_deal: str, given: Mapping[str, Json], *, asked: bool = False
) -> Mapping[str, Json]:
    """`given` are the leaves that change; null makes one unknown again. What does not change makes no version.

    `asked`: they are answers of an interview, so null is "don't know", which is kept, and what follows from them holds too. Where they change what customers were told, nobody counts as told any more (`untold`: how many did).

    A yes of whoever was not shown what is told before it now counts no more (`reopened`: of how many people).

    Raises Refused `deal.shipped`, `deal.ended`, Malformed `law.facts`.
    """
    desk.require(TELLERS)
    told = facts.stated(laws, given)
    with desk.store.write() as tx:
        matter = deal(desk, tx, named_deal)
        name, version = str(matter["id"]), int(matter["version"] or 1)
        before, derived = facts_told(tx, name)
        said = _changed(told, before, derived, asked=asked)
        if not said:
            return {"deal": str(matter["ref"]), "version": version, "changed": [], "resumed": True}
        _require_amendable(tx, matter)
        read, was, hand_over = said_of(desk, tx, laws, matter), said_now(tx, matter), tells(desk, tx, laws, matter)
        asked = asked or bool(derived) or bool(detail_of(matter).get("asked"))
        known = {**before, **said}
        fresh = facts.follows(laws, known, desk.today()) if asked else {}
        moved = _moved(derived, fresh, known)
        facts.keep(desk, tx, name, version + 1, said, moved)
        tx.change("matter", {"version": version + 1}, id=name)
        again = read != said_of(desk, tx, laws, matter)
        many = untell(tx, name, stamp(desk.clock.now())) if again else 0
        now = said_now(tx, matter)
        other = was.telling.country != now.telling.country or hand_over != tells(desk, tx, laws, matter)
        off = lapsed(desk, tx, matter, was, now, lawbook.packs(laws), other=other)
        anew: dict[str, Json] = {"reopened": take_off(desk, tx, matter, off)} if off else {}
        more: dict[str, Json] = {"untold": many} if again else {}
        changed = _enter(desk, tx, name, version + 1, {**said, **moved}, {**more, **anew})
    return {
        "deal": str(matter["ref"]),
        "version": version + 1,
        "changed": changed,
        "resumed": False,
        **more,
        **anew,
    }


def _changed(told: Leaves, before: Leaves, derived: Leaves, *, asked: bool) -> Leaves:
    """What is not so already; to make unknown what never was known is no change, unless it answers a question."""
    new = {leaf: value for leaf, value in told.items() if leaf not in before or before[leaf] != value}
    return {leaf: value for leaf, value in new.items() if asked or value is not None or leaf in {*before, *derived}}


def _moved(derived: Leaves, fresh: Leaves, known: Leaves) -> Leaves:
    """What follows from the facts and did not before; null where it follows no more."""
    gone: Leaves = {leaf: None for leaf in derived if leaf not in known}
    return {leaf: value for leaf, value in {**gone, **fresh}.items() if derived.get(leaf) != value}


def _require_amendable(tx: Transaction, matter: Row) -> None:
    """Until the package has left; a company that ends is wound up after its hand-over, on facts of its own."""
    require_live(matter)
    name = str(matter["id"])
    after = ends_seller(facts_of(tx, name)) and tx.count("statement", matter=name, kind="destroyed")
    if tx.count("statement", matter=name, kind="shipped") and not after:
        raise Refused("deal.shipped", "The package has left on the facts as they were.",
                      next="Open a new deal on the new facts.")  # fmt: skip


def _enter(
    desk: Desk, tx: Transaction, matter: str, version: int, leaves: Leaves, more: Mapping[str, Json]
) -> list[Json]:
    """The ledger names the leaves and proves their values; it does not have them."""
    changed: list[Json] = list[Json](sorted(leaves))
    says: dict[str, Json] = {
        "version": version,
        "leaves": changed,
        "facts": sha256(canonical.encode(dict(leaves))),
        **more,
    }
    append(tx, desk.space, stamp(desk.clock.now()), "facts-amended", says, detail={"matter": matter})
    return changed
