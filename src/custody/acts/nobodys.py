"""Ids under which nobody stands: an erasure of a person does not take them (spec/vault.md §9)."""

from collections.abc import Iterable
from typing import Final

from custody.acts.expiring import QUARANTINED
from custody.base.errors import Refused
from custody.ports.store import Transaction, one

_KINDS: Final = frozenset((QUARANTINED, "reference"))


def require_people(tx: Transaction, vault: str, subjects: Iterable[bytes]) -> None:
    """That nobody named what is nobody's own: rows set aside, which name whom they name, the held among them, and the catalogue. Raises Refused `erase.not-a-person`."""
    rows = (one(tx, "subject", vault=vault, id=subject) for subject in subjects)
    found = sum(1 for row in rows if row is not None and row["kind"] in _KINDS)
    if found:
        raise Refused("erase.not-a-person", "Rows that were set aside, and the catalogue, are no customer to be erased.", where={"ids": found},
                      next="Erase whom they name: their rows go along. What nobody needs any more goes with its clock and with the deal.")  # fmt: skip
