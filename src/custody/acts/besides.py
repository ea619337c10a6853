"""Roots beside those in force: that of the suppression list and those of open invitations, which stand under no vault, and those that a vault leaves (A4, A9).

Whoever takes their provider away without a look at them loses what they open, or leaves a rotation that never ends.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

from custody.acts import destroys
from custody.acts.desk import Desk
from custody.acts.rotate import unfinished
from custody.acts.vaults import keyring_ref
from custody.base.errors import CustodyError
from custody.ports.store import Transaction, one

LIST = "suppression-list"
INVITATION = "invitation"
ROTATION = "rotation"
FORMER = "former-root"


@dataclass(frozen=True, slots=True)
class Beside:
    """Where one lies, and what it opens: `deal` is the reference of an invitation's, `vault` the name of one that is left or on its way; '' else."""

    kind: str
    deal: str
    ref: str
    wrapped: bytes = field(default=b"", repr=False)
    vault: str = ""

    def fault(self, desk: Desk) -> str:
        """Why it does not open, as a slug; '' where it does. Of one that a vault leaves, why nobody can say how it stands."""
        try:
            if self.wrapped:
                desk.keys.unwrap(self.ref, self.wrapped)
            elif desk.keys.state(self.ref) != "live" and not self.vault:
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


def left(desk: Desk, tx: Transaction) -> Iterator[Beside]:
    """Of each vault the root that a rotation under way leaves, or has made, and those that were ordered to go and nobody has seen gone."""
    for vault in tx.find("vault", order=("name",), party=desk.space):
        name = str(vault["name"])
        for row in unfinished(tx, str(vault["id"])):
            if ref := keyring_ref(cast("bytes", row["detail"])):
                yield Beside(ROTATION, "", ref, vault=name)
        for asked in destroys.unseen(tx, str(vault["id"])):
            yield Beside(FORMER, "", asked.ref, vault=name)
