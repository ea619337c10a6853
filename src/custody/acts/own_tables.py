"""Which tables speak of people themselves: a row of any other may name somebody else's telephone or address (spec/requests.md §7)."""

from typing import Final

from custody.ports.store import Transaction

OWN_TABLES: Final = frozenset(("subject", "other-people"))


def own_tables(tx: Transaction, vault: str) -> frozenset[str]:
    """The tables with a row for each person, by name."""
    return frozenset(str(row["tbl"]) for row in tx.find("tally", vault=vault) if row["role"] in OWN_TABLES)
