"""Amend a deal's facts: a new version, the old ones kept; approvals of what was planned before lapse (C1, design idea 3)."""

from collections.abc import Mapping

from custody.acts import facts
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.line import ends_seller
from custody.acts.matters import deal, detail_of, facts_of, facts_told, require_live
from custody.acts.vaults import sha256
from custody.base import canonical
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Refused
from custody.ports.laws import Laws


def deal_facts(
    desk: Desk, laws: Laws, named_deal: str, given: Mapping[str, Json], *, asked: bool = False
) -> Mapping[str, Json]:
    """`given` are the leaves that change; null makes one unknown again. What does not change makes no version.

    `asked`: they are answers of an interview, so null is "don't know", which is kept, and what follows from them holds too.

    Raises Refused `deal.shipped`, `deal.ended`, Malformed `law.facts`.
    """
    desk.require(("advisor", "owner", "lawyer"))
    told = facts.stated(laws, given)
    with desk.store.write() as tx:
        matter = deal(tx, desk.space, named_deal)
        name, (before, derived) = str(matter["id"]), facts_told(tx, str(matter["id"]))
        said = {leaf: value for leaf, value in told.items() if leaf not in before or before[leaf] != value}
        said = {
            leaf: value for leaf, value in said.items() if asked or value is not None or leaf in {*before, *derived}
        }
        version = int(matter["version"] or 1)
        if not said:
            return {"deal": str(matter["ref"]), "version": version, "changed": [], "resumed": True}
        require_live(matter)
        # A company that ends is wound up after its hand-over, on facts of its own.
        after = ends_seller(facts_of(tx, name)) and tx.count("statement", matter=name, kind="destroyed")
        if tx.count("statement", matter=name, kind="shipped") and not after:
            raise Refused(
                "deal.shipped",
                "The package has left on the facts as they were.",
                next="Open a new deal on the new facts.",
            )
        now, known = stamp(desk.clock.now()), {**before, **said}
        asked = asked or bool(derived) or bool(detail_of(matter).get("asked"))
        fresh = facts.follows(laws, known, desk.clock.now().date()) if asked else {}
        moved = {**{leaf: None for leaf in derived if leaf not in known}, **fresh}
        moved = {leaf: value for leaf, value in moved.items() if derived.get(leaf) != value}
        facts.keep(desk, tx, name, version + 1, said, moved)
        tx.change("matter", {"version": version + 1}, id=name)
        changed: list[Json] = list[Json](sorted({*said, *moved}))
        says: dict[str, Json] = {
            "version": version + 1,
            "leaves": changed,
            "facts": sha256(canonical.encode({**said, **moved})),
        }
        append(tx, desk.space, now, "facts-amended", says, detail={"matter": name})
    return {"deal": str(matter["ref"]), "version": version + 1, "changed": changed, "resumed": False}
