"""What if a fact of a deal were another: which verdicts move, which gates open or shut; nothing is changed (C1, C3)."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

from custody.acts import facts, gates, lawbook
from custody.acts.deciding import decide
from custody.acts.desk import Desk
from custody.acts.line import line_of
from custody.acts.matters import deal, detail_of, facts_told
from custody.acts.verdicts import Verdicts
from custody.base.canonical import Json
from custody.base.errors import Malformed
from custody.law.gate import VERDICTS
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction

READERS: Final = ("advisor", "owner", "lawyer", "privacy", "data")


def deal_whatif(desk: Desk, laws: Laws, named: str, given: Mapping[str, Json]) -> Mapping[str, Json]:
    """`given` are facts in groups, null for unknown. Both sides are decided now. Raises Malformed `law.facts`, `deal.same`."""
    desk.require(READERS)
    told, packs, on = facts.stated(laws, given), lawbook.packs(laws), desk.today()
    with desk.store.read() as tx:
        matter = deal(desk, tx, named)
        known, over = _laid(desk, tx, laws, matter, told)
        if all(known.get(leaf) == value for leaf, value in over.items()):
            raise Malformed("deal.same", "This is what the deal says already.", next="Choose another value.")
        before, after = decide(tx, matter, packs, on), decide(tx, matter, packs, on, over)
        then = {leaf: value for leaf, value in {**known, **over}.items() if value is not None}
        shut = [gates.of_line(tx, matter, those, packs, on, line_of(tx, matter, those).name) for those in (known, then)]
    was, will = ({(str(one["stage"]), str(one["rule"])): one for one in rows} for rows in shut)
    return {
        "deal": str(matter["ref"]), "changed": list[Json](sorted(over)), "before": dict(before.by_verdict()), "after": dict(after.by_verdict()),
        "moved": _moved(before, after), "opened": [was[key] for key in sorted(was.keys() - will.keys())],
        "shut": [will[key] for key in sorted(will.keys() - was.keys())],
    }  # fmt: skip


def _laid(
    desk: Desk, tx: Transaction, laws: Laws, matter: Row, told: Mapping[str, Json]
) -> tuple[dict[str, Json], dict[str, Json]]:
    """(what holds now, what would be laid over it), with what follows of itself where the deal was opened by interview."""
    stated, derived = facts_told(tx, str(matter["id"]))
    known: dict[str, Json] = {leaf: value for leaf, value in {**stated, **derived}.items() if value is not None}
    if not (derived or detail_of(matter).get("asked")):
        return known, dict(told)
    fresh = facts.follows(laws, {**stated, **told}, desk.today())
    over: dict[str, Json] = {leaf: None for leaf in derived if leaf not in fresh}
    over.update((leaf, value) for leaf, value in fresh.items() if known.get(leaf) != value)
    return known, {**over, **told}


def _moved(before: Verdicts, after: Verdicts) -> list[Json]:
    """How many customers go from which verdict to which other."""
    pairs = Counter(zip(before.best_of().tolist(), after.best_of().tolist(), strict=True))
    return [
        {"from": VERDICTS[was], "to": VERDICTS[will], "count": count}
        for (was, will), count in sorted(pairs.items())
        if was != will
    ]
