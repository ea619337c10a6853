"""What is on file for a deal, and what its customers have said (spec/law.md, E4)."""

from collections import Counter
from collections.abc import Mapping

from custody.acts.desk import Desk
from custody.acts.matters import EVERYBODY, EVERYTHING, deal, evidence_of
from custody.base.canonical import Json


def evidence_list(desk: Desk, named_deal: str) -> Mapping[str, Json]:
    """Evidence of the whole deal, and how many customers have each answer."""
    with desk.store.read() as tx:
        matter = deal(desk, tx, named_deal)
        held = evidence_of(tx, str(matter["id"]))
    counts = Counter(kind for who, by in held.items() if who for kind in set().union(*by.values()))
    of_deal: list[Json] = list[Json](sorted(held.get(EVERYBODY, {}).get(EVERYTHING, set())))
    return {"deal": str(matter["ref"]), "evidence": of_deal, "answers": dict(sorted(counts.items()))}
