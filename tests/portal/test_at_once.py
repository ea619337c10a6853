"""B3: many customers press at one moment, in a rehearsal as in life: each is heard."""

import sqlite3
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

from custody.base import ids
from tests.portal.conftest import everybody
from tests.portal.serving import portal
from tests.portal.test_pages import ask
from tests.portal.tokens import token

MANY = 24


def test_b3_customers_who_press_at_the_same_moment_are_all_heard(played: Path):
    """Nobody is told to set a clock, and each objection is on file, in entries whose moments only go forward."""
    people = list(islice(everybody(played, lacks=("objection",)), MANY))
    links = [token(played, who) for who in people]
    with portal(played) as base, ThreadPoolExecutor(MANY // 2) as crowd:
        told = Counter(crowd.map(lambda text: ask(f"{base}/zh/t/{text}/answer", {"question": "objection", "act": "objected"}).status, links))  # fmt: skip
    assert told == {302: len(people)}
    with sqlite3.connect(played / "seller" / "core.db") as store:
        heard = {
            who
            for (who,) in store.execute("SELECT subject FROM answer WHERE question = 'objection' AND act = 'objected'")
        }
    assert {ids.subject_bytes(who) for who in people} <= heard
