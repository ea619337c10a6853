"""B2, A7: a yes counts for the words it was said to: whoever is known to live elsewhere since is asked anew, and nothing of theirs moves meanwhile."""

from pathlib import Path

import pytest

from custody.acts.desk import Desk
from custody.base import ids
from custody.services.revise import Correction
from custody.services.verdict import verdict
from tests.portal.answering import AGREED, answer, evidence, page
from tests.portal.conftest import DEAL, at, everybody, laws
from tests.portal.somebody import column, put_right, values
from tests.portal.tokens import token

NOES = ("objection", "consent.refused", "withdrawal")
COUNTRY = "contact.country"


def test_b2_whoever_lives_elsewhere_by_a_correction_is_asked_anew(played: Path):
    """Agreed, then corrected to another country: the question is open, the outlook waits; said again it counts; a value that says the same takes nothing back."""
    with at(played, "zhouning") as desk:
        who = next(
            one for one in everybody(played, *AGREED, lacks=NOES) if len(values(desk, one).get(COUNTRY, ())) == 1
        )
    text = token(played, who)
    assert page(played, text)["asked"] == []
    place = {"table": "会员", "row": None}
    with at(played, "zhouning") as desk:
        named = column(desk, who, COUNTRY)
        put_right(played, desk, who, Correction(*place.values(), named, "中国", "typo"))
        assert {"consent.separate", "consent.separate.sensitive"} <= {kind for _, kind in evidence(played, who)}
        put_right(played, desk, who, Correction(*place.values(), named, "DE", "typo"))
    assert not [kind for _, kind in evidence(played, who) if kind.startswith("consent.")]
    told = page(played, text)
    assert "consent.separate" in {one["question"] for one in told["asked"]}
    assert not str(told["outlook"]).startswith("moves")
    answer(played, text, "consent.separate", "given")
    assert "consent.separate" in {kind for _, kind in evidence(played, who)}


@pytest.mark.parametrize(
    "then",
    [
        [("objection", "objected"), ("objection", "lifted")],
        [("consent.separate.sensitive", "refused")],
    ],
)
def test_b2_a_yes_that_counts_no_more_comes_back_by_itself_alone(played: Path, then: list[tuple[str, str]]):
    """Agreed, then known to live elsewhere: an objection taken back, or a no to a part, brings no yes of before back to file; said again it counts."""
    with at(played, "zhouning") as desk:
        who = next(
            one for one in everybody(played, *AGREED, lacks=NOES) if len(values(desk, one).get(COUNTRY, ())) == 1
        )
    text = token(played, who)
    for code in ("consent.separate", "consent.separate.sensitive"):
        answer(played, text, code, "given")
    with at(played, "zhouning") as desk:
        put_right(played, desk, who, Correction("会员", None, column(desk, who, COUNTRY), "DE", "typo"))
    for code, act in then:
        answer(played, text, code, act)
    assert not {kind for _, kind in evidence(played, who)} & {"consent.separate", "consent.separate.sensitive"}
    answer(played, text, "consent.separate", "given")
    assert (-1, "consent.separate") in evidence(played, who)


@pytest.mark.parametrize("land", ["KR", "DE"])
def test_b1_whoever_lives_elsewhere_by_a_correction_counts_as_told_no_more(played: Path, land: str):
    """What the law of there wants told stood in nothing that they read: the gate waits for a notice again, and a campaign plans them."""
    with at(played, "zhouning") as desk:
        who = next(
            one for one in everybody(played, *AGREED, lacks=NOES) if len(values(desk, one).get(COUNTRY, ())) == 1
        )
        assert noticed(desk, who) == 1
        put_right(played, desk, who, Correction("会员", None, column(desk, who, COUNTRY), land, "typo"))
        assert noticed(desk, who) == 0
        assert "notice.delivered" in str(verdict(desk, laws(played), DEAL, who))


def noticed(desk: Desk, who: str) -> int:
    """How often they are on file as told."""
    with desk.store.read() as tx:
        return tx.count("evidence", subject=ids.subject_bytes(who), type="notice.delivered")
