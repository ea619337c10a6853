"""Of which time a relay's log is, by the times on its lines (spec/campaigns.md §3): RFC 3339, the same without a zone, or a syslog's without a year.

A time without a zone may be of any: it stands for a span, and whether a log reaches over a moment is only said where no zone would make it otherwise.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

_ISO: Final = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,]\d+)?(?: ?(Z|[+-]\d\d:?\d\d))?(?!\d)")
_SYSLOG: Final = re.compile(
    r"(?:<\d+>)?(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) {1,2}(\d{1,2}) (\d\d:\d\d:\d\d)(?!\d)"
)
_EAST: Final = timedelta(hours=14)
_WEST: Final = timedelta(hours=12)
AFTER: Final = timedelta(minutes=10)
"""So long after a message was begun a relay may still write that it took it."""


class Span(NamedTuple):
    """When a line was written: not before, and not after."""

    first: datetime
    last: datetime


class Times(NamedTuple):
    """The times of a log."""

    spans: tuple[Span, ...]

    def reach_over(self, at: datetime) -> bool:
        """Whether it surely begins before this moment and goes on until whatever was begun then stands in it."""
        return any(one.last <= at for one in self.spans) and any(one.first >= at + AFTER for one in self.spans)

    def miss(self, at: datetime) -> bool:
        """Whether this moment surely lies before its first line or after its last."""
        return bool(self.spans) and (
            all(one.first > at for one in self.spans) or all(one.last < at for one in self.spans)
        )


def times(log: str, near: datetime) -> Times:
    """Those of its lines; a year that is not written is the one that brings it nearest."""
    return Times(tuple(span for line in log.splitlines() if (span := _span(line, near))))


def _span(line: str, near: datetime) -> Span | None:
    for read in (_iso, _syslog):
        for found in read(line, near):
            return found
    return None


def _iso(line: str, _: datetime) -> Iterator[Span]:
    if found := _ISO.search(line):
        day, hour, zone = found.groups()
        yield from _spans(f"{day}T{hour}{'+00:00' if zone == 'Z' else zone or ''}")


def _syslog(line: str, near: datetime) -> Iterator[Span]:
    if found := _SYSLOG.match(line):
        month, day, hour = found.groups()
        number = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"].index(month) + 1
        texts = (f"{year}-{number:02d}-{int(day):02d}T{hour}" for year in (near.year - 1, near.year, near.year + 1))
        made = [span for text in texts for span in _spans(text)]
        yield from sorted(made, key=lambda one: abs(one.first - near))[:1]


def _spans(text: str) -> Iterator[Span]:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return
    if at.tzinfo is not None:
        yield Span(at, at)
    else:
        yield Span(at.replace(tzinfo=UTC) - _EAST, at.replace(tzinfo=UTC) + _WEST)
