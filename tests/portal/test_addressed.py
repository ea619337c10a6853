"""A3, D4: letters that one person makes alone are looks: decided, counted with the others of the day, entered for each person before they leave."""

from pathlib import Path

from custody import wiring
from custody.services.access_by import access_by
from custody.services.access_of import access_of
from custody.services.campaign_letters import campaign_letters
from custody.services.campaign_print import campaign_print
from tests.portal.campaigns import planned, untold
from tests.portal.conftest import at
from tests.portal.printing import BACK, unreached
from tests.portal.somebody import refused
from tests.portal.test_looks_beside import spent

__all__ = ["untold"]
KIND = "letter-addressed"


def addressed(where: Path, handle: str = "zhouning") -> list[dict]:
    """As whoever checks is told what one person saw."""
    with at(where, "suhe") as desk:
        return [one for one in access_by(desk, handle, None)["looks"] if one["kind"] == KIND]


def test_d4_who_made_a_letter_saw_its_address(untold: Path):
    """In the accounts of the person and of the customer, with the campaign; the same letters again are entered again and count once."""
    ref = planned(untold)["campaign"]
    unreached(untold, ref, 30)
    with at(untold, "zhouning") as desk:
        campaign_letters(desk, ref)
        found = addressed(untold)
        assert len(found) == 30
        assert {(one["purpose"], one["reason"], one["decided"]) for one in found} == {("legal", ref, True)}
        campaign_print(desk, wiring.pdf, lambda *_: None, ref, {"back": BACK})
    assert len(addressed(untold)) == 60
    with at(untold, "suhe") as desk:
        looks = access_of(desk, str(found[0]["subject"]), None)["looks"]
    assert [(one["who"], one["kind"]) for one in looks] == [("zhouning", KIND)] * 2


def test_a3_letters_beyond_a_days_looks_take_a_second_person(untold: Path):
    """Each of two campaigns is a few; with the looks of the day they are many: nothing is entered or leaves before somebody else approves."""
    ref = planned(untold)["campaign"]
    unreached(untold, ref, 30)
    spent(untold, "zhouning")
    with at(untold, "zhouning") as desk:
        assert refused(lambda: campaign_letters(desk, ref)) == "act.unapproved"
        assert "approve" in campaign_letters(desk, ref, dry_run=True)[0]["would"]
    assert addressed(untold) == []


def test_d4_letters_by_two_are_one_entry(untold: Path):
    """More than a few stand in the ledger as the act of two people."""
    ref = planned(untold)["campaign"]
    unreached(untold, ref)
    with at(untold, "zhouning") as desk:
        assert refused(lambda: campaign_letters(desk, ref)) == "act.unapproved"
    assert addressed(untold) == []
