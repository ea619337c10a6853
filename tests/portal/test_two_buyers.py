"""B4: what is asked of two buyers of the same customers: a no stays with its company, anything else ends when everybody has said so (spec/requests.md §4)."""

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from custody import wiring
from custody.base import ids
from custody.services.erase import erase
from custody.services.link_new import link_new
from custody.services.release import release
from custody.services.request_close import request_close
from custody.services.request_list import request_line
from custody.services.request_new import request_new
from custody.services.request_pass import request_pass
from custody.services.request_settle import request_settle
from custody.services.request_status import request_status
from custody.services.request_take import request_take
from tests.portal.answering import answer, shown_who
from tests.portal.closing import approved
from tests.portal.conftest import DEAL, at, everybody, laws
from tests.portal.passed_on import buyer
from tests.portal.requesting import ASKED, faults
from tests.portal.second_buyer import FOLDER, OTHER, done, opened, sold, theirs

ASKS = {**ASKED, "note": ""}


class Twice:
    """A seller whose customers went to two companies, and who of them is with both."""

    def __init__(self, where: Path, ref: str, people: Iterator[str]) -> None:
        self.where, self.ref, self._people = where, ref, people
        self.folders = {DEAL: wiring.folder(where / "handover"), ref: wiring.folder(where / FOLDER)}

    def next(self) -> str:
        """Somebody of whom nothing was asked yet."""
        return next(self._people)

    def asked(self, deal: str, who: str, kind: str) -> dict:
        with at(self.where, "zhouning") as desk:
            return dict(request_new(desk, laws(self.where), deal, who, {**ASKS, "kind": kind}))

    def passed(self, deal: str) -> None:
        with at(self.where, "zhouning") as desk:
            request_pass(desk, deal, self.folders[deal])

    def taken(self, deal: str) -> None:
        with self.buyer(deal) as desk:
            request_take(desk, laws(self.where), deal, self.folders[deal])

    def settled(self, deal: str) -> dict:
        with at(self.where, "zhouning") as desk:
            return dict(request_settle(desk, laws(self.where), deal, self.folders[deal]))

    def stands(self, ref: str) -> str:
        with at(self.where, "zhouning") as desk:
            return str(request_line(desk, ref)["state"])

    def buyer(self, deal: str):
        return buyer(self.where) if deal == DEAL else theirs(self.where)

    def at_buyer(self, deal: str, who: str) -> list[tuple[str, str]]:
        """(kind, reference there) of what the buyer of this deal was asked by them."""
        with self.buyer(deal) as desk, desk.store.read() as tx:
            rows = tx.find("request", order=("ref",), subject=ids.subject_bytes(who))
            return [(str(row["kind"]), str(row["ref"])) for row in rows]

    def erased(self, deal: str, who: str) -> None:
        """The buyer of this deal deletes them, and says so of what they asked."""
        with self.buyer(deal) as desk:
            erase(desk, [who], None)
            for kind, ref in self.at_buyer(deal, who):
                assert kind == "delete"
                request_close(desk, laws(self.where), ref, "granted", "")

    def said(self, deal: str) -> None:
        with self.buyer(deal) as desk:
            request_status(desk, deal, self.folders[deal])


def held(where: Path, half: str) -> set[str]:
    with sqlite3.connect(where / half / "core.db") as store:
        return {ids.subject_text(one) for (one,) in store.execute("SELECT id FROM subject")}


