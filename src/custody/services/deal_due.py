"""What is due when: the clocks of one deal, or of every deal that is not at its end (C1)."""

from collections.abc import Mapping

from custody.acts import duties, lawbook, unanswered
from custody.acts.desk import Desk
from custody.acts.matters import deal, deals, facts_of
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.ports.laws import Laws


def deal_due(desk: Desk, laws: Laws, named: str | None) -> Mapping[str, Json]:
    """The next to end first. A closed deal is shown only by name: what outlives it still runs."""
    packs, now, found = lawbook.packs(laws), desk.clock.now(), list[tuple[str, dict[str, Json]]]()
    with desk.store.read() as tx:
        rows = [deal(desk, tx, named)] if named else deals(desk, tx)
        for row in rows:
            if named is None and row["state"] == "closed":
                continue
            facts = facts_of(tx, str(row["id"]))
            told = duties.outcome(tx, row, facts, packs, desk.today())
            clocks = [*duties.clocks(told, packs, facts, now), *unanswered.clocks(desk, tx, row, now)]
            found += [(str(row["ref"]), one) for one in clocks]
    due: list[Json] = [{"deal": ref, **one} for ref, one in sorted(found, key=lambda pair: duties.order(pair[1]))]
    overdue = sum(1 for _, one in found if one["state"] == "overdue")
    return {"due": due, "overdue": overdue, "at": stamp(now)}
