"""B2: whoever was told may object as long as the law says; their silence before that clears nobody (spec/consent.md §9)."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from custody.acts import lawbook
from custody.acts.desk import Desk
from custody.acts.matters import deal
from custody.acts.objecting import PERIOD, over
from custody.base.clock import SimulatedClock
from custody.base.ids import subject_bytes
from custody.law.overlay import laid_over
from custody.services.answers_take import answers_take
from custody.services.approve import approve
from tests.portal.answering import evidence
from tests.portal.conftest import DEAL, at, laws, somebody

LONGER = """\
id: DE-HOUSE-PERIOD
title: {zh: 题, en: title}
reference: {instrument: House, article: "1"}
from: 2024-01-01
confidence: M
kind: BLOCK
scope: subject
when: {fact: data.contract_status, is: pre_contract}
evidence: [objection.period]
says: {zh: 说, en: says}
clocks:
  - {event: notified, span: {weeks: WEEKS}, bound: not_before, source: House 1}
"""


def silent(desk: Desk, where: Path, who: str, days: int) -> dict:
    """Somebody lists, so many days from now, that this person did not object."""
    later = replace(desk, clock=SimulatedClock(desk.clock.now() + timedelta(days=days)))
    return dict(answers_take(later, laws(where), DEAL, f"subject,answer\n{who},{PERIOD}\n".encode()))


def told(desk: Desk, where: Path, who: str, more: str = "") -> dict:
    """This person was told just now; `more` stands in the same list."""
    listed = f"subject,answer\n{who},notice.delivered\n{more}".encode()
    first = answers_take(desk, laws(where), DEAL, listed)
    with at(where, "suhe") as other:
        approve(replace(other, clock=desk.clock), *first["approve"])
    return dict(answers_take(desk, laws(where), DEAL, listed))


def test_b2_no_silence_counts_before_the_period_is_over(played: Path):
    """Not of who was never told, not in the same list as the notice, not after five weeks; after six weeks and a day it does."""
    who = somebody(played, lacks=("notice.delivered", "objection"))
    with at(played, "zhouning") as desk:
        never = silent(desk, played, who, 0)
        assert (never["recorded"], never["quarantine"]) == (0, [{"line": 2, "answer": PERIOD, "reason": "period"}])
        assert "next" not in never
        taken = told(desk, played, who, f"{who},{PERIOD}\n")
        assert (taken["counts"], taken["quarantined"]) == ({"notice.delivered": 1}, 1)
        assert silent(desk, played, who, 35)["quarantined"] == 1
        assert (-1, PERIOD) not in evidence(played, who)
        assert silent(desk, played, who, 44)["recorded"] == 1
    assert (-1, PERIOD) in evidence(played, who)


def test_b2_a_house_only_lengthens_the_period(played: Path):
    """A rule of its own that is longer holds everybody to it; a shorter one beside the law's changes nothing."""
    base = lawbook.shipped(laws(played))
    who = somebody(played, lacks=("notice.delivered", "objection"))
    with at(played, "zhouning") as desk:
        told(desk, played, who)
        now = desk.clock.now()
        with desk.store.read() as tx:
            matter = str(deal(desk, tx, DEAL)["id"])
            for weeks, days, counts in (("1", 10, False), ("1", 44, True), ("10", 44, False), ("10", 72, True)):
                both = laid_over(base, {"de/house/1.yaml": LONGER.replace("WEEKS", weeks)}, frozenset(), "v")
                then = now + timedelta(days=days)
                assert over(both, tx, matter, subject_bytes(who), then, desk.day(then)) is counts
