"""Run everything that is scheduled (A8, E8): one run at a time, safe to run twice; what was missed or fails alarms."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Final

from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.mirroring import mirrored
from custody.acts.schedule import Standing, Task, standing
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import CustodyError, Unavailable
from custody.ports.store import Cells

_BUSY: Final = "vault.busy"


def due(desk: Desk, tasks: Sequence[Task], *, dry_run: bool) -> Mapping[str, Json]:
    """Each task that is due, in order; one that fails stops no other. `ok` is False when one failed or was missed.

    Raises Unavailable `due.lost` when the server of the store ended, in the middle, the session by which this run is alone.
    """
    desk.require(("owner", "operator"))
    with ExitStack() as held:
        try:
            held.enter_context(desk.store.alone(f"{desk.space}/+due"))
        except Unavailable as error:
            if error.slug != _BUSY:
                raise
            return {"elsewhere": True, "tasks": [], "ok": True}
        try:
            return _run(desk, tasks, dry_run=dry_run)
        except Unavailable as error:
            raise (_lost() if error.slug == _BUSY else error) from error


def _lost() -> Unavailable:
    """Another run may be at it by now, so this one writes nothing more, not even an alarm: its exit code is the alarm."""
    return Unavailable("due.lost", "The store's server ended this run in the middle: what it had not come to was not done.", retry=True,
                       next="custody due")  # fmt: skip


def _run(desk: Desk, tasks: Sequence[Task], *, dry_run: bool) -> Mapping[str, Json]:
    now = desk.clock.now()
    with desk.store.read() as tx:
        all_ = [standing(tx, desk.space, task, now) for task in tasks]
    missed = [one for one in all_ if one.missed(now)]
    told: list[Json] = []
    faults: dict[str, str] = {}
    known: set[str] = set()
    for one in all_:
        row = _told(one, stamp(now), due=one.due(now), missed=one in missed)
        if one.due(now) and not dry_run:
            outcome, fault = _try(desk, one.task)
            _note(desk, one, fault)
            if fault:
                faults[one.task.name] = fault
            if fault and _entered(desk, one, fault):
                known.add(one.task.name)
            row |= {"ran": True, "fault": fault, "did": outcome}
            if not fault:
                row |= {"done_at": stamp(now), "next_at": stamp(now + one.task.every)}
        told.append(row)
    fresh = [one for one in missed if one.task.name not in known]
    if not dry_run and (fresh or set(faults) - known):
        _alarm(desk, fresh, {name: fault for name, fault in faults.items() if name not in known})
    return {"elsewhere": False, "tasks": told, "missed": [one.task.name for one in missed], "failed": sorted(faults),
            "ok": dry_run or not (faults or missed), "mirrored": False if dry_run else mirrored(desk)}  # fmt: skip


def _entered(desk: Desk, one: Standing, fault: str) -> bool:
    """Whether the ledger has it from an earlier run of this day: a run that comes every hour says what stays so once a day."""
    return one.fault == fault and one.tried_at is not None and desk.day(one.tried_at) == desk.today()


def _told(one: Standing, now: str, *, due: bool, missed: bool) -> dict[str, Json]:
    return {"task": one.task.name, "every_hours": int(one.task.every.total_seconds()) // 3600, "due": due, "missed": missed,
            "done_at": stamp(one.done_at) if one.done_at else "", "next_at": now if due else stamp(one.next_at),
            "ran": False, "fault": one.fault, "did": {}}  # fmt: skip


def _try(desk: Desk, task: Task) -> tuple[dict[str, Json], str]:
    """(what it did, the slug of what went wrong or '')."""
    try:
        found = dict(task.run(replace(desk, for_company=True)))
    except CustodyError as error:
        return {}, error.slug
    except Exception as error:  # noqa: BLE001 - a full disk, a library's own: no task keeps the others from running, and this is an alarm
        return {}, f"{task.name}.{type(error).__name__}"
    return found, "" if found.get("ok", True) else f"{task.name}.not-ok"


def _note(desk: Desk, one: Standing, fault: str) -> None:
    now = stamp(desk.clock.now())
    done = stamp(one.done_at) if one.done_at else ""
    row: Cells = {
        "space": desk.space,
        "task": one.task.name,
        "done_at": done if fault else now,
        "tried_at": now,
        "fault": fault,
    }
    with desk.store.write() as tx:
        tx.drop("due_run", space=desk.space, task=one.task.name)
        tx.add("due_run", [row])


def _alarm(desk: Desk, missed: Sequence[Standing], faults: Mapping[str, str]) -> None:
    """An alarm is entered, so that it cannot be unsaid."""
    says: dict[str, Json] = {
        "missed": [f"{one.task.name} {stamp(one.next_at)}" for one in missed],
        "failed": [f"{name} {slug}" for name, slug in sorted(faults.items())],
    }
    with desk.store.write() as tx:
        append(tx, desk.space, stamp(desk.clock.now()), "due-alarm", says)
