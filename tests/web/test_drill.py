"""A5, E8: a restore is rehearsed from the backups page, and what it came to stands there."""

from pathlib import Path

import pytest

from tests.web.company import company
from tests.web.conftest import chromium

pytestmark = pytest.mark.part("browser")


@pytest.fixture(scope="module")
def owner(tmp_path_factory, draw):
    """A company of its own: a backup of it is broken."""
    with company(tmp_path_factory.mktemp("drill") / "demo", 60, draw) as made:
        yield made


@pytest.fixture(scope="module")
def chrome(owner, tmp_path_factory):
    with chromium(owner.served.base, tmp_path_factory.mktemp("downloads")) as made:
        yield made


def test_a5_a_drill_is_run_from_the_page_and_kept_with_what_came_back(owner, chrome, tmp_path):
    """Nothing to rehearse without a backup; then one press, and the row says when, by whom, how long and that nothing differs; the drill's folder is gone."""
    at = owner.as_("suhe", chrome)
    at.go("/backups")
    assert "先备份，才能演练" in at.find("#drills").text
    place = tmp_path / "backups"
    owner.told("suhe", "backup", "--to", place)
    at.go("/backups")
    at.press("演练一次恢复")
    finished(at)
    (row,) = at.driver.find_elements("css selector", "#drills tbody tr")
    assert "全部找回" in row.text
    assert "差异 0" in row.text
    assert "suhe" in row.text
    assert str(place) in row.text
    at.shot("drill")
    at.go("/lang/en?next=/backups")
    assert "Everything came back" in at.find("#drills").text
    at.shot("drill-en")
    at.go("/lang/zh?next=/backups")
    assert not (owner.where / "seller" / "tmp" / "drill").exists()
    assert not at.faults, "\n".join(at.faults)


def test_a5_a_backup_that_lacks_a_segment_is_a_drill_that_failed(owner, chrome):
    """The page says so, how much does not open, and that the last one failed."""
    at = owner.as_("suhe", chrome)
    at.go("/backups")
    place = at.find("#drills tbody tr:last-child td:last-child").text
    for one in (Path(place) / "segments").rglob("*.seg"):
        one.unlink()
    at.press("演练一次恢复")
    finished(at)
    first = at.find("#drills tbody tr")
    assert "没有恢复成" in first.text
    assert "缺 " in first.text
    at.shot("drill-failed")
    assert not at.faults, "\n".join(at.faults)


def finished(at) -> None:
    """A job that was done at once leads back by itself."""
    at.patience(120, lambda: at.driver.find_elements("css selector", "a#work-go, #drills tbody tr"))
    if "/work/" in at.driver.current_url:
        at.follow(at.find("a#work-go"))
