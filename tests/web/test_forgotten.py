"""G59, A5: the last place for backups is taken off the list on a page by two: asked, confirmed, done; one beside others by a button."""

import sqlite3
from contextlib import closing

import pytest

from tests.web.test_keeping import confirmed

pytestmark = pytest.mark.part("browser")


@pytest.fixture
def browser(chrome):
    return chrome.anew()


def test_g59_the_last_place_goes_by_two_on_a_page(seller, browser, tmp_path):
    """The list offers a button while there are others, and the way to two people for the last."""
    places = [tmp_path / "first", tmp_path / ("客户数据备份二〇二六年第一季度" * 4) / ("off-site-" * 6)]
    places[1].mkdir(parents=True)
    seller.visitor("zhouning")  # has an account here, and is told
    at = seller.as_("suhe", browser, factor=True)
    at.go("/backups")
    for one in listed(at):
        forget(seller, one)
    for one in places:
        seller.told("suhe", "backup", "--to", str(one))
    at.go("/backups")
    at.press(f"不再用 {places[0]}")
    assert listed(at) == [str(places[1])]
    at.press(f"由两人移出名单 {places[1]}")
    assert at.here().startswith("/backups/forget")
    assert "名单上不再有任何备份处" in at.text()
    at.complaints()
    at.shot("backup-forget")
    at.press("请第二个人确认")
    at.patience(30, lambda: noticed(seller))
    path, ref = noticed(seller)
    assert (len(path) <= 200, len(ref) <= 40) == (True, True), "PostgreSQL keeps no more"
    confirmed(seller, browser, "suhe", "zhouning", path, ref, "移出名单")
    at.go("/backups")
    assert listed(at) == []
    at.shot("backup-forgotten")
    at.go("/lang/en?next=/backups")
    assert "No place yet." in at.text()
    at.go("/lang/zh?next=/")
    assert not at.faults, "\n".join(at.faults)


def noticed(seller) -> tuple[str, str] | None:
    """Where the second person is led, and what it is called there."""
    with closing(sqlite3.connect(seller.served.home / "console.db", timeout=60)) as rows:
        found = rows.execute("SELECT url, ref FROM console_notice WHERE url LIKE '/backups/forget%' ORDER BY id DESC")
        return found.fetchone()


def listed(at) -> list[str]:
    """The places on the page."""
    return [one.text for one in at.driver.find_elements("css selector", "[data-sheet=backups] .lead")]


def forget(seller, place: str) -> None:
    """By whatever number of people it takes."""
    told = seller.told("suhe", "backup", "--forget", place, "--dry-run")
    if "would" in told:
        seller.told("zhouning", "approve", *told["would"]["approve"])
    seller.told("suhe", "backup", "--forget", place)
