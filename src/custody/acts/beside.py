"""A look at what is held of somebody beside their records: what they wrote, a paper that was sent for them (spec/access.md §4a).

It is a look as any other: decided by the access policy, counted with the others of the day, entered before it opens. Nothing of it
lies in a compartment, so the policy is asked as of one that holds nothing else, and the decision is kept and decided again like the others.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from custody.acts.access_decisions import decided
from custody.acts.desk import Desk
from custody.acts.revealing import Look, checked, counted_alone, enter
from custody.acts.vaults import AUDIT
from custody.base import ids
from custody.base.canonical import Json
from custody.base.errors import Malformed
from custody.ports.store import Row, Transaction


class Beside(NamedTuple):
    """Something of a person that lies in no compartment: how a look at it is entered, its tier, for which purposes it was given."""

    kind: str
    tier: str
    purposes: tuple[str, ...]


WORDS: Final = Beside("request-read", "general", ("legal",))
"""What somebody wrote with a request: to have a right of theirs met, and for nothing else."""
PAPER: Final = Beside("guardian-paper-seen", "sensitive", ("legal", "service"))
"""A paper about a child and the family: sensitive, whoever looks (PIPL 28)."""


def look(
    desk: Desk, tx: Transaction, whom: tuple[str, bytes], what: Beside, why: tuple[str, str], more: Mapping[str, Json]
) -> Look:
    """Decide, count and enter one look of (vault, person) for (purpose, reason). The caller opens nothing where it is not open, and says so once this is committed.

    Raises Malformed `reveal.purpose`, `reveal.reason`, Denied `reveal.day`.
    """
    purpose, reason = why
    checked(purpose, reason)
    if purpose not in what.purposes:
        raise Malformed("reveal.purpose", "This purpose is not known.", next=f"Say one of: {', '.join(what.purposes)}.")
    counted_alone(desk, tx)
    place: Row = {"number": AUDIT, "tier": what.tier, "purposes": ",".join(what.purposes)}
    made = decided(desk, tx, whom[1], [(place, None)], purpose)
    position = enter(desk, tx, whom, made, purpose, {"subject": ids.subject_text(whom[1]), "reason": reason}, what.kind, more)  # fmt: skip
    return Look(whom[1], made, position)
