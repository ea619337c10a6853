"""Open a deal: a matter with parties, scope, vault and facts (C1)."""

from collections.abc import Mapping
from typing import Final

from custody.acts import deaths, earlier_noes, facts, members
from custody.acts.counter import next_number
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.line import ALONE
from custody.acts.matters import ENDED
from custody.acts.standing_noes import NOES, carried, older
from custody.acts.vaults import vault_row
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Missing
from custody.law.gate import DIED
from custody.ports.laws import Laws
from custody.ports.store import Cells, Row, one

OPENERS: Final = ("advisor", "owner", "lawyer")


def deal_new(
    desk: Desk, laws: Laws, given: Mapping[str, Json], counterparty: str, vault: str | None, *, asked: bool = False
) -> Mapping[str, Json]:
    """Open it once: the same facts, counterparty and vault return the deal that is open already; one that has ended is past.

    `asked`: the facts are answers of an interview, so what follows from them holds too, and null is "don't know".
    """
    desk.require(OPENERS)
    told = facts.stated(laws, given)
    said = told if asked else {leaf: value for leaf, value in told.items() if value is not None}
    derived = facts.follows(laws, told, desk.today()) if asked else {}
    with desk.store.write() as tx:
        # In a change of control the company stays the controller, and a winding up has no successor: nobody is handed data.
        alone = said.get("deal.structure") in ALONE and not counterparty
        if not alone and one(tx, "party", id=counterparty) is None:
            raise Missing("party.unknown", "There is no card of that party.", next="custody party confirm CARD")
        held = vault_row(tx, desk.space, vault)
        pinned = {"facts": dict(sorted(said.items())), "law": laws.version(), "datamap": held["datamap"]}
        detail = canonical.encode({**pinned, **_asked(given, asked=asked)})
        same = tx.find("matter", party=desk.space, vault=held["id"], counterparty=counterparty, detail=detail)
        for known in (row for row in same if row["state"] not in ENDED and members.sees(desk, tx, str(row["id"]))):
            return {"id": str(known["id"]), "ref": str(known["ref"]), "version": 1, "resumed": True}
        now = desk.clock.now()
        matter = ids.new("mat")
        ref = f"D-{now.year}-{next_number(tx, f'deal:{desk.space}:{now.year}'):04d}"
        row: Cells = {"id": matter, "party": desk.space, "kind": "deal", "ref": ref, "version": 1, "state": "open"}
        tx.add("matter", [{**row, "vault": held["id"], "counterparty": counterparty, "detail": detail}])
        facts.keep(desk, tx, matter, 1, said, derived)
        says: dict[str, Json] = {"matter": matter, "law": laws.version(), "datamap": str(held["datamap"])}
        append(tx, desk.space, stamp(now), "deal-opened", says)
        deal: Row = {**row, "vault": held["id"], "counterparty": counterparty}
        along = earlier_noes.came_along(tx, deal, NOES, counterparty) if counterparty else []
        if people := carried(tx, deal, along):
            append(tx, desk.space, stamp(now), "noes-carried", {"matter": matter, "people": people})
        if people := deaths.carried(tx, deal, earlier_noes.came_along(tx, deal, (DIED,), "")):
            append(tx, desk.space, stamp(now), "deaths-carried", {"matter": matter, "people": people})
        members.join(desk, tx, matter, desk.principal.id, members.OPENED)
        elsewhere = older(desk, tx, str(held["id"]), counterparty, earlier_noes.known(tx, str(held["id"])))
        before: list[Json] = [{"vault": name, "people": many} for name, many in elsewhere.items()]
        came = earlier_noes.people(along)
    return {
        "id": matter,
        "ref": ref,
        "version": 1,
        "resumed": False,
        **({"noes_along": came} if came else {}),
        **({"older_noes": before} if before else {}),
    }


def _asked(given: Mapping[str, Json], *, asked: bool) -> Mapping[str, Json]:
    """What an interview told besides facts: that there was one, and whose law is concerned."""
    places = given.get("regimes")
    return {"asked": True, "regimes": sorted(map(str, places))} if asked and isinstance(places, list) else {}
