"""A9: the list is asked by value when a message is planned, sent or drawn: an address that came on file after it was listed is not written to."""

from datetime import timedelta
from pathlib import Path

import pytest

from custody import wiring
from custody.acts.desk import Desk
from custody.base.ids import subject_bytes
from custody.services.campaign_new import campaign_new
from custody.services.campaign_send import campaign_send
from custody.services.freshness_ask import freshness_ask
from custody.services.revise import Correction
from custody.services.suppress import suppress_add, suppress_lift
from tests.portal.campaigns import WORDS, contents, planned, relay, untold
from tests.portal.conftest import DEAL, at, everybody, laws
from tests.portal.printing import printed
from tests.portal.somebody import EMAIL, PHONE, column, put_right, somebody, values

__all__ = ["relay", "untold"]
STOP, STOP_PHONE = "stop-me@example.cn", "13912340987"
GIVEN = {"sender": "privacy@qinghe.example", "pages": "https://you.qinghe.example"}


def listed(desk: Desk, value: str) -> None:
    assert suppress_add(desk, [value], None, "contact", "asked.1", None)["marked"] == 0, "nobody has it yet"


def corrected(where: Path, desk: Desk, who: str, cls: str, value: str) -> None:
    put_right(where, desk, who, Correction("会员", None, column(desk, who, cls), value, "typo"))


def states(desk: Desk) -> dict[bytes, str]:
    with desk.store.read() as tx:
        return {bytes(row["subject"]): str(row["state"]) for row in tx.find("sending")}  # type: ignore[arg-type] # ids are bytes


@pytest.mark.parametrize(("cls", "value"), [(EMAIL, STOP), (PHONE, STOP_PHONE)])
def test_a9_a_correction_to_a_listed_value_is_not_planned_for(untold: Path, cls: str, value: str):
    """By e-mail nobody of that address, nor of that telephone, is written to; taken off the list, they are planned for again."""
    who = somebody(untold, EMAIL, PHONE)
    with at(untold, "zhouning") as desk:
        listed(desk, value)
        corrected(untold, desk, who, cls, value)
        made = campaign_new(desk, laws(untold), DEAL, WORDS, contents(desk, untold))
        found = states(desk)
        assert found[subject_bytes(who)] == "suppressed"
        assert made["counts"]["suppressed"] == sum(state == "suppressed" for state in found.values()) < len(found)
        before = found
        suppress_lift(desk, value, "asked.2")
        again = campaign_new(desk, laws(untold), DEAL, WORDS, contents(desk, untold))
    assert again["counts"]["suppressed"] == list(before.values()).count("suppressed") - 1


@pytest.mark.part("smtp")
def test_a9_what_is_listed_after_the_plan_is_not_sent_to(untold: Path, relay: tuple[str, Path]):
    """Approved as planned; the value came on file since. Everybody else's message goes."""
    who = somebody(untold, EMAIL, PHONE)
    made = planned(untold, by=relay[0])
    with at(untold, "zhouning") as desk:
        assert states(desk)[subject_bytes(who)] == "planned"
        listed(desk, STOP)
        corrected(untold, desk, who, EMAIL, STOP)
        mailer = wiring.mailer(relay[0], "none", "", None, 0)
        while not campaign_send(desk, mailer, made["campaign"], 0)["done"]:
            pass
        mailer.close()
        found = states(desk)
    assert found[subject_bytes(who)] == "suppressed"
    assert list(found.values()).count("sent") > 0
    assert not [file for file in relay[1].glob("*.eml") if STOP.encode() in file.read_bytes()]


def test_a9_no_letter_is_drawn_for_whom_the_list_names_by_now(untold: Path):
    """Their telephone was corrected to a listed one after the plan."""
    made = planned(untold)
    first, _ = printed(untold, made["campaign"])
    with at(untold, "zhouning") as desk:
        with desk.store.read() as tx:
            waits = {bytes(row["subject"]) for row in tx.find("sending", state="printed")}
        who = next(one for one in everybody(untold) if subject_bytes(one) in waits and values(desk, one).get(PHONE))
        listed(desk, STOP_PHONE)
        corrected(untold, desk, who, PHONE, STOP_PHONE)
    again, _ = printed(untold, made["campaign"])
    assert again["letters"] == first["letters"] - 1
    with at(untold, "zhouning") as desk:
        assert states(desk)[subject_bytes(who)] == "suppressed"


def test_a7_the_yearly_question_leaves_out_whom_the_list_names_by_now(played: Path):
    """A year on everybody is asked but them."""
    who = somebody(played, EMAIL)
    with at(played, "zhouning") as desk:
        listed(desk, STOP)
        corrected(played, desk, who, EMAIL, STOP)
        desk.clock.advance(timedelta(days=400))
        made = freshness_ask(desk, DEAL, GIVEN)
        found = states(desk)
    assert subject_bytes(who) not in found
    assert len(found) >= int(str(made["people"])) > 0
