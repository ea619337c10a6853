"""Amend a deal's facts: a new version, the old ones kept; approvals of what was planned before lapse (C1, design idea 3)."""

from collections.abc import Mapping

from custody.acts import lawbook
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.matters import deal, facts_of
from custody.acts.vaults import sha256
from custody.base import canonical
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Refused
from custody.law.check import flatten
from custody.ports.laws import Laws
from custody.ports.store import Cells


def deal_facts(desk: Desk, laws: Laws, named_deal: str, given: Mapping[str, Json]) -> Mapping[str, Json]:
    """`given` are the leaves that change. What does not change makes no version. Raises Refused `deal.shipped`, Malformed `law.facts`."""
    desk.require(("advisor", "owner", "lawyer"))
    facts = flatten(given, lawbook.schema(laws))
    with desk.store.write() as tx:
        matter = deal(tx, desk.space, named_deal)
        name, before = str(matter["id"]), facts_of(tx, str(matter["id"]))
        changed = {leaf: value for leaf, value in facts.items() if before.get(leaf) != value}
        version = int(matter["version"] or 1)
        if not changed:
            return {"deal": str(matter["ref"]), "version": version, "changed": [], "resumed": True}
        if tx.find("statement", matter=name, kind="shipped"):
            raise Refused(
                "deal.shipped",
                "The package has left on the facts as they were.",
                next="Open a new deal on the new facts.",
            )
        now = stamp(desk.clock.now())
        who: Cells = {"matter": name, "version": version + 1, "principal": desk.principal.id, "at": now}
        tx.add("fact", [{**who, "leaf": leaf, "value": canonical.encode(value)} for leaf, value in changed.items()])
        tx.change("matter", {"version": version + 1}, id=name)
        says: dict[str, Json] = {
            "version": version + 1,
            "leaves": list[Json](sorted(changed)),
            "facts": sha256(canonical.encode(changed)),
        }
        append(tx, desk.space, now, "facts-amended", says, detail={"matter": name})
    return {
        "deal": str(matter["ref"]),
        "version": version + 1,
        "changed": list[Json](sorted(changed)),
        "resumed": False,
    }
