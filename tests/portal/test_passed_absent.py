"""B4: what was passed on and has nobody at the buyer ends at the seller, by the buyer's signed word that it holds nothing; a closed account is listed by that word too."""

from pathlib import Path

import pytest

from custody import wiring
from custody.services.erase import erase
from custody.services.portal_show import portal_show
from custody.services.release import release
from custody.services.request_close import request_close
from custody.services.request_list import request_line
from custody.services.request_new import request_new
from custody.services.request_pass import request_pass
from custody.services.request_settle import request_settle
from custody.services.request_status import request_status
from custody.services.request_take import request_take
from custody.services.suppress import suppress_list
from tests.line.conftest import act
from tests.portal.closing import approved
from tests.portal.conftest import DEAL, at, laws, somebody
from tests.portal.passed_on import buyer
from tests.portal.requesting import ASKED, faults
from tests.portal.tokens import token


@pytest.fixture
def sold(played: Path) -> tuple[Path, str]:
    """Somebody who was handed over."""
    who = somebody(played, "consent.separate", lacks=("objection", "consent.refused", "withdrawal"))
    approved(played)
    with at(played, "zhouning") as desk:
        release(desk, laws(played), DEAL, wiring.folder(played / "handover"))
    assert act(played, "buyer", "fanyuan", "receive", DEAL, "--at", played / "handover")[0] == 0
    return played, who


def passed_on(where: Path, who: str, kind: str) -> str:
    with at(where, "zhouning") as desk:
        ref = str(request_new(desk, laws(where), DEAL, who, {**ASKED, "kind": kind})["ref"])
        assert request_pass(desk, DEAL, wiring.folder(where / "handover"))["requests"] == 1
    return ref


def test_b4_what_was_erased_here_before_the_word_came_ends_by_it(sold: tuple[Path, str]):
    """Nothing is held on either side: the entry that took the word in is what it rests on."""
    where, who = sold
    folder = wiring.folder(where / "handover")
    with buyer(where) as desk:
        erase(desk, [who], None)
    ref = passed_on(where, who, "delete")
    with at(where, "zhouning") as desk:
        erase(desk, [who], None)
        assert faults(lambda: request_close(desk, laws(where), ref, "granted", "")) == "request.elsewhere"
    with buyer(where) as desk:
        request_take(desk, laws(where), DEAL, folder)
    with at(where, "zhouning") as desk:
        request_settle(desk, laws(where), DEAL, folder)
        assert request_close(desk, laws(where), ref, "granted", "")["state"] == "granted"


def test_b4_what_nobody_at_the_buyer_has_ends_at_the_seller(sold: tuple[Path, str]):
    """Until the buyer says so it waits; said once it stays said; then it ends by what the seller did, and the person reads that."""
    where, who = sold
    folder, text = wiring.folder(where / "handover"), token(where, who)
    with buyer(where) as desk:
        erase(desk, [who], None)
    ref = passed_on(where, who, "delete")
    with at(where, "zhouning") as desk:
        assert request_line(desk, ref)["lacking"] == "request.elsewhere"
    with buyer(where) as desk:
        told = request_take(desk, laws(where), DEAL, folder)
        assert (told["taken"], told["absent"]) == (0, 1)
        assert request_status(desk, DEAL, folder)["requests"] == 0, "a later word says it again"
    with at(where, "zhouning") as desk:
        told = request_settle(desk, laws(where), DEAL, folder)
        assert (told["absent"], told["unsaid"], told["open"]) == (1, 0, 1)
        assert [one["what"] for one in request_line(desk, ref)["acts"]] == ["absent"]
        request_settle(desk, laws(where), DEAL, folder)
        assert len(request_line(desk, ref)["acts"]) == 1
        assert faults(lambda: request_close(desk, laws(where), ref, "granted", "")) == "request.undone"
        entry = erase(desk, [who], None)["ledger"]
        assert request_close(desk, laws(where), ref, "granted", "")["acts"] == [entry]
    with at(where) as desk:
        (line,) = portal_show(desk, laws(where), text, "", "zh")["requests"]
    assert (line["state"], line["done"]) == ("granted", ["erased"])


def test_a9_an_account_that_the_buyers_word_closes_is_listed_here_too(sold: tuple[Path, str]):
    """The seller's own copy is still there: nobody writes to them from here, and no list brings them back."""
    where, who = sold
    folder, ref = wiring.folder(where / "handover"), passed_on(where, who, "deregister")
    with buyer(where) as desk:
        assert request_take(desk, laws(where), DEAL, folder)["taken"] == 1
        erase(desk, [who], None)
        with desk.store.read() as tx:
            theirs = str(tx.find("request", kind="deregister")[0]["ref"])
        request_close(desk, laws(where), theirs, "granted", "")
        request_status(desk, DEAL, folder)
    with at(where, "zhouning") as desk:
        assert suppress_list(desk)["suppressed"] == 0
        assert request_settle(desk, laws(where), DEAL, folder)["moved"] == 1
        assert request_line(desk, ref)["state"] == "granted"
        assert suppress_list(desk)["suppressed"] >= 1
