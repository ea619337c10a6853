"""B4, C3: whoever asked to be deleted is not handed over while that is open, also when they ask during the closing; it ends with the request."""

from pathlib import Path

import pytest

from custody.law.gate import ASKED_TO_GO
from custody.services.gate import gate
from custody.services.release import release
from custody.services.request_close import request_close
from custody.services.request_new import request_new
from tests.portal.answering import AGREED, page, where_to
from tests.portal.closing import Interrupted, approved
from tests.portal.conftest import DEAL, at, everybody, laws
from tests.portal.requesting import ASKED
from tests.portal.tokens import token

NOES = ("objection", "consent.refused", "withdrawal")


def asked(where: Path, who: str, kind: str) -> str:
    with at(where, "zhouning") as desk:
        return str(request_new(desk, laws(where), DEAL, who, {**ASKED, "kind": kind})["ref"])


def gated(where: Path) -> tuple[int, int]:
    """How many customers may go, and how many keys are kept for this reason."""
    with at(where, "zhouning") as desk:
        told = gate(desk, laws(where), DEAL)
    return told["by_verdict"]["hand_over"], sum(one["count"] for one in told["reasons"] if one["rule"] == ASKED_TO_GO)


@pytest.mark.parametrize("kind", ["delete", "deregister"])
def test_b4_who_asked_to_be_deleted_stays_until_they_are_answered(played: Path, kind: str):
    """The gate names the reason and their page says that it stays; once it is refused, they go as they had agreed."""
    who = next(everybody(played, *AGREED, lacks=NOES))
    link, (before, none) = token(played, who), gated(played)
    assert (where_to(page(played, link)), none) == ("moves", 0)
    ref = asked(played, who, kind)
    held, reasons = gated(played)
    assert (held, reasons > 0) == (before - 1, True)
    assert page(played, link)["outlook"] == "stays"
    with at(played, "zhouning") as desk:
        request_close(desk, laws(played), ref, "refused", "CN-DEL-47-BLOCK", ())
    assert gated(played) == (before, 0)
    assert where_to(page(played, link)) == "moves"


def test_b4_a_deletion_asked_for_during_the_closing_is_honoured(played: Path):
    """It comes after everybody was decided and before a key is written: one customer fewer goes, and it is not they."""
    who = next(everybody(played, *AGREED, lacks=NOES))
    planned = approved(played)
    with at(played, "zhouning") as desk:
        made = release(desk, laws(played), DEAL, Interrupted(played / "handover", lambda: asked(played, who, "delete")))
    assert made["subjects"] == planned - 1
    assert page(played, token(played, who))["outlook"] == "stayed"


def test_b4_whoever_asks_for_a_copy_goes_with_it(played: Path):
    """Only what shall be deleted is kept back: a copy is asked for and the person moves all the same."""
    who = next(everybody(played, *AGREED, lacks=NOES))
    before = gated(played)
    asked(played, who, "copy")
    assert gated(played) == before
