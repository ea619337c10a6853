"""E6, A3: letters to many leave in clear by two people, as an export in clear does: rehearsed, approved once over exactly these people, told in the ledger."""

from pathlib import Path

from custody import wiring
from custody.services.approve import approve
from custody.services.campaign_letters import campaign_letters
from custody.services.campaign_print import campaign_print
from tests.portal.campaigns import planned, untold
from tests.portal.conftest import at
from tests.portal.printing import BACK, entries, unreached
from tests.portal.somebody import refused

__all__ = ["untold"]


def test_a3_letters_to_many_take_a_second_person(untold: Path):
    """The list and the pages each by an approval of their own, that serves one person; nothing is marked or entered before it."""
    ref = planned(untold)["campaign"]
    unreached(untold, ref)
    with at(untold, "zhouning") as desk:
        assert refused(lambda: campaign_letters(desk, ref)) == "act.unapproved"
        asked, data = campaign_letters(desk, ref, dry_run=True)
        assert (asked["letters"] > 50, data) == (True, b"")
        pages = campaign_print(desk, wiring.pdf, lambda *_: None, ref, {"back": BACK}, dry_run=True)
        assert pages["would"]["approve"] != asked["would"]["approve"]
    assert entries(untold) == []
    with at(untold, "suhe") as desk:
        given = approve(desk, *asked["would"]["approve"])["id"]
    with at(untold, "zhouning") as desk:
        told, data = campaign_letters(desk, ref)
        assert told["letters"] + told["without_address"] == asked["letters"]
        assert data.count(b"\n") > 50
        assert "would" not in campaign_letters(desk, ref, dry_run=True)[0]
        assert (
            refused(lambda: campaign_print(desk, wiring.pdf, lambda *_: None, ref, {"back": BACK})) == "act.unapproved"
        )
    assert [one["approval"] for one in entries(untold)] == [given]
    with at(untold, "suhe") as desk:
        assert refused(lambda: campaign_letters(desk, ref)) == "act.unapproved"


def test_a3_letters_to_a_few_take_nobody_else(untold: Path):
    """Up to the policy's number one person prints alone, and the entry names no approval."""
    ref = planned(untold)["campaign"]
    unreached(untold, ref, 50)
    with at(untold, "zhouning") as desk:
        assert campaign_letters(desk, ref, dry_run=True)[0] == {"campaign": ref, "letters": 50}
        campaign_letters(desk, ref)
    assert ["approval" in one for one in entries(untold)] == [False]
