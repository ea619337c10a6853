"""B1 in the console: a public notice is planned, ended with what shows it by two people, and customers are told by a paper of the rules."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.portal.campaigns import untold
from tests.portal.conftest import DEAL, at
from tests.portal.publishing import DAYS, RULE, WORDS, korean, listed, returned
from tests.web.serving import serve
from tests.web.visitor import Visitor

__all__ = ["returned", "untold"]


@pytest.fixture
def people(returned: Path) -> Iterator[tuple[Visitor, Visitor]]:
    """The privacy officer and the owner, each with a second factor, in the console of that company."""
    korean(returned, listed(returned, "bounced", 2))
    with serve(returned / "seller") as served:
        both = []
        for who in ("zhouning", "suhe"):
            one = Visitor(served.base)
            secret = returned / "seller" / "keys" / "principals" / f"{who}.pass"
            one.sign_in(who, secret.read_text(encoding="utf-8").strip())
            one.second_factor()
            both.append(one)
        yield both[0], both[1]


def today(where: Path) -> date:
    with at(where, "zhouning") as desk:
        return desk.clock.now().date()


def test_b1_a_public_notice_in_the_console_takes_two_people(
    people: tuple[Visitor, Visitor], returned: Path, tmp_path: Path
):
    """Planned for those the law lets it stand in for; too early it is refused; with what shows it, looked at, confirmed by a second person, signed."""
    first, second = people
    day = today(returned) - timedelta(days=DAYS + 1)
    first.get("/publications")
    first.post("/publications", deal=DEAL, **WORDS, **{"from": str(day)})
    path = "/publications/P-2026-0001"
    assert first.at.endswith(path)
    assert RULE in first.page
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"what stood there")
    first.upload(path, "file", picture, until=str(day + timedelta(days=1)), step="look")
    assert "publication.short" in first.page
    assert first.field("content") == ""
    first.get(path)
    last = str(day + timedelta(days=DAYS))
    first.upload(path, "file", picture, until=last, step="look")
    told = {name: first.field(name) for name in ("content", "until", "proof")}
    assert told["content"].startswith("sha256:")
    first.post(path, **told, step="ask")
    second.get(path)
    second.post(path, **told, step="approve", code=second.code())
    first.get(path)
    first.post(path, **told, step="do", code=first.code(), ref="P-2026-0001")
    ended = day + timedelta(days=DAYS)
    assert f"It stood until {ended.day} {ended:%B}" in first.page
    kept = returned / "seller" / "matters" / DEAL / "publications" / "P-2026-0001"
    assert [file.read_bytes() for file in kept.iterdir()] == [picture.read_bytes()]
    first.get("/publications")
    first.post("/publications", deal=DEAL, **WORDS, **{"from": str(day)})
    assert "publication.nobody" in first.page


def test_b1_customers_are_told_by_a_paper_of_the_rules(people: tuple[Visitor, Visitor]):
    """What the deal does not tell is filled in on the paper's page; planned from there, the campaign holds the paper's words in each language."""
    first, _ = people
    path = f"/deals/{DEAL}/papers/cn-notice"
    page = first.get(path)
    items = {name.split('"')[0] for name in page.split('name="')[1:] if name.split('"')[0].endswith((":zh", ":en"))}
    given = {name: f"words for {name[-2:]}" for name in items}
    way = {"sender": "privacy@qinghe.example", "pages": "https://you.qinghe.example", "page_line": "Your page:"}
    first.post(path, **given, **{**way, "sender": "nobody"}, step="tell")
    assert "campaign.words" in first.page
    first.get(path)
    first.post(path, **given, **way, step="tell")
    assert "/campaigns/N-2026-" in first.at
    assert "words for" in first.page
