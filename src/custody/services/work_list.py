"""Open work with its person and day, the most urgent first; `work_due` is what the schedule looks at (B4, E5)."""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Final

from custody.acts import customer_work
from custody.acts.desk import Desk
from custody.acts.owning import HANDS, Open, open_work
from custody.base.canonical import Json

MOST: Final = 500


READERS: Final = (*HANDS, "auditor", "advisor")


def work_list(
    desk: Desk, person: str, only: Collection[str] | None = None, most: int = MOST, start: int = 0
) -> Mapping[str, Json]:
    """Everybody's, or one person's; of `only` these, where it is given; `most` lines behind the first `start`."""
    desk.require(READERS)
    with desk.store.read() as tx:
        found = [one for one in open_work(desk, tx, only) if person in {"", one.person}]
        over = customer_work.told_over(desk, tx) if only is None else []
    today = desk.today().isoformat()
    listed: list[Json] = [_told(one, today) for one in found[start : start + most]]
    return {
        "work": listed,
        "total": len(found),
        "late": sum(one.late(today) for one in found),
        **({"unlisted": over} if over else {}),
    }


def work_due(desk: Desk) -> Mapping[str, Json]:
    """`ok` is False while a day has passed: an alarm that names whose work it is."""
    with desk.store.read() as tx:
        found = open_work(desk, tx)
    today = desk.today().isoformat()
    late = Counter(one.person for one in found if one.late(today))
    people: list[Json] = [{"person": person, "late": count} for person, count in sorted(late.items())]
    return {"open": len(found), "late": late.total(), "people": people, "ok": not late}


def _told(one: Open, today: str) -> dict[str, Json]:
    return {"work": one.work, "kind": one.kind, "what": one.what, "came_at": one.came_at, "by_law": one.by_law, "person": one.person,
            "due_on": one.due_on, "given": one.given, "late": one.late(today),
            **({"pass_to": one.pass_to} if one.pass_to else {}), **({"rows": one.rows, "unclear": one.unclear} if one.rows else {})}  # fmt: skip
