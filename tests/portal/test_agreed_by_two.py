"""B2: that somebody agreed before, and that a guardian's paper was seen, is the word of two: one person's list, or picture, makes no silent person agree."""

from datetime import timedelta
from pathlib import Path

import pytest

from custody.acts.tokens import handle_of
from custody.base.clock import stamp
from custody.services.approve import approve
from custody.services.consent_import import consent_import
from custody.services.guardian_prove import guardian_prove
from custody.services.portal_show import portal_show
from custody.services.token_new import token_new
from tests.line.told import read_card
from tests.portal.answering import answer, evidence
from tests.portal.conftest import DEAL, at, everybody, laws, somebody
from tests.portal.consent_lists import listed, vouched
from tests.portal.guarding import NAME, says, silent
from tests.portal.requesting import faults
from tests.portal.test_guardian_papers import png
from tests.portal.tokens import token

TOLD, SILENT = ("notice.delivered",), ("consent.separate", "consent.refused", "objection", "withdrawal")
CODES = ("consent.separate", "consent.separate.sensitive")


def yes(where: Path, *people: str, when: str = "2026-03-17T02:00:00Z") -> bytes:
    words = {"version": "s1", "text": f"我同意把我的信息交给{read_card(where, 'buyer').name_zh}。", "at": when}
    return listed(*({"subject": who, "question": code, **words} for who in people for code in CODES))


def take(where: Path, by: str, data: bytes, hours: int = 0, zone: str = "") -> dict:
    with at(where, by) as desk:
        desk.clock.advance(timedelta(hours=hours))
        return dict(consent_import(desk, laws(where), DEAL, data, b"", zone))


def outlook(where: Path, text: str) -> str:
    with at(where) as desk:
        return str(portal_show(desk, laws(where), text, "", "en")["outlook"])


def test_b2_one_persons_list_makes_nobody_agree(played: Path):
    """However often; by a second person who takes the same list it counts, and the same list again, long after, sets nothing aside."""
    who = somebody(played, *TOLD, lacks=SILENT)
    text, data = token(played, who), yes(played, who)
    before, had = outlook(played, text), evidence(played, who)
    for _ in range(2):
        alone = take(played, "limo", data)
        assert (alone["taken"], alone["reasons"], alone["ledger"]) == (0, {"second": 2}, None)
    assert take(played, "zhouning", data)["approve"] == alone["approve"], "who may approve nothing was no second"
    assert (outlook(played, text), evidence(played, who)) == (before, had)
    done = take(played, "limo", data)
    assert (done["taken"], "approve" in done) == (2, False)
    assert outlook(played, text) != before
    again = take(played, "limo", data, hours=100)
    assert (again["taken"], again["on_file"], again["quarantined"]) == (0, 2, 0)


def test_b2_another_list_needs_another_word(played: Path):
    """One more line, the times of another zone, a day later: nothing of it was approved."""
    who, other = [one for one, _ in zip(everybody(played, *TOLD, lacks=SILENT), range(2), strict=False)]
    data = vouched(played, yes(played, who))
    assert take(played, "limo", yes(played, who, other))["reasons"] == {"second": 4}
    assert take(played, "limo", data, zone="Asia/Shanghai")["reasons"] == {"second": 2}
    assert take(played, "limo", data, hours=25)["reasons"] == {"second": 2}


def test_b2_a_no_in_the_same_list_waits_for_nobody(played: Path):
    """It protects: one person's word is enough for it."""
    who, other = [one for one, _ in zip(everybody(played, *TOLD, lacks=SILENT), range(2), strict=False)]
    no = {"subject": other, "question": "consent.separate", "act": "refused", "version": "s2", "text": "您同意吗？", "at": "2026-03-17T02:00:00Z"}  # fmt: skip
    taken = take(played, "limo", yes(played, who) + listed(no).split(b"\r\n", 1)[1])
    assert (taken["taken"], taken["reasons"]) == (1, {"second": 2})
    assert "consent.refused" in {kind for _, kind in evidence(played, other)}


def test_b2_one_persons_list_overturns_no_no(played: Path):
    """Refused on their own page, then "agreed by telephone": a single clerk's line leaves it a no."""
    who = somebody(played, *TOLD, lacks=SILENT)
    text = token(played, who)
    for code in CODES[:1]:
        answer(played, text, code, "refused")
    refusing = outlook(played, text)
    with at(played) as desk:
        later = stamp(desk.clock.now())
    taken = take(played, "zhouning", yes(played, who, when=later), hours=1)
    assert taken["taken"] == 0
    assert outlook(played, text) == refusing


def test_b2_a_consent_of_years_before_the_sale_names_nobody_who_would_receive(played: Path):
    """Two people stand for it, and its words name the buyer: nobody can have been told so then. A consent of another kind may be that old."""
    who = somebody(played, *TOLD, lacks=(*SILENT, "consent.marketing"))
    data = vouched(played, yes(played, who, when="2019-05-01T02:00:00Z"))
    assert take(played, "zhouning", data)["reasons"] == {"early": 2}
    old = vouched(played, listed({"subject": who, "at": "2019-05-01T02:00:00Z"}))
    assert take(played, "zhouning", old)["taken"] == 1


@pytest.mark.parametrize("how", ["shows", "approves"])
def test_b2_a_paper_that_one_person_says_they_saw_proves_no_guardian(played: Path, how: str):
    """It is told what a second person approves, who may show the same picture as well; another picture is another paper."""
    who = silent(played)
    says(played, who, "given")
    given = {"document": "birth-certificate", "relation": "parent", "name": NAME}
    with at(played, "zhouning") as desk:
        assert faults(lambda: guardian_prove(desk, DEAL, who, given, png())) == "guardian.second"
        assert faults(lambda: guardian_prove(desk, DEAL, who, given, png())) == "guardian.second", (
            "not one's own second"
        )
    assert "guardian.relation" not in {kind for _, kind in evidence(played, who)}
    with at(played, "suhe") as desk:
        assert faults(lambda: guardian_prove(desk, DEAL, who, given, png(b"another"))) == "guardian.second"
        if how == "shows":
            guardian_prove(desk, DEAL, who, given, png())
        else:
            with pytest.raises(Exception, match="second one") as error:
                guardian_prove(desk, DEAL, who, {**given, "document": "court-order"}, png())
            approve(desk, *error.value.next.removeprefix("custody approve ").split())
    if how == "approves":
        with at(played, "zhouning") as desk:
            guardian_prove(desk, DEAL, who, {**given, "document": "court-order"}, png())
    assert "guardian.relation" in {kind for _, kind in evidence(played, who)}


def test_b2_who_made_a_token_is_no_second_person_for_what_it_sends(played: Path):
    """One human with two names: their approval of what their own machine brought leaves the silent silent; a colleague's counts."""
    who = somebody(played, *TOLD, lacks=SILENT)
    text, data = token(played, who), yes(played, who)
    before = outlook(played, text)
    with at(played, "suhe") as desk:
        made = token_new(desk, "shop", ["answers"], (desk.today() + timedelta(days=30)).isoformat())
    handle = handle_of(str(made["id"]))
    secret = played / "seller" / "keys" / "principals" / f"{handle}.pass"
    secret.write_text(str(made["token"])[-43:], encoding="utf-8")
    secret.chmod(0o600)
    vouched(played, data, by="suhe")
    sent = take(played, handle, data)
    assert (sent["taken"], sent["reasons"]) == (0, {"second": 2})
    assert outlook(played, text) == before
    vouched(played, data, by="zhouning")
    assert take(played, handle, data)["taken"] == 2
    assert outlook(played, text) != before
