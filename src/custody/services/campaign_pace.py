"""How long a campaign takes within the limits of a relay, day by day, and whether that is before the closing (B1)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from custody.acts.campaigning import PLANNED, campaign
from custody.acts.delays import GIVES_UP
from custody.acts.desk import Desk
from custody.acts.told import telling
from custody.base.canonical import Json
from custody.base.clock import day
from custody.base.errors import Malformed

HOURS: Final = 24
_MOST: Final = 366


def campaign_pace(desk: Desk, ref: str, per_hour: int, per_day: int, hours: int = HOURS) -> Mapping[str, Json]:
    """`per_hour` or `per_day` may be 0: no limit of that kind; `hours`: so many of each day are sent in. Raises Malformed `campaign.pace`."""
    desk.require(("owner", "privacy", "lawyer", "data", "auditor"))
    daily = _daily(per_hour, per_day, hours)
    with desk.store.read() as tx:
        row = campaign(desk, tx, ref)
        left = tx.count("sending", campaign=str(row["id"]), state=PLANNED)
        closing = telling(tx, str(row["matter"])).get("closing_on", "")
    batches, first = _batches(left, daily), desk.today()
    last = day(closing)
    if len(batches) > _MOST:
        raise Malformed(
            "campaign.pace",
            "Within these limits it takes longer than a year.",
            next="Ask the relay for more, or use another.",
        )
    days: list[Json] = [
        {"day": (first + timedelta(days=n)).isoformat(), "messages": count} for n, count in enumerate(batches)
    ]
    known = first + timedelta(days=max(len(batches) - 1, 0)) + GIVES_UP
    return {"campaign": ref, "left": left, "per_day": daily, "days": days, "known_by": known.isoformat(), "closing_on": closing,
            "in_time": known <= last if last else None}  # fmt: skip


def _daily(per_hour: int, per_day: int, hours: int) -> int:
    limits = [one for one in (per_hour * hours, per_day) if one > 0]
    if not limits or min(per_hour, per_day) < 0 or not 1 <= hours <= HOURS:
        raise Malformed(
            "campaign.pace",
            "Say how many messages the relay takes in an hour or a day.",
            next="--per-hour 500 or --per-day 5000",
        )
    return min(limits)


def _batches(left: int, daily: int) -> list[int]:
    """How many go on each day; they add up to what is left."""
    whole, rest = divmod(left, daily)
    return [daily] * min(whole, _MOST + 1) + ([rest] if rest else [])
