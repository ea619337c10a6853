"""What is on file for a deal, and what its customers have said (spec/law.md, E4)."""

from collections import Counter
from collections.abc import Mapping

from custody.acts.desk import Desk
from custody.acts.matters import EVERYBODY, EVERYTHING, deal
from custody.base.canonical import Json
from custody.ports.store import Cell, NoneOf, Transaction


def evidence_list(desk: Desk, named_deal: str) -> Mapping[str, Json]:
    """Evidence of the whole deal, and how many customers have each answer."""
    with desk.store.read() as tx:
        matter = deal(desk, tx, named_deal)
        own = [
            (row["type"], row["compartment"])
            for row in tx.find("evidence", matter=str(matter["id"]), subject=EVERYBODY)
        ]
        answers = _answers(tx, str(matter["id"]), Counter[tuple[Cell, ...]](own))
    of_deal: list[Json] = list[Json](sorted(str(kind) for kind, place in own if place == EVERYTHING))
    return {"deal": str(matter["ref"]), "evidence": of_deal, "answers": answers}


def _answers(tx: Transaction, matter: str, own: Counter[tuple[Cell, ...]]) -> dict[str, Json]:
    """{answer: how many people have it}, by the kept counts; people are told apart only where one answer lies in several compartments."""
    rows = Counter(tx.groups("evidence", ("type", "compartment"), matter=matter))
    places: dict[str, list[int]] = {}
    for (kind, _), many in (rows - own).items():
        places.setdefault(str(kind), []).append(many)
    return {
        kind: many[0]
        if len(many) == 1
        else tx.distinct("evidence", "subject", (NoneOf("subject", (EVERYBODY,)),), matter=matter, type=kind)
        for kind, many in sorted(places.items())
    }
