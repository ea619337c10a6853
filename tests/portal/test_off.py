"""B3: of a deal that was broken off nothing is asked on anybody's page, and what was answered stays there."""

from pathlib import Path

import pytest

from custody import wiring
from custody.base.errors import CustodyError
from custody.services.approve import approve
from custody.services.deal_abort import deal_abort
from custody.services.receipt_check import receipt_check
from tests.portal.answering import ANSWERED, ONE_OPEN, answer, asked, evidence, page
from tests.portal.conftest import DEAL, at, everybody, laws, somebody
from tests.portal.serving import portal
from tests.portal.test_pages import ask
from tests.portal.tokens import token


def broken_off(where: Path) -> None:
    """By two people, as it is done."""
    out = wiring.folder(where / "handover")
    with at(where, "suhe") as desk:
        would = deal_abort(desk, DEAL, "price", out, dry_run=True)["would"]
    with at(where, "zhouning") as desk:
        approve(desk, *would["approve"])
    with at(where, "suhe") as desk:
        deal_abort(desk, DEAL, "price", out)


def refused(where: Path, *words: str) -> str:
    with pytest.raises(CustodyError) as error:
        answer(where, *words)
    return error.value.slug


def test_b3_a_deal_that_is_off_asks_nothing_and_keeps_what_was_answered(played: Path):
    """Neither of whoever was silent nor of whoever answered; a yes is taken back with its receipt, and no other answer is taken."""
    silent, said = list(everybody(played, *ONE_OPEN, lacks=ANSWERED))[:2]
    quiet, text = token(played, silent), token(played, said)
    assert asked(played, quiet) == ["consent.separate"]
    given = answer(played, text, "consent.separate", "given")
    before = page(played, quiet)["answers"]
    broken_off(played)
    seen = page(played, quiet)
    assert (seen["outlook"], seen["asked"], seen["answers"]) == ("off", [], before)
    assert "consent.separate" not in {one["question"] for one in seen["questions"]}
    assert [(one["step"], one["state"]) for one in seen["steps"]] == [("told", "done"), ("off", "done")]
    assert seen["steps"][-1]["at"]
    seen = page(played, text)
    assert seen["asked"] == []
    assert ("consent.separate", "given", given["receipt"]) in [
        (one["question"], one["act"], one["receipt"]) for one in seen["answers"]
    ]
    for act in ("given", "refused"):
        assert refused(played, quiet, "consent.separate", act) == "deal.ended"
    assert refused(played, quiet, "objection", "objected") == "deal.ended"
    held = evidence(played, silent)
    assert answer(played, text, "consent.separate", "withdrawn")["outlook"] == "off"
    assert evidence(played, silent) == held
    with at(played) as desk:
        assert receipt_check(desk, laws(played), str(given["record"]))["outlook"] == "off"


def test_b3_the_page_says_so_in_both_languages(played: Path):
    """No form that answers stands on it, but that which takes a yes back; requests go on as ever."""
    text = token(played, somebody(played, *ONE_OPEN, lacks=ANSWERED))
    answer(played, text, "consent.separate", "refused")
    broken_off(played)
    with portal(played) as base:
        for lang, words in (("zh", ("转让已经取消", "不同意")), ("en", ("the transfer is off", "You did not agree"))):
            shown = ask(f"{base}/{lang}/t/{text}").page
            assert all(one in shown for one in words)
            assert not [act for act in ("given", "refused", "objected", "lifted") if f'value="{act}"' in shown]
            assert f"/{lang}/t/{text}/ask/delete" in shown
