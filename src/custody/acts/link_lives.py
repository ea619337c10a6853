"""How long the links of a deal's messages live: from when they go out, and past the last day on which their answer counts (spec/portal.md §1).

A link that is dead when it arrives, or before the day that its page named, makes a silence of somebody who could not speak.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final, cast

from custody.acts.desk import Desk
from custody.acts.links import LIFE
from custody.acts.told import ANSWER, CLOSING, telling
from custody.base.clock import day, parse, stamp
from custody.ports.store import Transaction

AFTER: Final = timedelta(days=7)
"""What a link lives beyond the last day, wherever its reader is."""
_LATE: Final = timedelta(days=1)
"""What a link may lack of its life when it goes out: those of one day are not written anew."""


def life(desk: Desk, tx: Transaction, matter: str) -> timedelta:
    """How long a link lives that is made or goes out now."""
    told = telling(tx, matter)
    days = [found for name in (ANSWER, CLOSING) if (found := day(told.get(name, "")))]
    last = [desk.first_moment(one) - desk.clock.now() + AFTER for one in days]
    return max([LIFE, *last])


def renew(desk: Desk, tx: Transaction, matter: str, links: Iterable[bytes], *, dead_too: bool = True) -> int:
    """Let these live as long as those made now, where they would end more than a day sooner; returns how many. What was shut stays shut.

    A token that is out already keeps opening its page: it ends with its row (links.given_out).
    """
    now = desk.clock.now()
    until, changed = now.replace(microsecond=0) + life(desk, tx, matter), 0
    for name, ends in list(tx.among("link", ("id", "expires_at"), "id", links, revoked_at="")):
        end = parse(str(ends))
        if end < until - _LATE and (dead_too or end > now):
            changed += tx.change("link", {"expires_at": stamp(until)}, id=cast("bytes", name))
    return changed


def renew_sent(desk: Desk, tx: Transaction, matter: str) -> int:
    """The same for every link in a message of a deal: its days were moved. One whose time is over stays so."""
    rows = (
        row
        for each in tx.find("campaign", matter=matter)
        for row in tx.scan("sending", order=("place",), campaign=str(each["id"]))
    )
    return renew(desk, tx, matter, [cast("bytes", row["link"]) for row in rows], dead_too=False)
