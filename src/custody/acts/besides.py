"""Roots that stand under no vault: that of the suppression list, and those of open invitations (A4, A9).

No rotation of a vault destroys them, and whoever takes their provider away without a look at them loses what they open.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

from custody.acts.desk import Desk
from custody.base.errors import CustodyError
from custody.ports.store import Transaction, one

LIST = "suppression-list"
INVITATION = "invitation"


@dataclass(frozen=True, slots=True)
class Beside:
    """Where one lies, and what it opens: `deal` is the reference of an invitation's, '' of the list's."""

    kind: str
    deal: str
    ref: str
    wrapped: bytes = field(default=b"", repr=False)

    def fault(self, desk: Desk) -> str:
        """Why it does not open, as a slug; '' where it does."""
        try:
            if self.wrapped:
                desk.keys.unwrap(self.ref, self.wrapped)
            elif desk.keys.state(self.ref) != "live":
                return "keys.gone"
        except CustodyError as error:
            return error.slug
        return ""


def besides(desk: Desk, tx: Transaction) -> Iterator[Beside]:
    """The list's, then each open invitation's."""
    if (key := one(tx, "suppression_key", party=desk.space)) is not None:
        yield Beside(LIST, "", str(key["ref"]), cast("bytes", key["wrapped"]))
    for row in tx.find("deal_root", order=("matter", "n")):
        if not row["effective_at"] and not row["gone"]:
            matter = one(tx, "matter", id=str(row["matter"]))
            yield Beside(INVITATION, str(matter["ref"]) if matter else "", str(row["ref"]))
