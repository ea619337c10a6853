"""B1: a list that says that a notice came back takes away the word that it was delivered, once, unless that person has answered since."""

import sqlite3
from datetime import timedelta
from pathlib import Path

from custody.base import ids
from custody.services.answers_take import answers_take
from tests.portal.answering import ANSWERED, ONE_OPEN, answer
from tests.portal.conftest import DEAL, at, laws, somebody
from tests.portal.tokens import token


def take(where: Path, who: str, code: str, hours: int = 1) -> None:
    with at(where, "zhouning") as desk:
        desk.clock.advance(timedelta(hours=hours))
        answers_take(desk, laws(where), DEAL, f"answer,subject\n{code},{who}\n".encode())
    if code == "notice.delivered":
        with at(where, "limo") as desk:
            desk.clock.advance(timedelta(hours=hours))
            answers_take(desk, laws(where), DEAL, f"answer,subject\n{code},{who}\n".encode())


def notices(where: Path, who: str) -> set[str]:
    with sqlite3.connect(where / "seller" / "core.db") as store:
        rows = store.execute(
            "SELECT type FROM evidence WHERE subject = ? AND type LIKE 'notice.%'", (ids.subject_bytes(who),)
        ).fetchall()
    store.close()
    return {kind for (kind,) in rows}


def test_b1_what_came_back_was_not_delivered(played: Path):
    """Told before, then the letter comes back: the gate reads no delivery; told anew it does, and the same list again changes nothing."""
    who = somebody(played, *ONE_OPEN, lacks=ANSWERED)
    assert notices(played, who) == {"notice.delivered"}
    take(played, who, "notice.bounced")
    assert notices(played, who) == {"notice.bounced"}
    take(played, who, "notice.delivered")
    assert notices(played, who) == {"notice.bounced", "notice.delivered"}
    take(played, who, "notice.bounced")
    assert notices(played, who) == {"notice.bounced", "notice.delivered"}


def test_b1_whoever_answered_since_was_reached(played: Path):
    """An answer on their page after the notice says more than what the post says."""
    who = somebody(played, *ONE_OPEN, lacks=ANSWERED)
    answer(played, token(played, who), "consent.separate", "refused")
    take(played, who, "notice.bounced")
    assert notices(played, who) == {"notice.bounced", "notice.delivered"}
