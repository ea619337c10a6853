"""B4: a no by telephone is heard in one deal; whoever takes it down is told in which others of the vault it was not, and what older vaults know."""

from pathlib import Path

from custody.acts.matters import deal
from custody.acts.standing_noes import older
from custody.services.request_list import request_line
from custody.services.request_new import request_new
from tests.portal.conftest import DEAL, at, laws, somebody
from tests.portal.test_deaths import opened
from tests.portal.test_noes import NO, asked


def test_b4_who_takes_down_a_no_is_told_where_it_was_not_heard(played: Path):
    """By name where they see the deal, by number where not, on the page of the request until it is taken in there; other requests say nothing of it."""
    who = somebody(played, lacks=("objection", "consent.refused", "withdrawal"))
    assert not {"also_in", "also_closed"} & set(asked(played, who, NO))
    other = opened(played, "share_transfer")
    made = asked(played, who, NO)
    assert (made.get("also_in"), made.get("also_closed")) == (None, 1), "not a member of the other"
    with at(played, "suhe") as desk:
        assert request_line(desk, made["ref"])["also_in"] == [other]
        request_new(desk, laws(played), other, who, NO)
        assert "also_in" not in request_line(desk, made["ref"])
    assert "also_closed" not in asked(played, who, {**NO, "kind": "copy"})


def test_b2_noes_of_an_older_vault_are_counted_for_whoever_opens_a_deal(played: Path):
    """The same company, another vault: how many, in which; none of the vault itself, none of another company."""
    who = somebody(played, lacks=("objection", "consent.refused", "withdrawal"))
    asked(played, who, NO)
    with at(played, "suhe") as desk, desk.store.read() as tx:
        matter = deal(desk, tx, DEAL)
        (vault,) = tx.find("vault")
        buyer = str(matter["counterparty"])
        assert older(desk, tx, "vlt_of_now", buyer)[str(vault["name"])] >= 1
        assert older(desk, tx, str(vault["id"]), buyer) == older(desk, tx, "vlt_of_now", str(matter["party"])) == {}
