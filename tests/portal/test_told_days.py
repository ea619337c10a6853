"""Days that customers of a deal are told (B3, spec/portal.md §7)."""

import sqlite3
from pathlib import Path
from urllib.request import urlopen

import pytest

from custody.cli.pages.openness_page import openness_page
from custody.services.deal_tell import deal_tell
from custody.services.openness import openness
from tests.portal.conftest import DEAL, at, somebody
from tests.portal.serving import portal
from tests.portal.somebody import refused
from tests.portal.tokens import token

NO_DAYS = ("2026-06-31", "2026-13-01", "20260630", "2026-W27-1", "２０２６-06-30", "2026-6-3", "", "soon", "2026-01-01")


@pytest.mark.parametrize("day", NO_DAYS)
def test_b3_a_day_that_is_none_or_is_over_is_not_told(played: Path, day: str):
    """Of the calendar, in one form, from today on; nothing of the same command is set."""
    with at(played, "zhouning") as desk:
        before = deal_tell(desk, DEAL, {})["told"]
        given = {"seller_contact": "privacy@qinghe.example", "closing_on": day}
        assert refused(lambda: deal_tell(desk, DEAL, given)) == "deal.tell"
        assert deal_tell(desk, DEAL, {})["told"] == before


def test_b3_days_that_contradict_each_other_are_not_told(played: Path):
    """Whether they come together or one after the other."""
    with at(played, "zhouning") as desk:
        both = {"answer_by": "2026-07-21", "closing_on": "2026-07-20"}
        assert refused(lambda: deal_tell(desk, DEAL, both)) == "deal.tell-order"
        deal_tell(desk, DEAL, {"answer_by": "2026-07-20", "closing_on": "2026-07-20"})
        assert refused(lambda: deal_tell(desk, DEAL, {"destroy_by": "2026-07-19"})) == "deal.tell-order"
        assert refused(lambda: deal_tell(desk, DEAL, {"answer_by": "2026-07-21"})) == "deal.tell-order"
        assert deal_tell(desk, DEAL, {"destroy_by": "2026-07-20"})["told"]["destroy_by"] == "2026-07-20"


def test_b3_a_row_that_holds_no_day_shuts_nobodys_page(played: Path):
    """However it came into the store: the pages open and say nothing of it."""
    link = token(played, somebody(played))
    store = sqlite3.connect(played / "seller" / "core.db")
    (deal,) = store.execute("SELECT id FROM matter WHERE ref = ?", (DEAL,)).fetchone()
    store.executemany("INSERT INTO told VALUES (?, ?, ?)", [(deal, one, "2026-06-31") for one in ("answer_by", "closing_on", "destroy_by")])  # fmt: skip
    store.commit()
    store.close()
    with portal(played) as base:
        for page in ("", "/proof"):
            with urlopen(f"{base}/zh/t/{link}{page}") as answer:
                assert answer.status == 200
    with at(played, "zhouning") as desk:
        assert "2026-06-31" not in openness_page(openness(desk), "zh")
        assert deal_tell(desk, DEAL, {"closing_on": "2026-07-20"})["told"]["closing_on"] == "2026-07-20"