@pytest.fixture(scope="module")
def twice(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> Twice:
    """Released to both; each test takes people of its own."""
    where = Path(shutil.copytree(shipped, tmp_path_factory.mktemp("twice") / "demo"))
    approved(where)
    with at(where, "zhouning") as desk:
        release(desk, laws(where), DEAL, wiring.folder(where / "handover"))
    done(where, "buyer", "fanyuan", "receive", DEAL, "--at", where / "handover")
    ref = opened(where)
    sold(where, ref)
    both = held(where, "buyer") & held(where, OTHER)
    return Twice(where, ref, iter([one for one in everybody(where) if one in both]))


def test_b4_a_no_goes_to_the_company_it_was_said_to_and_to_no_other(twice: Twice):
    """Each deal has its own request; neither buyer learns of the other's, and lifting one leaves the other."""
    who = twice.next()
    first, second = twice.asked(DEAL, who, "object"), twice.asked(twice.ref, who, "object")
    assert (second["resumed"], second["ref"] == first["ref"]) == (False, False)
    assert twice.asked(DEAL, who, "object")["ref"] == first["ref"]
    alone = twice.next()
    only = twice.asked(DEAL, alone, "withdraw_consent")["ref"]
    for deal in twice.folders:
        twice.passed(deal)
        twice.taken(deal)
    assert [kind for kind, _ in twice.at_buyer(DEAL, who)] == ["object"]
    assert [kind for kind, _ in twice.at_buyer(twice.ref, who)] == ["object"]
    assert [kind for kind, _ in twice.at_buyer(DEAL, alone)] == ["withdraw_consent"]
    assert twice.at_buyer(twice.ref, alone) == [], "said to the other company"
    with at(twice.where, "suhe") as desk:
        text = str(link_new(desk, twice.ref, who, "email", 60)["path"])[3:]
    answer(twice.where, text, "objection", "lifted", shown_who(twice.where, text))
    assert (twice.stands(second["ref"]), twice.stands(first["ref"])) == ("withdrawn", "open")
    assert twice.stands(only) == "open"


def test_b4_a_deletion_ends_when_both_have_said_so(twice: Twice):
    """One buyer's word alone ends nothing, and the seller's key stays until it was passed on to both."""
    who = twice.next()
    ref = twice.asked(DEAL, who, "delete")["ref"]
    twice.passed(DEAL)
    twice.taken(DEAL)
    with at(twice.where, "zhouning") as desk:
        assert faults(lambda: erase(desk, [who], None)) == "request.elsewhere"
    twice.erased(DEAL, who)
    twice.said(DEAL)
    assert twice.settled(DEAL)["awaited"] == 1
    assert twice.stands(ref) == "open", "the other still has everything"
    twice.passed(twice.ref)
    twice.taken(twice.ref)
    twice.erased(twice.ref, who)
    twice.said(twice.ref)
    told = twice.settled(twice.ref)
    assert (told["moved"] >= 1, twice.stands(ref)) == (True, "granted")
    assert twice.settled(twice.ref)["moved"] == 0


def test_b4_who_holds_nothing_leaves_the_end_to_the_other(twice: Twice):
    """The first has nobody of that name any more: what the second says is the end."""
    who = twice.next()
    with twice.buyer(DEAL) as desk:
        erase(desk, [who], None)
    ref = twice.asked(DEAL, who, "delete")["ref"]
    for deal in twice.folders:
        twice.passed(deal)
        twice.taken(deal)
    assert twice.settled(DEAL)["absent"] >= 1
    assert twice.stands(ref) == "open"
    with at(twice.where, "zhouning") as desk:
        assert faults(lambda: request_close(desk, laws(twice.where), ref, "granted", "")) == "request.elsewhere"
    twice.erased(twice.ref, who)
    twice.said(twice.ref)
    twice.settled(twice.ref)
    assert twice.stands(ref) == "granted"


def test_b4_an_end_that_was_said_is_heard_after_the_next_bundle(twice: Twice):
    """The buyer's word that goes with a later bundle says again what ended before it."""
    one, other = twice.next(), twice.next()
    first = twice.asked(DEAL, one, "withdraw_consent")["ref"]
    twice.passed(DEAL)
    twice.taken(DEAL)
    ((_, there),) = twice.at_buyer(DEAL, one)
    with twice.buyer(DEAL) as desk:
        request_close(desk, laws(twice.where), there, "granted", "")
    twice.said(DEAL)
    twice.asked(DEAL, other, "withdraw_consent")
    twice.passed(DEAL)
    twice.taken(DEAL)
    assert twice.settled(DEAL)["unsaid"] == 0
    assert twice.stands(first) == "granted"
