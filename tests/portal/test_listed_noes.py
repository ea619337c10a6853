"""C2, B2: a no that comes by list after a yes on the page is heard by the gate, is not asked about again, and goes by a newer yes."""

from datetime import timedelta
from pathlib import Path

import pytest

from custody.acts.visiting import visit
from custody.services.answers_take import answers_take
from tests.portal.answering import AGREED, answer, page
from tests.portal.conftest import DEAL, at, everybody, laws
from tests.portal.reader import unanswered
from tests.portal.tokens import token

SENSITIVE = "consent.separate.sensitive"


def verdicts(where: Path, text: str) -> list[str]:
    """What the gate would say of each compartment of this person now."""
    with at(where) as desk, desk.store.read() as tx:
        return [one.verdict for one in visit(desk, tx, laws(where), text).decisions.values()]


def listed(where: Path, who: str, code: str) -> None:
    with at(where, "zhouning") as desk:
        desk.clock.advance(timedelta(hours=1))
        assert answers_take(desk, laws(where), DEAL, f"answer,subject\n{code},{who}\n".encode())["counts"] == {code: 1}


def agreed(where: Path) -> tuple[str, str]:
    """Somebody of whom all goes, and who was asked about the sensitive part too."""
    for who in everybody(where, *AGREED, lacks=("objection", "consent.refused", "withdrawal")):
        text = token(where, who)
        if len(found := verdicts(where, text)) > 1 and set(found) == {"hand_over"}:
            return who, text
    pytest.fail("nobody of the sample agreed to both")


def test_c2_a_no_to_the_sensitive_part_wins_over_an_older_yes(played: Path):
    """That part alone is withheld, the page says so, and the question is not put again; a newer yes on the page takes the no off the file."""
    who, text = agreed(played)
    before = verdicts(played, text)
    listed(played, who, "consent.refused.sensitive")
    after = verdicts(played, text)
    assert "withhold" in after
    assert after.count("hand_over") < before.count("hand_over")
    shown = page(played, text)
    assert shown["outlook"] == "moves-in-part"
    assert SENSITIVE not in [one["question"] for one in shown["asked"]]
    answer(played, text, SENSITIVE, "given")
    assert verdicts(played, text) == before


@pytest.mark.parametrize("code", ["consent.refused", "consent.refused.sensitive", "withdrawal"])
def test_b2_what_a_list_says_no_to_is_not_asked_again_at_once(played: Path, code: str):
    """Nobody answered on the page before: within the cool-off the list's word is the answer."""
    who, text = agreed(played)
    unanswered(played, who)
    assert SENSITIVE in [one["question"] for one in page(played, text)["asked"]]
    listed(played, who, code)
    put = [one["question"] for one in page(played, text)["asked"]]
    assert SENSITIVE not in put
    assert put == [] or code == "consent.refused.sensitive"
