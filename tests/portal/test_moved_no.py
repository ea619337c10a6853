"""B3: once the data went, an objection says what is true then: to the use by whoever has it, passed on to them; nothing "stays"."""

import urllib.request
from pathlib import Path

import pytest

from custody.services.answers_take import answers_take
from custody.services.consent_record import consent_record
from custody.services.request_close import request_close
from custody.services.request_new import request_new
from tests.portal.answering import answer, page
from tests.portal.conftest import DEAL, at, everybody, laws
from tests.portal.passed_on import released
from tests.portal.serving import portal
from tests.portal.somebody import refused
from tests.portal.tokens import token

STAYS = ("留在", "stays with")
GOING = {"lacks": ("objection", "consent.refused", "withdrawal")}
BY_PHONE = {"kind": "object", "channel": "desk", "proof": "in-person", "note": ""}


def signed(where: Path, who: str) -> tuple[str, str]:
    """(wording, words) of the newest signed objection."""
    with at(where, "zhouning") as desk:
        kept = {one["processing"]["question"]: one for one in consent_record(desk, DEAL, who)["records"]}
    event = kept["objection"]["events"][-1]
    return event["wording"], event["notice"]


def other_than(where: Path, who: str, *, moved: bool) -> str:
    return next(
        one
        for one in everybody(where, *(("consent.separate",) if moved else ("objection",)), **(GOING if moved else {}))
        if one != who and str(page(where, token(where, one))["outlook"]).startswith("moved") == moved
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_b3_after_the_handover_nobody_signs_that_it_stays(played: Path, lang: str):
    """The page offers the objection to the use, the receipt says those words, and the page says that it is passed on."""
    who, _ = released(played)
    text = token(played, who)
    with portal(played) as base:
        shown = urllib.request.urlopen(f"{base}/{lang}/t/{text}").read().decode()
        assert not any(one in shown for one in STAYS)
        assert answer(played, text, "objection", "objected")["outlook"].startswith("moved")
        said = urllib.request.urlopen(f"{base}/{lang}/t/{text}?done=objected").read().decode()
    assert {"zh": "会转给已经收到您信息的公司", "en": "is passed on to the company"}[lang] in said
    wording, words = signed(played, who)
    assert wording == "objection-moved.1"
    assert not any(one in words for one in STAYS)
    steps = {one["step"]: one for one in page(played, text)["steps"]}
    assert (steps["answer"]["state"], steps["moves"]["state"]) == ("done", "done")
    assert "" < steps["answer"]["at"] <= steps["moves"]["at"]


def test_b3_by_desk_and_by_list_it_is_signed_alike_and_of_who_stayed_as_before(played: Path):
    """Whoever took it down: of what went to the use; of somebody of whom nothing went, that it stays."""
    who, _ = released(played)
    with at(played, "zhouning") as desk:
        request_new(desk, laws(played), DEAL, who, BY_PHONE)
    assert signed(played, who)[0] == "objection-moved.1"
    by_list = other_than(played, who, moved=True)
    with at(played, "zhouning") as desk:
        answers_take(desk, laws(played), DEAL, f"subject,answer\n{by_list},objection\n".encode())
    assert signed(played, by_list)[0] == "objection-moved.1"
    stayed = other_than(played, who, moved=False)
    with at(played, "zhouning") as desk:
        request_new(desk, laws(played), DEAL, stayed, BY_PHONE)
    wording, words = signed(played, stayed)
    assert wording == "objection.1"
    assert any(one in words for one in STAYS)


def test_b4_the_no_on_the_sellers_file_does_not_end_what_the_buyer_has_to_answer(played: Path):
    """Granted at the seller it would reach nobody who has the data: it is passed on, or refused by a rule."""
    who, _ = released(played)
    ref = answer(played, token(played, who), "objection", "objected")["request"]
    with at(played, "zhouning") as desk:
        assert refused(lambda: request_close(desk, laws(played), ref, "granted", "")) == "request.elsewhere"
