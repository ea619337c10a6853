"""How far the ledger is ahead of a clock that is right, and over which leap it may go back (spec/ledger.md §4a, decision 117)."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final, NamedTuple, cast

from custody.acts.entries import KIND, positions, read_at
from custody.base.clock import parse, stamp
from custody.base.errors import Refused
from custody.ledger import entry as entries
from custody.ports.store import Transaction, Within, one

ACT: Final = "clock-correct"
"""What a second person approves."""


class Leap(NamedTuple):
    """From `since` to the end entries were made under a clock that was ahead; `was` is the last one's instant, `number` that of the entry that comes next."""

    number: int
    since: int
    was: str


def ahead(tx: Transaction, space: str, now: datetime) -> bool:
    """Whether the last entry lies after that moment, so that none could be written."""
    head = one(tx, "ledger_head", space=space)
    return head is not None and parse(str(head["last_at"])) > now


def leap(tx: Transaction, space: str, now: datetime) -> Leap:
    """The longest leap over which time may go back to `now`. Raises Refused `clock.not-behind`, `clock.no-leap`."""
    head = one(tx, "ledger_head", space=space)
    if head is None or parse(str(head["last_at"])) <= now:
        raise Refused("clock.not-behind", "The clock is not behind the ledger: there is nothing to correct.",
                      next="Go on as ever.")  # fmt: skip
    was, at = str(head["last_at"]), stamp(now)
    found = [(parse(later) - parse(held), number) for number, held, later in _pairs(tx, space)
             if held <= at and entries.leaps(held, later, at, was)]  # fmt: skip
    if not found:
        raise Refused("clock.no-leap", "The ledger shows no leap of the clock that is as long as this goes back: no entry is known to have been made ahead of its time.",
                      where={"entry": was, "now": at}, next="Look at this host's clock: it is likely to be behind. Where it is right, wait until the instant of the last entry.")  # fmt: skip
    return Leap(cast("int", head["size"]), max(found)[1], was)


def steps(tx: Transaction, space: str) -> list[int]:
    """The numbers of the corrections that were made, the newest first."""
    return positions(tx, space, KIND, f"entry.{entries.STEP}")


class Corrected(NamedTuple):
    """Of one correction: the first entry it goes over, its own number, when it was made."""

    since: int
    number: int
    at: str


def corrections(tx: Transaction, space: str) -> list[Corrected]:
    """Those that were made."""
    found = (read_at(tx, space, number) for number in steps(tx, space))
    return [Corrected(int(str(one.says["since"])), one.position, one.at) for one in found]


def latest(made: Iterable[Corrected], position: int, at: str) -> str:
    """When what an entry notes for `at` was at the latest: what was entered under a clock that was ahead was entered before it was corrected."""
    return min((at, *(one.at for one in made if one.since <= position < one.number)))


def _pairs(tx: Transaction, space: str) -> Iterator[tuple[int, str, str]]:
    """(number, instant of the entry before it, its own) of each entry behind the last correction."""
    made, held = steps(tx, space), ""
    behind = (Within("position", made[0] if made else 0),)
    for row in tx.scan("ledger_entry", behind, order=("position",), space=space):
        later = str(entries.parse(cast("bytes", row["entry"]))["at"])
        if held:
            yield cast("int", row["position"]), held, later
        held = later
