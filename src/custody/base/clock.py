"""Time: UTC instants from one injected clock, written as RFC 3339 with `Z` and microseconds (docs/architecture.md §7)."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from threading import Lock
from typing import Final, Protocol

from custody.base.errors import Malformed, Unavailable


class Clock(Protocol):
    """Where every instant comes from. `simulated` marks what is written under it as a rehearsal."""

    simulated: bool

    def now(self) -> datetime:
        """The current instant, aware, in UTC."""
        ...


class SystemClock:
    """The host's clock."""

    simulated = False

    def now(self) -> datetime:
        return datetime.now(UTC)


class HeldClock:
    """The host's clock, never before an instant that was entered."""

    simulated = False

    def __init__(self, last: datetime) -> None:
        self._last = last

    def now(self) -> datetime:
        return max(datetime.now(UTC), self._last)


class SimulatedClock:
    """A clock that moves only when told to; everything stamped by it is a rehearsal."""

    simulated = True

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        self._now += timedelta(microseconds=1)
        return self._now

    def advance(self, span: timedelta) -> None:
        """Move forward by `span`; never back."""
        self._now += max(span, timedelta(0))


class SharedClock(SimulatedClock):
    """One for all threads of a process, as the host's is: whoever asks later is told a later instant, under whatever lock they ask."""

    def __init__(self) -> None:
        super().__init__(datetime.min.replace(tzinfo=UTC))
        self._lock = Lock()

    def now(self) -> datetime:
        with self._lock:
            return super().now()

    def reach(self, instant: datetime) -> None:
        """Be no earlier than that; never go back."""
        with self._lock:
            self._now = max(self._now, instant)


_SHARED: Final = defaultdict[str, SharedClock](SharedClock)


def shared(name: str, instant: datetime) -> SharedClock:
    """The one clock of a rehearsal in this process, no earlier than `instant`: each who began at the last entry for themselves would be behind whoever wrote meanwhile."""
    _SHARED[name].reach(instant)
    return _SHARED[name]


def behind() -> Unavailable:
    """The clock is behind the last entry. Who sets it to a wrong time to get on lets waits run out that the law or two people set."""
    return Unavailable(
        "clock.behind",
        "The clock is behind the last ledger entry.",
        next="Set the host's clock right. Where it is right, it was ahead when that entry was made: leave it right, run nothing under a wrong one, and say so: custody clock-correct --dry-run",
    )


def stamp(instant: datetime) -> str:
    """`2026-03-16T14:30:00.000000Z`."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse(text: str) -> datetime:
    """An aware instant from RFC 3339 text. Raises Malformed `clock.instant`."""
    try:
        instant = datetime.fromisoformat(text)
        if instant.tzinfo is None:
            raise Malformed("clock.instant", "An instant needs a zone: write Z or an offset.")
        return instant.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Malformed("clock.instant", "This is not an RFC 3339 instant.") from error


def day(text: str) -> date | None:
    """A day as YYYY-MM-DD and no other way, so that two of them compare as text as well; None when it is none."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.isoformat() == text else None
