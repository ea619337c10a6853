"""What is scheduled runs once, at its time, one run at a time; what was missed or fails alarms and is entered."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from custody.acts.each import each_vault
from custody.acts.schedule import Task
from custody.adapters.home import DUE
from custody.base import canonical
from custody.base.clock import SimulatedClock, stamp
from custody.base.errors import CustodyError, Denied, Unavailable
from custody.cli.verbs import clocks
from custody.services.backup import backup
from custody.services.backup_list import backup_list
from custody.services.due import due
from custody.services.rekey import rekey
from custody.services.vault_check import vault_check
from tests.vault.histories.world import World

DAY = timedelta(days=1)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """An empty vault with a place for backups."""
    made = World(tmp_path)
    backup(made.desk, "a")
    yield made
    made.close()


def counted(world: World, *, fails: bool = False):
    """A task that counts how often it ran."""
    ran: list[str] = []

    def run(desk):
        assert desk.store is world.desk.store
        ran.append("ran")
        if fails:
            raise Unavailable("backup.place", "away")
        return {"n": len(ran)}

    return ran, Task("check", DAY, run)


def alarms(world: World) -> list[dict]:
    """What the ledger says of alarms."""
    with world.desk.store.read() as tx:
        told = [canonical.decode(row["entry"]) for row in tx.find("ledger_entry", order=("position",))]
    return [one["says"] for one in told if one["kind"] == "due-alarm"]


def test_a_task_runs_at_its_time_and_once(world: World):
    """At first at once; again only when its period is over, however often it is asked for."""
    ran, task = counted(world)
    for hours, runs in ((0, 1), (0, 1), (23, 1), (1, 2), (0, 2), (24, 3)):
        world.clock.advance(timedelta(hours=hours))
        told = due(world.desk, [task], dry_run=False)
        assert (len(ran), told["ok"]) == (runs, True)
        assert told["tasks"][0]["next_at"] > stamp(world.clock.now())
    assert alarms(world) == []


def test_a_dry_run_does_nothing(world: World):
    """It says what is due, and what it says stays true."""
    ran, task = counted(world)
    for _ in range(2):
        told = due(world.desk, [task], dry_run=True)
        assert [(one["task"], one["due"], one["ran"]) for one in told["tasks"]] == [("check", True, False)]
    assert ran == []


def test_a_missed_run_alarms_once_and_is_made_up_for(world: World):
    """A whole period without a run is an alarm: the answer is no, the ledger says so, and the task runs now."""
    ran, task = counted(world)
    due(world.desk, [task], dry_run=False)
    world.clock.advance(timedelta(hours=49))
    told = due(world.desk, [task], dry_run=False)
    assert (told["ok"], told["missed"], len(ran)) == (False, ["check"], 2)
    assert due(world.desk, [task], dry_run=False)["ok"] is True
    assert [one["missed"][0].split()[0] for one in alarms(world)] == ["check"]


def test_a_run_noted_under_a_clock_that_was_ahead_is_due_and_alarms(world: World):
    """A day of the future keeps nothing from running: the run after the clock was put right makes up for it, and alarms once."""
    ran, task = counted(world)
    right = SimulatedClock(world.clock.now() + DAY / 24)
    world.clock.advance(3650 * DAY)
    assert due(world.desk, [task], dry_run=False)["ok"] is True
    desk = replace(world.desk, clock=right)
    (stood,) = backup_list(desk, [task])["runs"]
    assert stood["missed"] is True
    told = due(desk, [task], dry_run=False)
    assert (told["ok"], told["missed"], len(ran)) == (False, ["check"], 2)
    assert told["tasks"][0]["next_at"] < stamp(right.now() + 2 * DAY)
    assert [one["missed"][0].split()[0] for one in alarms(world)] == ["check"]
    assert due(desk, [task], dry_run=False)["ok"] is True


def test_two_hosts_whose_clocks_differ_by_little_alarm_nobody(world: World):
    """What the other host noted a minute later than now was done."""
    ran, task = counted(world)
    other = SimulatedClock(world.clock.now() + DAY / 24)
    world.clock.advance(DAY / 24 + timedelta(minutes=1))
    due(world.desk, [task], dry_run=False)
    told = due(replace(world.desk, clock=other), [task], dry_run=False)
    assert (told["ok"], told["missed"], len(ran)) == (True, [], 1)


def test_a_task_that_fails_stops_no_other_and_is_tried_again(world: World):
    """Its fault is told, and entered once a day; the others run; it stays due."""
    (failing, bad), (working, good) = counted(world, fails=True), counted(world)
    for runs in (1, 2):
        told = due(world.desk, [bad, replace(good, name="backup")], dry_run=False)
        assert (told["ok"], told["failed"], len(failing), len(working)) == (False, ["check"], runs, 1)
    assert [one["fault"] for one in told["tasks"]] == ["backup.place", ""]
    assert [one["failed"] for one in alarms(world)] == [["check backup.place"]]
    world.clock.advance(timedelta(hours=24))
    assert due(world.desk, [bad], dry_run=False)["ok"] is False
    assert [one["failed"] for one in alarms(world)] == [["check backup.place"]] * 2


def test_two_runs_at_once_are_one(world: World, monkeypatch: pytest.MonkeyPatch):
    """While one is at it another answers so and does nothing."""
    monkeypatch.setattr("custody.adapters.stores.alone.WAIT_SECONDS", 0.2)
    told = {}

    def run(desk):
        told.update(due(desk, [task], dry_run=False))
        return {}

    task = Task("check", DAY, run)
    assert due(world.desk, [task], dry_run=False)["ok"] is True
    assert (told["elsewhere"], told["tasks"], told["ok"]) == (True, [], True)


@pytest.mark.part("postgresql")
def test_a_run_whose_session_the_server_ended_is_not_elsewhere(postgres, tmp_path: Path):
    """In the middle of its first task: no answer says that all is well, nothing more is written, and the next run does everything."""
    url, secret, ask = postgres
    ran = list[str]()

    def cut(_desk) -> dict:
        # It answers when the session is gone, or after ten seconds.
        ask(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND pid <> pg_backend_pid()"
        )
        return {}

    def works(_desk) -> dict:
        ran.append("backup")
        return {}

    world = World(tmp_path / "served", server=(url, Path(secret).read_bytes().strip()))
    try:
        with pytest.raises(Unavailable) as lost:
            due(world.desk, [Task("rotation", DAY, cut), Task("backup", DAY, works)], dry_run=False)
        assert (lost.value.slug, ran, alarms(world)) == ("due.lost", [], [])
        told = due(world.desk, [Task("rotation", DAY, works), Task("backup", DAY, works)], dry_run=False)
        assert (told["elsewhere"], told["ok"], ran) == (False, True, ["backup"] * 2)
    finally:
        world.close()


def test_the_real_tasks_do_their_work(world: World):
    """Root changed, backup renewed, vault checked; with the place away the backup alarms and the check still runs."""
    tasks = [Task("rotation", DAY, each_vault(rekey, frozenset())), Task("backup", DAY, lambda desk: backup(desk, None)),
             Task("check", DAY, each_vault(vault_check, frozenset()))]  # fmt: skip
    world.clock.advance(timedelta(hours=1))
    told = due(world.desk, tasks, dry_run=False)
    assert (told["ok"], told["failed"]) == (True, [])
    assert told["tasks"][0]["did"]["vaults"]["main"]["generation"] == 2
    world.clock.advance(timedelta(days=1, hours=1))
    world.weather.out.add("a")
    told = due(world.desk, tasks, dry_run=False)
    assert told["failed"] == ["backup", "rotation"]
    assert told["tasks"][0]["did"]["failed"] == ["main simulated.out"]
    assert told["tasks"][2]["did"]["vaults"]["main"]["ok"] is True


def test_who_may_not_run_the_host_may_not_run_what_is_due(world: World):
    """It takes an owner or an operator."""
    person = replace(world.desk.principal, roles=frozenset(("lawyer",)))
    with pytest.raises(Denied) as refused:
        due(replace(world.desk, principal=person), [], dry_run=True)
    assert isinstance(refused.value, CustodyError)
    assert refused.value.slug == "act.role"


def test_every_task_has_a_name_to_be_shown():
    """The table that people read, and the alarm of a missed run, know each task that can be due."""
    assert set(clocks._TASKS) == set(DUE)


def test_a8_a_task_that_breaks_as_nobody_foresaw_stops_no_other_and_alarms(world: World):
    """A full disk is no fault of custody's own: the next task runs, and the alarm says what kind it was."""

    def full(_desk: object) -> dict:
        raise OSError(28, "No space left on device")

    ran, after = counted(world)
    told = due(world.desk, [Task("first", DAY, full), replace(after, name="second")], dry_run=False)
    assert (told["failed"], told["ok"], ran) == (["first"], False, ["ran"])
    assert alarms(world)[-1]["failed"] == ["first first.OSError"]
    assert each_vault(lambda _desk, _name: full(None), frozenset())(world.desk) == {
        "vaults": {},
        "failed": ["main OSError"],
        "ok": False,
    }
