"""B4: what is asked of one buyer that received its person twice, into two vaults: each is answered for what it holds (spec/requests.md §4)."""

import shutil
from pathlib import Path

import pytest

from custody import wiring
from custody.base import ids
from custody.services.erase import erase
from custody.services.release import release
from custody.services.request_close import request_close
from tests.portal.closing import approved
from tests.portal.conftest import DEAL, at, everybody, laws
from tests.portal.passed_on import buyer
from tests.portal.second_buyer import done, opened, sold
from tests.portal.test_two_buyers import Twice, held


class Again(Twice):
    """The same company buys by both deals."""

    def buyer(self, deal: str):  # noqa: ARG002 - one company bought by both
        return buyer(self.where)

    def theirs(self, who: str) -> dict[str, dict]:
        """{vault at the buyer: the request there}."""
        with self.buyer(DEAL) as desk, desk.store.read() as tx:
            rows = tx.find("request", order=("ref",), subject=ids.subject_bytes(who))
            return {str(tx.find("vault", id=row["vault"])[0]["name"]): dict(row) for row in rows}


@pytest.fixture
def again(shipped: Path, tmp_path: Path) -> Again:
    """Released by both deals, each into a vault of its own."""
    where = Path(shutil.copytree(shipped, tmp_path / "demo"))
    approved(where)
    with at(where, "zhouning") as desk:
        release(desk, laws(where), DEAL, wiring.folder(where / "handover"))
    done(where, "buyer", "fanyuan", "receive", DEAL, "--at", where / "handover")
    ref = opened(where, "buyer", "fanyuan")
    sold(where, ref, "buyer", "fanyuan")
    there = held(where, "buyer")
    return Again(where, ref, iter([one for one in everybody(where) if one in there]))


def twofold(again: Again) -> str:
    """Somebody who lies in both."""
    with again.buyer(DEAL) as desk, desk.store.read() as tx:
        return next(
            one
            for one in iter(again.next, None)
            if len(tx.find("subject", id=ids.subject_bytes(one), state="live")) == 2
        )


def test_b4_what_one_buyer_holds_in_two_vaults_is_asked_of_each(again: Again):
    """Deleted in one it is not deleted; each deal's word speaks of its own by the seller's name for it, and what was asked ends once both have ended; passed again it is nothing new."""
    who = twofold(again)
    ref = again.asked(DEAL, who, "delete")["ref"]
    for deal in again.folders:
        again.passed(deal)
        again.taken(deal)
    theirs = again.theirs(who)
    first, second = theirs
    assert theirs[first]["id"] != theirs[second]["id"]
    assert theirs[first]["due_at"] == theirs[second]["due_at"]
    ends = []
    for vault, row in theirs.items():
        with again.buyer(DEAL) as desk:
            erase(desk, [who], vault)
            request_close(desk, laws(again.where), str(row["ref"]), "granted", "")
        for deal in again.folders:
            again.said(deal)
            again.settled(deal)
        ends.append(again.stands(ref))
    assert ends == ["open", "granted"]
