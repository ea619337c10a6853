"""Whom the index has to look at again: its file is reached by no transaction of the store, so the store remembers (§13)."""

from custody.ports.store import Cells, Transaction, one


def note(tx: Transaction, vault: str, subject: bytes) -> None:
    """The index has to look at this subject again: its file is reached by no transaction of the store."""
    if one(tx, "unindexed", vault=vault, subject=subject) is None:
        row: Cells = {"vault": vault, "subject": subject}
        tx.add("unindexed", [row])
