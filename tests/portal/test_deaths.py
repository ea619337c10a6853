"""C3, B1: who is on file as having died is so in every deal over the vault, whoever the buyer: nobody writes to them in another, and none hands them over; a correction takes it off in all."""

import json
import sqlite3
from pathlib import Path

import pytest

from custody.acts.deaths import dead
from custody.acts.matters import deal, facts_of
from custody.base import ids
from custody.services.answers_take import answers_take
from custody.services.approve import approve
from custody.services.deal_new import deal_new
from custody.services.evidence_correct import evidence_correct
from custody.services.evidence_deaths import evidence_deaths
from custody.services.gate import gate
from custody.services.ledger_list import ledger_list
from custody.services.release_delta import release_delta
from tests.portal.answering import AGREED, page
from tests.portal.conftest import DEAL, at, everybody, laws, somebody
from tests.portal.test_called_back import by_two, taken
from tests.portal.tokens import token
from tests.portal.told_later import left_out, listed

WHY = "another of the same name had died, said by their daughter"


def opened(where: Path, structure: str) -> str:
    """Another deal over the same vault, with nobody who receives."""
    with at(where, "suhe") as desk:
        with desk.store.read() as tx:
            facts = facts_of(tx, str(deal(desk, tx, DEAL)["id"]))
        return str(deal_new(desk, laws(where), {**facts, "deal.structure": structure}, "", None)["ref"])


def died(where: Path, who: str) -> None:
    with at(where, "zhouning") as desk:
        answers_take(desk, laws(where), DEAL, f"subject,answer\n{who},person.died\n".encode())


def known_in(where: Path, who: str) -> set[str]:
    with at(where, "suhe") as desk:
        return {str(one["deal"]) for one in evidence_deaths(desk, who)["entries"]}  # type: ignore[union-attr, index, call-overload]


@pytest.fixture
def whose(played: Path) -> str:
    return somebody(played, *AGREED, lacks=("objection", "consent.refused", "withdrawal"))


def test_c3_a_death_holds_in_every_deal_of_the_vault(played: Path, whose: str):
    """In one under way at once, in one that is opened later with its entry; the same list again says nothing new."""
    before = opened(played, "share_transfer")
    died(played, whose)
    after = opened(played, "dissolution")
    assert known_in(played, whose) == {DEAL, before, after}
    with at(played, "suhe") as desk:
        assert [one["kind"] for one in ledger_list(desk, None, 500)["entries"]].count("deaths-carried") == 1  # type: ignore[union-attr, index, call-overload]
        with desk.store.read() as tx:
            (vault,) = tx.find("vault")
            assert dead(tx, str(vault["id"]), [ids.subject_bytes(whose)]) == {ids.subject_bytes(whose)}
        told = gate(desk, laws(played), before)
    (reason,) = [one for one in told["reasons"] if one["rule"] == "DECEASED"]  # type: ignore[union-attr, index, call-overload]
    assert reason["verdict"] == "withhold"
    assert page(played, token(played, whose))["outlook"] == "stays"


def test_c3_a_correction_takes_it_off_in_all(played: Path, whose: str):
    """By two people in one of them."""
    other = opened(played, "share_transfer")
    died(played, whose)
    assert known_in(played, whose) == {DEAL, other}
    with at(played, "zhouning") as desk:
        would = evidence_correct(desk, DEAL, whose, WHY, dry_run=True)["would"]
    with at(played, "suhe") as desk:
        approve(desk, *would["approve"])  # type: ignore[index, call-overload]
    with at(played, "zhouning") as desk:
        evidence_correct(desk, DEAL, whose, WHY)
    assert known_in(played, whose) == set()
    assert opened(played, "dissolution")
    assert known_in(played, whose) == set()


def test_a9_a_death_of_after_the_release_goes_along_with_the_next(played: Path):
    """Whose keys are with the buyer by then is marked there as one whom nobody may contact, as a wish for silence is."""
    late, _ = left_out(played)
    gone = (
        one for one in everybody(played, *AGREED, lacks=("objection", "consent.refused", "withdrawal")) if one != late
    )
    who = next(one for one in gone if str(page(played, token(played, one))["outlook"]).startswith("moved"))
    taken(played)
    died(played, who)
    listed(played, late, "notice.delivered")
    with at(played, "zhouning") as desk:
        gate(desk, laws(played), DEAL)
    assert by_two(played, release_delta)["no_contact"] == 1
    taken(played)
    with sqlite3.connect(played / "buyer" / "core.db") as store:
        ((facts,),) = store.execute("SELECT facts FROM subject WHERE id = ?", (ids.subject_bytes(who),)).fetchall()
    assert json.loads(facts)["no_contact"] is True
