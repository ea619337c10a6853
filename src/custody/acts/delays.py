"""A message that a relay still tries to deliver is neither delivered nor returned (RFC 3464 §2.3.3, RFC 5321 §4.5.4.1; spec/campaigns.md §4)."""

from datetime import datetime, timedelta
from typing import Final

from custody.base.clock import parse, stamp
from custody.ports.store import Row

GIVES_UP: Final = timedelta(days=5)
"""When a relay that does not say so gives up: until then a message may come back, and counts as delivered no sooner."""
_LONGEST: Final = timedelta(days=10)
_MARK: Final = "delayed "


def delayed(now: datetime, until: datetime | None) -> str:
    """What is noted of such a message; a relay's day far off is not waited for."""
    return _MARK + stamp(min(until or now + GIVES_UP, now + _LONGEST).replace(microsecond=0))


def is_tried(sending: Row, now: datetime) -> bool:
    """Whether its relay may still try: it counts as delivered when that is over and it has not come back."""
    noted = str(sending["reply"] or "")
    return noted.startswith(_MARK) and parse(noted.removeprefix(_MARK)) > now
