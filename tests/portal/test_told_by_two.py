"""B1: that somebody was told is the word of two: one person's list, or a machine's, opens no gate."""

import json
import sqlite3
from datetime import timedelta
from pathlib import Path

from custody.services.answers_take import answers_take
from custody.services.approve import approve
from tests.portal.answering import evidence
from tests.portal.campaigns import untold
from tests.portal.conftest import DEAL, at, everybody, laws, somebody
from tests.portal.test_listed_bounces import notices

__all__ = ["untold"]


def take(where: Path, by: str, listed: bytes, hours: int = 0) -> dict:
    with at(where, by) as desk:
        if hours:
            desk.clock.advance(timedelta(hours=hours))
        return dict(answers_take(desk, laws(where), DEAL, listed))


def test_b1_one_persons_list_tells_nobody(untold: Path):
    """However often: it is set aside by line, and says what a second person approves. Taken by a second one it counts, and the ledger names both."""
    who = somebody(untold, lacks=("objection",))
    listed = f"subject,answer\n{who},notice.delivered\n".encode()
    for _ in range(3):
        alone = take(untold, "limo", listed)
        assert (alone["recorded"], alone["counts"]) == (0, {})
        assert alone["quarantine"] == [{"line": 2, "answer": "notice.delivered", "reason": "second"}]
    mine = take(untold, "zhouning", listed)  # limo may not approve: theirs was no second word
    assert (mine["recorded"], mine["approve"]) == (0, alone["approve"])
    assert notices(untold, who) == set()
    taken = take(untold, "limo", listed)
    assert (taken["recorded"], taken["quarantined"], "approve" in taken) == (1, 0, False)
    assert notices(untold, who) == {"notice.delivered"}
    assert entry(untold)["approval"].startswith("evd_")


def entry(where: Path) -> dict:
    """The newest list in the ledger."""
    with sqlite3.connect(where / "seller" / "core.db") as store:
        entries = [json.loads(one) for (one,) in store.execute("SELECT entry FROM ledger_entry ORDER BY position DESC")]
    return next(one for one in entries if one["kind"] == "answers-taken")["says"]


def test_b1_another_list_needs_another_word(untold: Path):
    """One more line, another deal's hash, a day later: nothing of it was approved."""
    who = somebody(untold, lacks=("objection",))
    listed = f"subject,answer\n{who},notice.delivered\n".encode()
    first = take(untold, "limo", listed)
    with at(untold, "suhe") as desk:
        approve(desk, *first["approve"])
    assert take(untold, "limo", listed + b"\n")["recorded"] == 0
    assert take(untold, "limo", listed, hours=25)["recorded"] == 0
    assert notices(untold, who) == set()


def test_b1_a_no_in_the_same_list_waits_for_nobody(untold: Path):
    """What protects counts at once; what lets data move waits."""
    told, no, *_ = everybody(untold, lacks=("objection",))
    taken = take(untold, "limo", f"subject,answer\n{told},notice.delivered\n{no},objection\n".encode())
    assert (taken["counts"], taken["quarantined"]) == ({"objection": 1}, 1)
    assert (-1, "objection") in evidence(untold, no)
    assert notices(untold, told) == set()


def test_b1_what_is_on_file_is_not_asked_for_again(untold: Path):
    """The same list again, long after the approval is over, changes nothing and sets nothing aside."""
    listed = f"subject,answer\n{somebody(untold, lacks=('objection',))},notice.delivered\n".encode()
    take(untold, "zhouning", listed)
    assert take(untold, "limo", listed)["recorded"] == 1
    again = take(untold, "limo", listed, hours=100)
    assert (again["recorded"], again["quarantined"], again["resumed"]) == (0, 0, True)
