"""Where backups lie, how far each is behind, and what runs by itself: whether somebody would lose something today (A5, E8). Changes nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, cast

from custody.acts.desk import Desk
from custody.acts.drilling import drills, told
from custody.acts.drilling import standing as drill_standing
from custody.acts.listed_places import by_two
from custody.acts.matters import ledger_size
from custody.acts.schedule import Standing, Task, standing
from custody.acts.timing import timer
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import CustodyError
from custody.ports.store import Row

_SHOWN: Final = 20
LOOKERS: Final = ("owner", "privacy", "operator", "auditor")


def backup_list(desk: Desk, tasks: Sequence[Task]) -> Mapping[str, Json]:
    """Every place on the list, whether it is there and apart from the home, whether one person takes it off (`alone`), how each scheduled task stands, whether the home has a timer of its own, and what rehearsals of a restore came to. Raises Denied `act.role`."""
    desk.require(LOOKERS)
    with desk.store.read() as tx:
        size = ledger_size(tx, desk.space)
        now = desk.clock.now()  # after what is read stands still: a run that ended meanwhile is not one of the future
        rows = tx.find("backup_place", order=("place",), space=desk.space)
        alone = not by_two(tx, desk.space)
        handles = {str(row["id"]): str(row["handle"]) for row in tx.find("principal", party=desk.space)}
        made: list[Json] = [told(row, handles) for row in drills(tx, desk.space, _SHOWN)]
        next_drill = drill_standing(tx, desk.space, now)
        stands = [standing(tx, desk.space, task, now) for task in tasks]
        own, _ = timer(tx, desk.space)
    places: list[Json] = [{**_place(desk, row, size), "alone": alone} for row in rows]
    runs: list[Json] = [_run(one, now) for one in stands]
    return {
        "places": places,
        "runs": runs,
        "mirror_apart": desk.outside.apart("mirror"),
        "drills": made,
        "timer": own is not None and not own["revoked_at"],
        **next_drill,
    }


def _place(desk: Desk, row: Row, size: int) -> dict[str, Json]:
    """`behind` is how many entries came since; without a time no backup ended well there."""
    place, position = str(row["place"]), cast("int", row["position"])
    return {"place": place, "at": str(row["at"]), "behind": max(0, size - position), "there": _there(desk, place),
            "apart": desk.outside.apart(place), "region": desk.outside.region(place)}  # fmt: skip


def _there(desk: Desk, place: str) -> bool:
    try:
        desk.outside.backup(place)
    except CustodyError:
        return False
    return True


def _run(one: Standing, now: datetime) -> dict[str, Json]:
    return {"task": one.task.name, "every_hours": int(one.task.every.total_seconds()) // 3600, "done_at": stamp(one.done_at) if one.done_at else "",
            "next_at": stamp(one.next_at), "missed": one.missed(now), "fault": one.fault}  # fmt: skip
