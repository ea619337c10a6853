"""The days that customers were told bind the company (B3, C6; spec/portal.md §7)."""

import json
import sqlite3
from datetime import timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest

from custody import wiring
from custody.acts.matters import EVERYTHING, deal, record_evidence
from custody.acts.told import DAYS
from custody.base.clock import stamp
from custody.services.approve import approve
from custody.services.deal_tell import deal_tell
from custody.services.gate import gate
from custody.services.portal_answer import portal_answer
from custody.services.release import release
from custody.services.release_delta import release_delta
from tests.portal.closing import approved
from tests.portal.conftest import DEAL, at, laws, somebody
from tests.portal.serving import portal
from tests.portal.somebody import refused
from tests.portal.tokens import token

WHY = "The regulator brought the closing forward, ruling of 2026-04-20"
MOVES = ("notice.delivered", "consent.separate", "consent.separate.sensitive")
LACKS = ("objection", "consent.refused", "withdrawal")


def releasing(where: Path) -> str:
    """The slug by which a release is refused now."""
    with at(where, "zhouning") as desk:
        return refused(lambda: release(desk, laws(where), DEAL, wiring.folder(where / "handover"), dry_run=True))


def released(where: Path) -> dict:
    approved(where)
    with at(where, "zhouning") as desk:
        return dict(release(desk, laws(where), DEAL, wiring.folder(where / "handover")))


def told(where: Path, why: str = "", **days: str) -> dict:
    with at(where, "zhouning") as desk:
        return dict(deal_tell(desk, DEAL, days, why))


def told_people(where: Path) -> set[bytes]:
    """Who counts as told."""
    with at(where, "zhouning") as desk, desk.store.read() as tx:
        return {row["subject"] for row in tx.find("evidence", type="notice.delivered")}


def told_anew(where: Path, people: set[bytes]) -> None:
    """They are told by the days as they are now."""
    with at(where, "zhouning") as desk, desk.store.write() as tx:
        record_evidence(
            tx,
            str(deal(desk, tx, DEAL)["id"]),
            [(who, EVERYTHING, "notice.delivered") for who in people],
            stamp(desk.clock.now()),
            0,
        )


def later(where: Path, **span: int) -> None:
    """A rehearsal's clock goes on from what was entered last, so something is."""
    with at(where, "zhouning") as desk:
        desk.clock.advance(timedelta(**span))
        deal_tell(desk, DEAL, {"seller_contact": "privacy@qinghe.example"})


@pytest.fixture
def days(played: Path) -> dict[str, str]:
    """Two weeks to answer, then another to the move."""
    with at(played, "zhouning") as desk:
        today = desk.today()
    return {"answer_by": str(today + timedelta(days=14)), "closing_on": str(today + timedelta(days=21))}


def days_of(made: dict) -> dict[str, str]:
    """What is told of days, whatever else is told."""
    return {name: value for name, value in made["told"].items() if name in DAYS}


def test_b3_nobody_is_released_while_customers_may_still_answer(played: Path, days: dict[str, str]):
    """Not before the last day is over, nor before the day of the move; who objects on the last day is not handed over."""
    link = token(played, somebody(played, *MOVES, lacks=LACKS))
    told(played, **days)
    assert releasing(played) == "release.told"
    later(played, days=14)
    assert releasing(played) == "release.told"
    with at(played) as desk:
        given = {"question": "objection", "act": "objected", "lang": "en"}
        assert portal_answer(desk, laws(played), link, "", given)["outlook"] == "stays"
    later(played, days=2)
    assert releasing(played) == "release.told"
    later(played, days=6)
    made = released(played)
    assert made["subjects"] > 0
    assert days.items() <= told(played)["told"].items()


def test_b3_a_told_day_comes_nearer_by_two_people_with_a_reason(played: Path, days: dict[str, str]):
    """What was read is moved against nobody by one; the move stands in the ledger, the reason in its opening, and the page shows the day of now."""
    link = token(played, somebody(played, *MOVES, lacks=LACKS))
    told(played, **days)
    with at(played, "zhouning") as desk:
        near = {"answer_by": str(desk.today()), "closing_on": str(desk.today())}
    assert refused(lambda: told(played, **near)) == "deal.tell-why"
    assert refused(lambda: told(played, WHY, **near)) == "act.unapproved"
    with at(played, "zhouning") as desk:
        act, content = deal_tell(desk, DEAL, near, WHY, dry_run=True)["would"]["approve"]
        approve(desk, act, content)
        assert refused(lambda: deal_tell(desk, DEAL, near, WHY)) == "act.unapproved"
    with at(played, "suhe") as desk:
        approve(desk, act, content)
    assert refused(lambda: told(played, WHY + ".", **near)) == "act.unapproved"
    before = told_people(played)
    made = told(played, WHY, **near)
    assert (days_of(made), made["untold"]) == (near, len(before))
    assert told_people(played) == set()
    with sqlite3.connect(played / "seller" / "core.db") as store:
        entries = [json.loads(one) for (one,) in store.execute("SELECT entry FROM ledger_entry ORDER BY position")]
    (moved,) = [one for one in entries if one["kind"] == "deal-told" and "moved" in one["says"]]
    assert moved["says"]["moved"] == {name: [days[name], near[name]] for name in near}
    assert WHY not in json.dumps(entries)
    later(played, days=2)
    told_anew(played, before)
    made = released(played)
    assert made["subjects"] > 0
    with portal(played) as base:
        page = urlopen(f"{base}/en/t/{link}").read().decode()
    assert "days left" not in page
    assert "Closed when it moved" in page
    again = told(played, answer_by=days["answer_by"], closing_on=days["closing_on"])
    assert days.items() <= again["told"].items()


def test_b3_a_later_release_waits_for_the_days_as_well(played: Path, days: dict[str, str]):
    """A delta hands over more people: a day that was told since holds it, too."""
    made = released(played)
    assert made["n"] == 1
    told(played, **days)
    folder = wiring.folder(played / "handover")
    with at(played, "zhouning") as desk:
        gate(desk, laws(played), DEAL)
        assert refused(lambda: release_delta(desk, laws(played), DEAL, folder, dry_run=True)) == "release.told"


def test_b3_without_a_day_to_answer_it_is_the_day_before_the_move(played: Path, days: dict[str, str]):
    """The page says so, and a nearer day to answer is a move against the customers."""
    link = token(played, somebody(played, *MOVES, lacks=LACKS))
    told(played, closing_on=days["closing_on"])
    with portal(played) as base:
        page = urlopen(f"{base}/en/t/{link}").read().decode()
    assert "20 days left" in page
    assert refused(lambda: told(played, answer_by=days["answer_by"])) == "deal.tell-why"
    later_day = {"closing_on": str(days["closing_on"][:4]) + "-12-31"}
    assert days_of(told(played, **later_day)) == later_day


def test_b3_before_anybody_could_read_them_days_are_one_persons(played: Path, days: dict[str, str]):
    """No link, no notice, nobody on file as told: a slip is put right by whoever made it."""
    with sqlite3.connect(played / "seller" / "core.db") as store:
        store.execute("DELETE FROM statement WHERE kind = 'notice'")
        store.execute("DELETE FROM link")
    with at(played, "zhouning") as desk, desk.store.write() as tx:
        for kind in ("notice.delivered", "notice.published"):
            tx.drop("evidence", matter=str(deal(desk, tx, DEAL)["id"]), type=kind)
    told(played, **days)
    with at(played, "zhouning") as desk:
        near = {"answer_by": str(desk.today())}
    assert days_of(told(played, **near)) == {**days, **near}
