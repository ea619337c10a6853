"""Whom the index has to look at again: its file is reached by no transaction of the store, so the store remembers (§13)."""

from collections.abc import Collection

from custody.ports.store import Cells, Transaction, one


def note(tx: Transaction, vault: str, subject: bytes) -> None:
    """The index has to look at this subject again: its file is reached by no transaction of the store."""
    if one(tx, "unindexed", vault=vault, subject=subject) is None:
        row: Cells = {"vault": vault, "subject": subject}
        tx.add("unindexed", [row])


def note_all(tx: Transaction, vault: str, subjects: Collection[bytes]) -> None:
    """The same for several people."""
    known = {who for (who,) in tx.among("unindexed", ("subject",), "subject", subjects, vault=vault)}
    rows: list[Cells] = [{"vault": vault, "subject": who} for who in sorted(subjects) if who not in known]
    if rows:
        tx.add("unindexed", rows)
