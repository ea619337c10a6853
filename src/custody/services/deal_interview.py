"""The next question about an open deal, on the facts it has (C1, C2): what `deal facts` is then given."""

from collections.abc import Mapping
from typing import cast

from custody.acts import gates, lawbook
from custody.acts.desk import Desk
from custody.acts.interviewing import PLACES, lead
from custody.acts.matters import deal, facts_of, facts_told
from custody.base.canonical import Json
from custody.ports.laws import Laws


def deal_interview(desk: Desk, laws: Laws, named: str) -> Mapping[str, Json]:
    """As `interview`, and `given`: what was stated, null for "don't know", and the places whose law is concerned."""
    with desk.store.read() as tx:
        matter = deal(desk, tx, named)
        stated, _ = facts_told(tx, str(matter["id"]))
        places = gates.places_of(tx, matter, facts_of(tx, str(matter["id"])), lawbook.packs(laws))
    given: dict[str, Json] = {PLACES: list[Json](places)} if places else {}
    for name, value in stated.items():
        group, _, leaf = name.partition(".")
        cast("dict[str, Json]", given.setdefault(group, dict[str, Json]()))[leaf] = value
    return {"deal": str(matter["ref"]), "given": given, **lead(laws, given, desk.today())}
