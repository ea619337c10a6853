"""B4, C3: whoever asked to be deleted is not handed over while that is open, also when they ask during the closing, nor once they are told that law keeps what is left."""

from pathlib import Path

import pytest

from custody import wiring
from custody.law.gate import ASKED_TO_GO, ONLY_STORED
from custody.services.erase_part import erase_part
from custody.services.gate import gate
from custody.services.release import release
from custody.services.request_close import request_close
from custody.services.request_new import request_new
from tests.portal.answering import AGREED, answer, page, where_to
from tests.portal.closing import Interrupted, approved
from tests.portal.conftest import DEAL, at, everybody, laws
from tests.portal.requesting import ASKED
from tests.portal.tokens import token

NOES = ("objection", "consent.refused", "withdrawal")


def asked(where: Path, who: str, kind: str) -> str:
    with at(where, "zhouning") as desk:
        return str(request_new(desk, laws(where), DEAL, who, {**ASKED, "kind": kind})["ref"])


def gated(where: Path, rule: str = ASKED_TO_GO) -> tuple[int, int]:
    """How many customers may go, and how many keys are kept for this reason."""
    with at(where, "zhouning") as desk:
        told = gate(desk, laws(where), DEAL)
    return told["by_verdict"]["hand_over"], sum(one["count"] for one in told["reasons"] if one["rule"] == rule)


def ended(where: Path, ref: str, rule: str, state: str = "refused", by: tuple[str, ...] = ()) -> None:
    with at(where, "zhouning") as desk:
        request_close(desk, laws(where), ref, state, rule, by)


@pytest.mark.parametrize(("kind", "ground"), [("delete", "CN-GROUND-47-1"), ("deregister", "CN-GROUND-ECOM-24")])
def test_b4_who_asked_to_be_deleted_stays_until_they_are_answered(played: Path, kind: str, ground: str):
    """The gate names the reason and their page says that it stays; refused because the service goes on, they go as they had agreed."""
    who = next(everybody(played, *AGREED, lacks=NOES))
    link, (before, none) = token(played, who), gated(played)
    assert (where_to(page(played, link)), none) == ("moves", 0)
    ref = asked(played, who, kind)
    held, reasons = gated(played)
    assert (held, reasons > 0) == (before - 1, True)
    assert page(played, link)["outlook"] == "stays"
    ended(played, ref, ground)
    assert gated(played) == (before, 0)
    assert where_to(page(played, link)) == "moves"


@pytest.mark.parametrize("kind", ["delete", "deregister"])
def test_b4_what_law_keeps_of_who_asked_to_be_deleted_is_stored_and_not_handed_over(played: Path, kind: str):
    """The gate and their page say so, whatever another request ends by later, until they take their yes back and give it anew."""
    who = next(everybody(played, *AGREED, lacks=NOES))
    link, (before, _) = token(played, who), gated(played)
    ended(played, asked(played, who, kind), "CN-DEL-47-BLOCK")
    assert gated(played, ONLY_STORED)[0] == before - 1
    assert gated(played, ONLY_STORED)[1] > 0
    assert page(played, link)["outlook"] == "kept"
    ended(played, asked(played, who, "delete"), "CN-GROUND-47-1")
    assert page(played, link)["outlook"] == "kept"
    answer(played, link, "consent.separate", "withdrawn")
    assert page(played, link)["outlook"] == "kept"
    answer(played, link, "consent.separate", "given")
    assert where_to(page(played, link)) == "moves"
    assert gated(played, ONLY_STORED) == (before, 0)


def test_b4_what_a_deletion_in_part_leaves_is_only_stored(played: Path):
    """Their row in the list of members is gone as they asked; what stays of them by law opens for nobody's release."""
    who = next(everybody(played, *AGREED, lacks=NOES))
    ref = asked(played, who, "delete")
    with at(played, "zhouning") as desk:
        entry = str(erase_part(desk, who, "会员", None, None)["ledger"])
    ended(played, ref, "CN-DEL-47-BLOCK", "partly", (entry,))
    assert page(played, token(played, who))["outlook"] == "kept"
    planned = approved(played)
    with at(played, "zhouning") as desk:
        made = release(desk, laws(played), DEAL, wiring.folder(played / "handover"))
    assert made["subjects"] == planned
    assert page(played, token(played, who))["outlook"] == "kept"


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
