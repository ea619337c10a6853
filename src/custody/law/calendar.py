"""Counting time as law counts it: elapsed hours, local days, months, working days (spec/law.md §6)."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import chinese_calendar
import holidays

from custody.base.errors import Unavailable
from custody.law.clock import Span, Until

_LAST: Final = time(23, 59, 59)
_DAYS: Final = {"days": 1, "weeks": 7}
_MONTHS: Final = {"months": 1, "years": 12}


def moved(start: datetime, span: Span, zone: ZoneInfo, days: str, *, back: bool = False) -> datetime:
    """The end of a span that begins at `start`, or that ends there and is counted back."""
    way = -1 if back else 1
    if span.unit == "hours":
        # Aware arithmetic in one zone would count wall-clock hours; an elapsed hour is one in UTC as well.
        return datetime.fromtimestamp(start.timestamp() + way * span.amount * 3600, zone)
    return end_of(shifted(start.astimezone(zone).date(), span, days, way), zone)


def shifted(day: date, span: Span, days: str, way: int = 1) -> date:
    """The local day a span of whole days leads to."""
    if span.unit in _DAYS:
        return day + timedelta(days=way * span.amount * _DAYS[span.unit])
    if span.unit in _MONTHS:
        return _months(day, way * span.amount * _MONTHS[span.unit])
    left = span.amount
    while left:
        day += timedelta(days=way)
        left -= is_working(day, days)
    return day


def next_yearly(day: date, until: Until) -> date:
    """The next such day of the year after `day`."""
    found = date(day.year, until.month, until.day)
    return found if found > day else date(day.year + 1, until.month, until.day)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The last second of a local day."""
    return datetime.combine(day, _LAST, zone)


def working_between(first: date, last: date, days: str) -> int:
    """Working days after `first` up to and including `last`."""
    span = range(1, (last - first).days + 1)
    return sum(is_working(first + timedelta(days=step), days) for step in span)


def is_working(day: date, days: str) -> bool:
    """Whether a calendar has a working day. Raises Unavailable `law.calendar` where it is not known."""
    if days == "CN":
        return _is_working_in_china(day)
    if not days:
        raise Unavailable("law.calendar", "No calendar of working days is known for this place.")
    return day.weekday() < 5 and day not in _holidays(days)


def _is_working_in_china(day: date) -> bool:
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError as error:
        raise Unavailable(
            "law.calendar",
            f"The State Council's calendar for {day.year} is not known to this installation: nothing is guessed.",
            next="Install a newer release of chinesecalendar.",
            where={"year": day.year},
        ) from error


@lru_cache(maxsize=32)
def _holidays(days: str) -> Mapping[date, str]:
    """Public holidays, computed per year as they are asked for. A place without subdivisions has no second part."""
    country, _, part = days.partition("-")
    found: Mapping[date, str] = holidays.country_holidays(country, subdiv=part or None)
    return found


def _months(day: date, count: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
