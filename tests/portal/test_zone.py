"""B3: the customers' pages count days and hours as the company does, and say in whose zone."""

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from custody.base import canonical
from custody.web.portal.tags import days_left
from tests.portal.answering import answer, page
from tests.portal.conftest import somebody
from tests.portal.serving import portal
from tests.portal.test_pages import ask
from tests.portal.tokens import token

PLACES = [("CN", "Asia/Shanghai"), ("US-CA", "America/Los_Angeles"), ("DE", "Europe/Berlin")]


def established(where: Path, place: str) -> None:
    """The company is at that place, as its card says."""
    store = sqlite3.connect(where / "seller" / "core.db")
    for one, card in store.execute("SELECT id, card FROM party").fetchall():
        moved = canonical.encode({**canonical.decode(card), "place": place})
        store.execute("UPDATE party SET card = ? WHERE id = ?", (moved, one))
    store.commit()
    store.close()


def in_words(instant: str, zone: str) -> str:
    at = datetime.fromisoformat(instant).astimezone(ZoneInfo(zone))
    year = "" if at.year == datetime.now(ZoneInfo(zone)).year else f" {at.year}"
    return f"{at.day} {at:%B}{year} {at:%H:%M} ({zone})"


@pytest.mark.parametrize(("place", "zone"), PLACES)
def test_b3_a_receipt_tells_its_hour_in_the_companys_zone_and_names_it(played: Path, place: str, zone: str):
    """On the receipt's page and by its number; the person's page says whose days it shows, and counts those left by the company's own."""
    established(played, place)
    text = token(played, somebody(played, "notice.delivered", lacks=("objection",)))
    made = answer(played, text, "objection", "objected")
    seen = page(played, text, "en")
    assert seen["today"] == datetime.fromisoformat(seen["now"]).astimezone(ZoneInfo(zone)).date().isoformat()
    with portal(played) as base:
        receipt = ask(f"{base}/en/t/{text}/receipt/{made['record']}").page
        checked = ask(f"{base}/en/check", {"number": made["record"]}).page
        own = ask(f"{base}/en/t/{text}").page
    at = next(one["at"] for one in seen["answers"] if one["record"] == made["record"])
    assert in_words(at, zone) in receipt
    assert in_words(at, zone) in checked
    assert zone in own


@pytest.mark.parametrize(("place", "zone"), PLACES)
def test_b3_the_days_left_on_a_page_are_those_between_two_of_the_companys_days(played: Path, place: str, zone: str):
    """At any hour: a last day told as tomorrow is one day off, where the company is."""
    established(played, place)
    seen = page(played, token(played, somebody(played, "notice.delivered")))
    here = datetime.fromisoformat(seen["now"]).astimezone(ZoneInfo(zone)).date()
    assert days_left((here + timedelta(days=1)).isoformat(), seen["today"]) == 1
    assert days_left(here.isoformat(), seen["today"]) == 0
