"""A8, E8: what is scheduled runs while the console is up, as a machine that may do nothing else."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from custody import wiring
from custody.base.errors import Denied
from custody.services.approve import approve
from custody.services.init import Founding
from tests.web.serving import Served, found, serve
from tests.web.visitor import Visitor

SECRET = "一句自己的话就好记"
PATIENCE = 120


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A console whose schedule is looked at every second."""
    with serve(tmp_path_factory.mktemp("timer") / "home", CUSTODY_CONSOLE_TIMER="0.02") as running:
        yield running


@pytest.fixture(scope="module")
def owner(served: Served) -> Visitor:
    """Who founded the home in the browser."""
    return found(Visitor(served.base), served.first, SECRET)


def runs(home: Path) -> dict[str, str]:
    """{task: when it last ended well}."""
    with closing(sqlite3.connect(home / "core.db")) as store:
        return dict(store.execute("SELECT task, done_at FROM due_run"))


def test_e8_a_company_founded_in_the_browser_runs_its_schedule(owner: Visitor, served: Served):
    """Nobody calls a command: every task ends well, and the page says who runs them."""
    late = time.monotonic() + PATIENCE
    while time.monotonic() < late and "unfinished" not in runs(served.home):
        time.sleep(0.5)
    done = runs(served.home)
    assert {"retention", "rotation", "check", "copies"} <= {task for task, at in done.items() if at}
    owner.get("/backups")
    assert "They run by themselves while the console is up" in owner.page
    assert 'name="do" value="timer"' not in owner.page
    assert (served.home / "keys" / "timer.pass").stat().st_mode & 0o077 == 0


def test_a_timer_signs_in_nowhere_and_approves_nothing(owner: Visitor, served: Served):
    """Its passphrase lies on the disk: a second person it is not."""
    secret = (served.home / "keys" / "timer.pass").read_text(encoding="utf-8")
    visitor = Visitor(served.base)
    visitor.sign_in("timer", secret)
    visitor.get("/")
    assert "/account/login/" in visitor.at
    with wiring.desk(served.home, "timer", served.home / "keys" / "timer.pass") as desk, pytest.raises(Denied) as no:
        approve(desk, "release", "sha256:" + "0" * 64)
    assert no.value.slug == "act.role"
    owner.get("/")
    assert owner.page.count("A second person") == 1
    assert "What cannot be undone takes two accounts." in owner.page
    assert '<a href="/people">Add</a>' in owner.page, "a machine is no second person"


def test_an_older_home_is_switched_on_by_its_owner_and_again_once_ended(tmp_path: Path):
    """Made by a command, it has no timer; the page makes one. Ended, which the page says the price of, it is followed by another that runs what is due."""
    home, secret = tmp_path / "home", tmp_path / "pass"
    secret.touch(mode=0o600)
    secret.write_text(SECRET, encoding="utf-8")
    wiring.found(home, Founding("青禾书屋", "Qinghe", "", "CN", "separate", "suhe"), region="CN", own_secret=secret, rehearsal_at=None)  # fmt: skip
    with serve(home, CUSTODY_CONSOLE_TIMER="60") as served:
        owner = Visitor(served.base)
        owner.sign_in("suhe", SECRET)
        owner.get("/backups")
        assert "Nothing runs them by itself" in owner.page
        owner.post("/backups", do="timer")
        assert "They run by themselves while the console is up: every 60 minutes" in owner.page
        told = owner.get("/people/timer/end")
        assert "nothing runs by itself: no backup" in told
        owner.post("/people/timer/end", step="do")
        owner.get("/backups")
        assert "Nothing runs them by itself" in owner.page
        owner.post("/backups", do="timer")
        assert "They run by themselves while the console is up: every 60 minutes" in owner.page
        owner.post("/backups", do="timer")
        assert [row[1] for row in owner.sheet("/people?sheet=machines")[1:]] == ["timer-2", "timer"], (
            "pressed twice it is one"
        )
    assert not runs(home)
    with serve(home, CUSTODY_CONSOLE_TIMER="0.02"):
        late = time.monotonic() + PATIENCE
        while time.monotonic() < late and "unfinished" not in runs(home):
            time.sleep(0.5)
    assert "unfinished" in runs(home), "the first was ended: it was the second that ran"


def test_machines_stand_apart_from_people(owner: Visitor):
    """In their own part of the page, without the buttons that are always refused to them; people are counted without them."""
    told = owner.get("/people")
    people, machines = told.split('id="mc"')
    assert "/people/timer/" not in people
    assert "/people/timer/end" in machines
    assert "/people/timer/roles" not in told
    assert "/people/timer/reset" not in told
    assert [row[1] for row in owner.sheet("/people?sheet=people")[1:]] == ["suhe"]
    assert [row[1] for row in owner.sheet("/people?sheet=machines")[1:]] == ["timer"]
