"""B3, G30: wrong tries are counted for the person whose page it is, whichever link they are made with; a lock is told and alarms."""

from datetime import timedelta
from pathlib import Path

import pytest

from custody.acts.portal_tries import LINK_TRIES, TRIES
from custody.acts.requesting import A_DAY
from custody.acts.veil import DOTS, veil
from custody.base.errors import Denied
from custody.base.speech import spoken
from custody.services.event_list import event_list
from custody.services.locks_due import locks_due
from custody.services.portal_prove import portal_prove
from custody.services.portal_request import portal_request
from custody.services.portal_show import portal_show
from custody.services.request_new import request_new
from tests.portal.answering import answer, portal_value, shown_who
from tests.portal.conftest import DEAL, at, everybody, laws
from tests.portal.tokens import token


def tried(where: Path, text: str, by: str, value: str) -> str:
    """What became of one try: the slug of its refusal, or nothing."""
    with at(where) as desk:
        try:
            portal_prove(desk, laws(where), text, by, value)
        except Denied as error:
            return error.slug
    return ""


def locked(where: Path) -> int:
    """How many entries tell of a lock."""
    with at(where) as desk:
        return sum(one["type"] == "portal.locked" for one in event_list(desk, 0, 100_000)["events"])


def test_b3_a_second_link_gives_no_further_tries(played: Path):
    """The attack: somebody holds several forwarded links of one person and guesses with each; the sixth guess is not looked at, right or wrong."""
    who, other = list(everybody(played))[:2]
    links = [token(played, who) for _ in range(TRIES + 1)]
    by, right = portal_value(played, links[0])
    for place in range(TRIES):
        assert tried(played, links[place], by, f"1390000{place:04d}") == "portal.wrong"
    assert [tried(played, link, by, right) for link in (*links, token(played, who))] == ["portal.tries"] * 7
    assert locked(played) == 1
    theirs = token(played, other)
    assert tried(played, theirs, *portal_value(played, theirs)) == "", "nobody else is locked"
    assert answer(played, links[0], "objection", "objected")["act"] == "objected", "what protects takes the link alone"


def test_b3_a_right_answer_gives_back_the_tries_of_its_own_link_alone(played: Path):
    """The person's own success does not give whoever guesses with another link fresh tries."""
    who = next(everybody(played))
    mine, forwarded = token(played, who), token(played, who)
    by, right = portal_value(played, mine)
    assert [tried(played, forwarded, by, f"1390000{n:04d}") for n in range(TRIES - 1)] == ["portal.wrong"] * (TRIES - 1)
    assert tried(played, mine, by, right) == ""
    assert tried(played, forwarded, by, "13900009999") == "portal.wrong"
    assert tried(played, forwarded, by, right) == "portal.tries"


def test_b3_a_lock_ends_after_a_day_and_alarms_until_it_was_seen(played: Path):
    """The schedule's task is not well, in words that name nobody; a day later the person is recognised, and after two days the alarm is over."""
    who = next(everybody(played))
    text = token(played, who)
    by, right = portal_value(played, text)
    with at(played, "suhe") as desk:
        assert locks_due(desk) == {"locked": 0, "ok": True}
    for place in range(TRIES):
        tried(played, text, by, f"1390000{place:04d}")
    with at(played, "suhe") as desk:
        assert locks_due(desk) == {"locked": 1, "ok": False}
    with at(played) as desk:
        desk.clock.advance(timedelta(hours=25))
        assert portal_show(desk, laws(played), text, "", "zh")["proved"] == ""
        assert portal_prove(desk, laws(played), text, by, right)["minutes"] == 15
    with at(played, "suhe") as desk:
        desk.clock.advance(
            timedelta(hours=22)
        )  # on top of the day before: a home's clock goes on where its ledger ends
        assert locks_due(desk)["locked"] == 1
        desk.clock.advance(timedelta(hours=2))
        assert locks_due(desk) == {"locked": 0, "ok": True}


def test_b3_no_day_has_more_tries_wherever_it_begins(played: Path):
    """One early, three almost a day later: what is left after the first has aged is one, not five."""
    text = token(played, next(everybody(played)))
    by, _ = portal_value(played, text)
    found = [tried(played, text, by, "13900000001")]
    for after, times in ((timedelta(hours=23, minutes=55), 3), (timedelta(minutes=10), 3)):
        with at(played) as desk:
            desk.clock.advance(after)
        found += [tried(played, text, by, f"1390000{n:04d}") for n in range(times)]
    assert found == ["portal.wrong"] * TRIES + ["portal.tries"] * 2


