"""B2: a yes counts for what its reader was shown and for nothing else (spec/consent.md §4, *More is asked*)."""

import sqlite3
from pathlib import Path
from urllib.request import urlopen

import pytest

from custody import wiring
from custody.acts.asking import own_compartments
from custody.acts.matters import EVERYTHING, deal
from custody.acts.reach import Yes, take_off
from custody.acts.reopened import giving, narrow
from custody.acts.went import went
from custody.base.ids import subject_bytes
from custody.services.deal_facts import deal_facts
from custody.services.deal_tell import deal_tell
from custody.services.recall import recall
from custody.services.receive import receive
from custody.services.release import release
from tests.portal.answering import AGREED, ANSWERED, ONE_OPEN, answer, evidence, page, where_to
from tests.portal.closing import approved
from tests.portal.conftest import DEAL, at, everybody, laws, somebody
from tests.portal.serving import portal
from tests.portal.somebody import refused
from tests.portal.tokens import token
from tests.vault.arriving_deal import DEAL as ARRIVING
from tests.vault.arriving_deal import NAME, Arriving, vault
from tests.vault.arriving_deal import who as arrived

CODE = "consent.separate"
TELLS = "item.method.zh"


def agreed(where: Path) -> tuple[str, str]:
    """(who, their link) of somebody who said yes on their page to all that was asked."""
    who = somebody(where, *ONE_OPEN, lacks=ANSWERED)
    text = token(where, who)
    answer(where, text, CODE, "given")
    assert where_to(page(where, text)) == "moves"
    return who, text


def own_yes(where: Path, who: str) -> set[int]:
    return {place for place, kind in evidence(where, who) if kind == CODE}


def the_question(where: Path, text: str) -> dict:
    return next(one for one in page(where, text)["asked"] if one["question"] == CODE)


def test_b2_what_is_told_otherwise_after_a_yes_is_asked_again(played: Path):
    """The old answer is shown beside the open question, its receipt stays, it can be taken back, and a yes to the new words counts; whoever read another language was told nothing else."""
    who, text = agreed(played)
    before = page(played, text)["answers"]
    with at(played, "zhouning") as desk:
        assert "reopened" not in deal_tell(desk, DEAL, {"item.method.en": "by encrypted hand-over, in one go"})
        told = {TELLS: "改用邮寄硬盘移交"}
        assert deal_tell(desk, DEAL, told, dry_run=True)["reopened"] == 1
        assert own_yes(played, who)
        assert deal_tell(desk, DEAL, told)["reopened"] == 1
        assert "reopened" not in deal_tell(desk, DEAL, told)
    assert not own_yes(played, who)
    shown = page(played, text)
    assert where_to(shown) == "waits"
    asked = the_question(played, text)
    (old,) = [one for one in shown["answers"] if one["question"] == CODE]
    assert (asked["before"], old["act"], old["asked_anew"]) == (old["at"], "given", True)
    assert old["receipt"] == next(one["receipt"] for one in before if one["question"] == CODE)
    assert "改用邮寄硬盘移交" in asked["text"]
    with portal(played) as base:
        seen = urlopen(f"{base}/en/t/{text}").read().decode()
    assert "but what you are asked has changed since" in seen
    assert 'value="withdrawn"' in seen
    answer(played, text, CODE, "given")
    assert own_yes(played, who) == {EVERYTHING}
    assert where_to(page(played, text)) == "moves"


def test_b2_a_yes_that_counts_no_more_is_taken_back_as_any(played: Path):
    """It may stand where something moved on it."""
    who, text = agreed(played)
    with at(played, "zhouning") as desk:
        deal_tell(desk, DEAL, {TELLS: "改用邮寄硬盘移交"})
    assert answer(played, text, CODE, "withdrawn")["outlook"].startswith("stays")
    assert "withdrawal" in {kind for _, kind in evidence(played, who)}


@pytest.mark.parametrize(("change", "value"), [("event.recipient_jurisdiction", "SG"), ("basis.purpose_changes", True)])
def test_b2_a_hand_over_to_another_place_or_for_another_purpose_is_asked_about_again(played: Path, change: str, value: str | bool):  # fmt: skip
    """What was agreed to is another hand-over; facts that nobody is told change nothing."""
    who, text = agreed(played)
    with sqlite3.connect(played / "seller" / "core.db") as store:
        store.execute("DELETE FROM statement WHERE kind = 'shipped'")
    with at(played, "suhe") as desk:
        assert "reopened" not in deal_facts(desk, laws(played), DEAL, {"deal.authority_approved": True})
    assert own_yes(played, who)
    with at(played, "suhe") as desk:
        told = deal_facts(desk, laws(played), DEAL, {change: value})
        assert told["reopened"] == 1
    assert not own_yes(played, who)
    assert the_question(played, text)["before"]


