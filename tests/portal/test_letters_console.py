"""E6, B1 in the console: letters to many are asked for, found by a second person with count, words and veiled letters, confirmed, made once."""

import csv
import io
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from custody.services.campaign_letters import campaign_letters
from tests.portal.campaigns import planned, untold
from tests.portal.conftest import at
from tests.portal.printing import BACK, entries, signed_in, unreached
from tests.web.serving import serve
from tests.web.visitor import Visitor

__all__ = ["untold"]


@pytest.fixture
def people(untold: Path) -> Iterator[tuple[Visitor, Visitor]]:
    """The privacy officer and the owner, each with a second factor."""
    with serve(untold / "seller") as served:
        yield signed_in(untold, served.base, "zhouning"), signed_in(untold, served.base, "suhe")


def asked(first: Visitor, path: str, **said: str) -> str:
    first.get(path)
    content = first.field("content")
    first.post(path, step="ask", content=content, **said)
    return content


def ran_out(where: Path) -> None:
    """What was approved was approved more than a day ago."""
    with sqlite3.connect(where / "seller" / "core.db") as store:
        store.execute("DELETE FROM approval")
    store.close()


def test_b1_letters_to_many_are_confirmed_on_a_page(untold: Path, people: tuple[Visitor, Visitor]):
    """The button leads there; the second person is told, sees how many, the words and no name; then the first, and nobody else, makes the list."""
    first, second = people
    ref = planned(untold)["campaign"]
    unreached(untold, ref)
    path = f"/campaigns/{ref}/out/list"
    first.get(f"/campaigns/{ref}")
    first.post(f"/campaigns/{ref}/letters")
    assert first.at.endswith(path)
    content = asked(first, path)
    first.post(path, step="approve", content=content, code=first.code())
    assert "console.second" in first.page
    assert path in second.get("/inbox")
    assert path in second.get(f"/campaigns/{ref}")
    page = second.get(path)
    assert "Qinghe Books" in page
    assert "•" in page
    with at(untold, "zhouning") as desk:
        many = campaign_letters(desk, ref, dry_run=True)[0]["letters"]
    said = re.search(r"Make letters to ([\d,]+) customers", page)
    assert said is not None
    assert int(said[1].replace(",", "")) == many > 50
    assert entries(untold) == []
    second.post(path, step="approve", content=content, code=second.code())
    assert path in first.get("/inbox")
    first.get(path)
    data = first.post(path, step="do", content=content, code=first.code(), ref=ref)
    assert first.said["Content-Type"] == "text/csv; charset=utf-8"
    assert len(list(csv.reader(io.StringIO(data)))) > 50
    assert ["approval" in one for one in entries(untold)] == [True]
    second.get(f"/campaigns/{ref}")
    second.post(f"/campaigns/{ref}/letters")
    assert second.at.endswith(path)
    first.get(path)
    assert 'name="content"' not in first.page
    first.post(f"/campaigns/{ref}/letters")
    assert first.said["Content-Type"] == "text/csv; charset=utf-8"


def test_b1_one_confirmation_renews_the_campaigns_own(untold: Path, people: tuple[Visitor, Visitor]):
    """A day after the sending the campaign's approval has run out: the page says so, one confirmation signs both, the pages come as PDF."""
    first, second = people
    ref = planned(untold)["campaign"]
    unreached(untold, ref, 60)
    ran_out(untold)
    path = f"/campaigns/{ref}/out/pages"
    content = asked(first, path, back=BACK, side="right")
    page = second.get(path)
    assert "older than 24 hours" in page
    assert BACK in page
    second.post(path, step="approve", content=content, code=second.code())
    first.get(path)
    first.post(path, step="do", content=content, code=first.code(), ref=ref)
    assert first.said["Content-Type"] == "application/pdf"


def test_b1_letters_to_a_few_wait_for_the_campaigns_own_alone(untold: Path, people: tuple[Visitor, Visitor]):
    """Nobody confirms that a few leave in clear; where the campaign's approval ran out, that one is asked for on the same page."""
    first, second = people
    ref = planned(untold)["campaign"]
    unreached(untold, ref, 3)
    first.get(f"/campaigns/{ref}")
    first.post(f"/campaigns/{ref}/letters")
    assert first.said["Content-Type"] == "text/csv; charset=utf-8"
    ran_out(untold)
    first.get(f"/campaigns/{ref}")
    path = f"/campaigns/{ref}/out/list"
    first.post(f"/campaigns/{ref}/letters")
    assert first.at.endswith(path)
    content = asked(first, path)
    second.get(path)
    second.post(path, step="approve", content=content, code=second.code())
    assert path in first.get("/")
    first.get(path)
    first.post(f"/campaigns/{ref}/letters")
    assert first.said["Content-Type"] == "text/csv; charset=utf-8"
    assert path not in first.get("/")
    assert ["approval" in one for one in entries(untold)] == [False, False]
