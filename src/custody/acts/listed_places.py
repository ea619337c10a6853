"""How a place for backups leaves the list: alone beside others, by two where nothing else would hold what it holds (spec/vault.md §21)."""

from typing import Final

from custody.acts.rotate import unfinished
from custody.ports.store import Transaction
from custody.vault.rotation import State

KEEPERS: Final = ("owner", "operator")
"""Who makes backups, and takes a place off the list beside others."""
_DONE: Final = frozenset((State.BACKED_UP, State.DESTROYING))


def waiting(tx: Transaction, space: str) -> list[str]:
    """The vaults, by name, of a rotation that has not renewed every place yet: what it leaves opens by backups of before alone."""
    rows = tx.find("vault", order=("name",), party=space)
    return [
        str(row["name"]) for row in rows if any(each["state"] not in _DONE for each in unfinished(tx, str(row["id"])))
    ]


def by_two(tx: Transaction, space: str) -> bool:
    """Whether any place that leaves the list now takes an owner and a second person: it is the last, or a rotation waits."""
    return tx.count("backup_place", space=space) < 2 or bool(waiting(tx, space))