def test_b2_what_comes_to_lie_elsewhere_later_is_asked_about(played: Path):
    """What was shown goes on; a yes to all reaches everything again, a no leaves nothing of it."""
    who, text = agreed(played)
    with at(played) as desk, desk.store.write() as tx:
        matter = deal(desk, tx, DEAL)
        (row,) = tx.find("subject", vault=matter["vault"], id=subject_bytes(who))
        first, *later = own_compartments(row)
        narrow(tx, giving(tx, str(matter["vault"])), subject_bytes(who), [first])
    assert later
    assert own_yes(played, who) == {first}
    shown = page(played, text)
    assert (shown["outlook"], bool(the_question(played, text)["before"])) == ("moves-in-part", True)
    answer(played, text, CODE, "given")
    assert own_yes(played, who) == {EVERYTHING}
    with at(played) as desk, desk.store.write() as tx:
        narrow(tx, giving(tx, str(matter["vault"])), subject_bytes(who), [first])
    answer(played, text, CODE, "refused")
    assert not own_yes(played, who)


def test_b2_what_is_delivered_later_is_no_part_of_an_earlier_yes(tmp_path: Path):
    """A company that received somebody's data and gives it on: a second part comes after their yes, which goes on for the first alone; a deal in which it receives is not touched."""
    made = Arriving(tmp_path, 6).ship().release(1, lambda n: n < 4, parts=(1,))
    made.receive()
    desk = made.world.desk
    with desk.store.write() as tx:
        own = tx.find("matter")[0]
        onward = {**own, "id": "mat_onward", "ref": "D-2", "vault": vault(made), "counterparty": ""}
        tx.add("matter", [onward])
        yes = {"subject": arrived(1), "compartment": EVERYTHING, "at": "2026-05-01T00:00:00.000000Z", "position": 1}
        tx.add("evidence", [{**yes, "matter": name, "type": CODE} for name in ("mat_onward", str(own["id"]))])
        tx.add("evidence", [{**yes, "matter": "mat_onward", "type": "consent.marketing"}])
    made.release(2, lambda n: n < 4, "delta", parts=(2,))
    receive(desk, ARRIVING, made.files, NAME)
    with desk.store.read() as tx:
        found = {
            (str(row["matter"]), str(row["type"])): row["compartment"]
            for row in tx.find("evidence", subject=arrived(1))
        }
    made.world.close()
    assert found == {
        ("mat_onward", CODE): 1,
        (str(own["id"]), CODE): EVERYTHING,
        ("mat_onward", "consent.marketing"): EVERYTHING,
    }


def in_part(where: Path) -> tuple[str, str]:
    """(who, their link) of somebody who was shipped, agreed on their page to the hand-over, and has not said anything of what is sensitive."""
    for who in everybody(where, *AGREED[:2], lacks=(f"{CODE}.sensitive", "objection", "consent.refused", "withdrawal")):
        text = token(where, who)
        answer(where, text, CODE, "given")
        if page(where, text)["outlook"] == "moves-in-part":
            return who, text
    raise AssertionError("the sample has such a customer")


def test_c6_of_whom_a_part_went_the_yes_stands_for_that_part_alone(played: Path):
    """They agreed to the hand-over, not yet to what is sensitive, and went so; what is told otherwise afterwards is asked again for the rest, and calls nobody back."""
    who, text = in_part(played)
    approved(played)
    out = wiring.folder(played / "handover")
    with at(played, "zhouning") as desk:
        release(desk, laws(played), DEAL, out)
    assert page(played, text)["outlook"] == "moved-in-part"
    with at(played, "zhouning") as desk, desk.store.write() as tx:
        matter, row = deal(desk, tx, DEAL), tx.find("subject", id=subject_bytes(who))[0]
        there = went(desk, tx, matter, row).compartments
        answered = tx.find("answer", order=("-version",), subject=row["id"], question=CODE)[0]
        yes = Yes(subject_bytes(who), CODE, own_compartments(row), bytes(answered["receipt"]))
        assert take_off(desk, tx, matter, [yes]) == 1
    assert own_yes(played, who) == there
    with at(played, "zhouning") as desk:
        assert refused(lambda: recall(desk, laws(played), DEAL, out, dry_run=True)) == "recall.nothing"
