"""A message that a relay still tries to deliver is neither delivered nor returned (RFC 3464 §2.3.3, RFC 5321 §4.5.4.1; spec/campaigns.md §4).

Nor is one of which something came back that nobody understood: it is held until somebody has looked (ADR 0114).
"""

from datetime import datetime, timedelta
from typing import Final

from custody.base.clock import parse, stamp
from custody.ports.store import Row

GIVES_UP: Final = timedelta(days=5)
"""When a relay that does not say so gives up: until then a message may come back, and counts as delivered no sooner."""
_LONGEST: Final = timedelta(days=10)
_MARK: Final = "delayed "
_HELD: Final = "unclear"
_HELD_TRIED: Final = "unclear delayed"
HELDS: Final = (_HELD, _HELD_TRIED)
"""What is noted of a message of which nobody knows what came back, once its relay had said that it tries, too."""
LOOKED: Final = "looked"
"""The same when somebody has looked, and says that it did arrive."""


def delayed(sending: Row, now: datetime, until: datetime | None) -> str:
    """What is noted of such a message; a relay's day far off is not waited for. What is held stays so."""
    return (
        _HELD_TRIED
        if is_held(sending)
        else _MARK + stamp(min(until or now + GIVES_UP, now + _LONGEST).replace(microsecond=0))
    )


def held(sending: Row) -> str:
    """What is noted where it is unclear what came back; once somebody has looked, the same message does not hold it again."""
    noted = str(sending["reply"] or "")
    if noted == LOOKED:
        return noted
    return _HELD_TRIED if noted.startswith(_MARK) or noted == _HELD_TRIED else _HELD


def looked(sending: Row, now: datetime) -> str:
    """What is noted when somebody has looked and says that it arrived. What its relay tried waits once more as long as relays try: until when it said is not kept."""
    noted = str(sending["reply"] or "")
    if noted == _HELD_TRIED:
        return _MARK + stamp((now + GIVES_UP).replace(microsecond=0))
    return noted if noted.startswith(_MARK) else LOOKED


def is_held(sending: Row) -> bool:
    """Whether somebody has to look first."""
    return sending["reply"] in HELDS


def is_noted(sending: Row) -> bool:
    """Whether what came back was noted of it."""
    return is_held(sending) or sending["reply"] == LOOKED or str(sending["reply"] or "").startswith(_MARK)


def waits(sending: Row, now: datetime) -> bool:
    """Whether silence says nothing of it yet."""
    return is_held(sending) or is_tried(sending, now)


def is_tried(sending: Row, now: datetime) -> bool:
    """Whether its relay may still try: it counts as delivered when that is over and it has not come back."""
    noted = str(sending["reply"] or "")
    return noted.startswith(_MARK) and parse(noted.removeprefix(_MARK)) > now
