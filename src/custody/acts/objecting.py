"""How long somebody who was told may object before their silence is on file as such (spec/consent.md §9).

The period is data of the law: the clocks, counted from the notice, of every rule that asks for it, a house's own among them; the longest counts, so a
house may lengthen it alone, and shortens it only as it loosens any rule, by two signatures. It runs from when the notice is on file.
"""

from datetime import date, datetime
from typing import Final

from custody.base.clock import parse
from custody.law.due import due_under
from custody.law.pack import Packs
from custody.ports.store import Transaction

PERIOD: Final = "objection.period"
_TOLD: Final = "notice.delivered"
_FROM: Final = "notified"


def over(packs: Packs, tx: Transaction, matter: str, subject: bytes, now: datetime, on: date) -> bool:
    """Whether this person was told, and every period that law or house gives them has run."""
    rows = tx.find("evidence", matter=matter, subject=subject, type=_TOLD)
    told = min((parse(str(row["at"])) for row in rows), default=None)
    return told is not None and all(end <= now for end in _ends(packs, told, on))


def _ends(packs: Packs, told: datetime, on: date) -> list[datetime]:
    rules = (rule for rule in packs.rules if PERIOD in rule.evidence and rule.in_force(on))
    asked = (
        due_under(packs, rule, _FROM, told, {}).at
        for rule in rules
        if any(_FROM in clock.events for clock in rule.clocks)
    )
    return [at for at in asked if isinstance(at, datetime)]
