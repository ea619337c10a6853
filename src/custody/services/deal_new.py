"""Open a deal: a matter with parties, scope, vault and facts (C1)."""

from collections.abc import Mapping

from custody.acts import lawbook
from custody.acts.counter import next_number
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.vaults import vault_row
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Missing
from custody.law.check import flatten
from custody.ports.laws import Laws
from custody.ports.store import Cells, one


def deal_new(
    desk: Desk, laws: Laws, given: Mapping[str, Json], counterparty: str, vault: str | None
) -> Mapping[str, Json]:
    """Open it once: the same facts, counterparty and vault return the deal that is open already."""
    desk.require(("advisor", "owner", "lawyer"))
    facts = flatten(given, lawbook.schema(laws))
    with desk.store.write() as tx:
        # In a change of control the company stays the controller: there is nobody to hand data to.
        alone = facts.get("deal.structure") == "share_transfer" and not counterparty
        if not alone and one(tx, "party", id=counterparty) is None:
            raise Missing("party.unknown", "There is no card of that party.", next="custody party confirm CARD")
        held = vault_row(tx, desk.space, vault)
        detail = canonical.encode(
            {"facts": dict(sorted(facts.items())), "law": laws.version(), "datamap": held["datamap"]}
        )
        known = one(tx, "matter", party=desk.space, vault=held["id"], counterparty=counterparty, detail=detail)
        if known is not None:
            return {"id": str(known["id"]), "ref": str(known["ref"]), "version": 1, "resumed": True}
        now = desk.clock.now()
        matter = ids.new("mat")
        ref = f"D-{now.year}-{next_number(tx, f'deal:{desk.space}:{now.year}'):04d}"
        row: Cells = {"id": matter, "party": desk.space, "kind": "deal", "ref": ref, "version": 1, "state": "open"}
        tx.add("matter", [{**row, "vault": held["id"], "counterparty": counterparty, "detail": detail}])
        who: Cells = {"matter": matter, "version": 1, "principal": desk.principal.id, "at": stamp(now)}
        tx.add("fact", [{**who, "leaf": leaf, "value": canonical.encode(value)} for leaf, value in facts.items()])
        says: dict[str, Json] = {"matter": matter, "law": laws.version(), "datamap": str(held["datamap"])}
        append(tx, desk.space, stamp(now), "deal-opened", says)
    return {"id": matter, "ref": ref, "version": 1, "resumed": False}
