"""Every override a deal ever had: rule, reason, by whom, approved by whom, until when, and whether it counts (spec/law.md §7)."""

from collections.abc import Mapping

from custody.acts.desk import Desk
from custody.acts.matters import deal
from custody.acts.overrides import told
from custody.base.canonical import Json


def override_list(desk: Desk, named: str) -> Mapping[str, Json]:
    """The oldest first; none ever leaves the list."""
    with desk.store.read() as tx:
        matter = deal(desk, tx, named)
        rows = told(tx, str(matter["id"]), desk.today())
    return {"deal": str(matter["ref"]), "overrides": list[Json](rows)}