def test_e5_what_is_about_a_person_is_an_event_that_names_nobody(played: Path):
    """A request that came in is told with its deal, and what its entry seals under the person's key stays sealed."""
    who = next(everybody(played))
    with at(played, "zhouning") as desk:
        request_new(
            desk, laws(played), DEAL, who, {"kind": "copy", "channel": "desk", "proof": "in-person", "note": ""}
        )
        told = [one for one in event_list(desk, 0, 100_000)["events"] if one["type"] == "request.received"]
    assert [one["deal"] for one in told] == [DEAL] * len(told) != []
    assert who not in repr(told)


@pytest.mark.parametrize(("lang", "words"), [("zh", "换一个链接也一样"), ("en", "with no link")])
def test_b3_a_lock_is_told_in_the_readers_words(played: Path, lang: str, words: str):
    """What happened, for how long, and what still works."""
    text = token(played, next(everybody(played)))
    by, right = portal_value(played, text)
    for place in range(TRIES):
        tried(played, text, by, f"1390000{place:04d}")
    with at(played) as desk, pytest.raises(Denied) as told:
        portal_prove(desk, laws(played), text, by, right)
    assert words in spoken(told.value, lang)[0]


def test_b3_a_forwarded_link_is_no_lottery_ticket(played: Path):
    """The attack goes on for days: fifteen wrong tries in a link's life, and it recognises nobody any more, rightly or wrongly; a new one does, and what protects goes on."""
    who = next(everybody(played))
    forwarded, fresh = token(played, who), token(played, who)
    by, right = portal_value(played, forwarded)
    met = list[str]()
    with at(played) as desk:
        for number in range(LINK_TRIES):
            with pytest.raises(Denied) as error:
                portal_prove(desk, laws(played), forwarded, by, f"1390000{number:04d}")
            met.append(error.value.slug)
            if number % TRIES == TRIES - 1:
                desk.clock.advance(timedelta(hours=25))
        with pytest.raises(Denied) as error:
            portal_prove(desk, laws(played), forwarded, by, right)
        assert (set(met), error.value.slug) == ({"portal.wrong"}, "portal.link-tries")
        assert portal_prove(desk, laws(played), fresh, by, right)["proof"]
    assert answer(played, forwarded, "objection", "objected")["act"] == "objected"


def test_b3_what_proves_somebody_is_not_on_their_veiled_page():
    """Of a customer number and a document nothing; of a telephone never fewer than six digits are hidden."""
    assert {veil(cls, "QH0000049", "general") for cls in ("account.customer_id", "id.passport")} == {DOTS}
    assert veil("id.cn_resident", "11010119900307002X", "sensitive") == DOTS
    assert veil("contact.phone", "13800138000", "general") == f"138 {DOTS} ••00"
    assert veil("contact.phone", "9123 4567", "general") == f"{DOTS} ••67"
    assert veil("contact.phone", "423 8891", "general") == DOTS


def test_b4_one_person_opens_so_many_requests_a_day_and_says_no_without_end(played: Path):
    """The attack: one proof and one link, pressed for a quarter of an hour, bury the desk. A second link gives no more; what protects, and what is asked once, is never counted."""
    who = next(everybody(played))
    mine, other = token(played, who), token(played, who)
    proof, laws_ = shown_who(played, mine), laws(played)

    def asks(text: str, shown: str, kind: str, note: str = "") -> str:
        with at(played) as desk:
            try:
                return str(portal_request(desk, laws_, text, shown, {"kind": kind, "note": note})["ref"])
            except Denied as error:
                return error.slug

    first = asks(mine, proof, "correct", "line 0")
    assert [asks(mine, proof, "correct", "line 0") for _ in range(A_DAY)] == [first] * A_DAY, (
        "the same words are the same request"
    )
    refs = {asks(mine, proof, "correct", f"line {n}") for n in range(A_DAY)}
    assert len(refs) == A_DAY
    assert first in refs
    assert asks(mine, proof, "correct", "one more") == "portal.requests"
    assert asks(mine, proof, "correct", "line 3") in refs
    assert asks(other, shown_who(played, other), "correct", "and by another link") == "portal.requests"
    assert asks(mine, proof, "delete").startswith("R-")
    assert answer(played, mine, "objection", "objected")["act"] == "objected"
