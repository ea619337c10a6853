"""B1, B3: who was told by a list alone was told as anybody was: a nearer day takes two people, and a word of before a change vouches for nothing after it."""

import sqlite3
from datetime import timedelta
from pathlib import Path

from custody.services.approve import approve
from custody.services.deal_facts import deal_facts
from custody.services.deal_tell import deal_tell
from tests.portal.conftest import DEAL, at, everybody, laws
from tests.portal.somebody import refused
from tests.portal.test_told_by_two import take
from tests.portal.test_untrue import untold

__all__ = ["untold"]


def by_list(where: Path) -> tuple[bytes, int]:
    """Nobody has a link, the company's page says nothing of the deal: some are told by a print run, which two people vouch for. The list, and how many it names."""
    with sqlite3.connect(where / "seller" / "core.db") as store:
        store.execute("DELETE FROM statement WHERE kind IN ('shipped', 'notice')")
        assert store.execute("SELECT count(*) FROM link").fetchone() == (0,)
    people = list(everybody(where, lacks=("objection",)))[:3]
    listed = "subject,answer\n" + "".join(f"{who},notice.delivered\n" for who in people)
    return listed.encode(), len(people)


def test_b3_who_was_told_by_list_is_told_a_nearer_day_by_two(untold: Path):
    """With a reason, as whoever has a link; and then nobody counts as told."""
    listed, many = by_list(untold)
    with at(untold, "zhouning") as desk:
        today = desk.today()
        deal_tell(
            desk, DEAL, {"answer_by": str(today + timedelta(days=40)), "closing_on": str(today + timedelta(days=50))}
        )
        near = {"answer_by": str(today + timedelta(days=2))}
    take(untold, "zhouning", listed)
    assert take(untold, "limo", listed)["recorded"] == many
    with at(untold, "zhouning") as desk:
        assert refused(lambda: deal_tell(desk, DEAL, near)) == "deal.tell-why"
        asked = deal_tell(desk, DEAL, near, "The closing came forward", dry_run=True)
        assert asked["untold"] == many
        assert asked["would"]["approve"][0] == "days"


def test_b1_a_list_of_before_a_change_tells_nobody_after_it(untold: Path):
    """The second word of before is none of what is so since: the same list is set aside again until somebody signs for it anew."""
    listed, many = by_list(untold)
    first = take(untold, "limo", listed)
    with at(untold, "suhe") as desk:
        approve(desk, *first["approve"])
    assert take(untold, "limo", listed)["recorded"] == many
    with at(untold, "suhe") as desk:
        assert deal_facts(desk, laws(untold), DEAL, {"basis.purpose_changes": True})["untold"] == many
    again = take(untold, "limo", listed)
    assert (again["recorded"], again["quarantined"]) == (0, many)
    with at(untold, "suhe") as desk:
        approve(desk, *again["approve"])
    assert take(untold, "limo", listed)["recorded"] == many
