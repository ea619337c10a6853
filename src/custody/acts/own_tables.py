"""Which tables speak of people themselves: a row of any other may name somebody else's telephone or address (spec/requests.md §7)."""

from collections.abc import Collection
from typing import Final, cast

from custody.ports.store import Transaction

OWN_TABLES: Final = frozenset(("subject", "other-people"))


def own_tables(tx: Transaction, vault: str) -> frozenset[str]:
    """The tables with a row for each person, by name."""
    return frozenset(str(row["tbl"]) for row in tx.find("tally", vault=vault) if row["role"] in OWN_TABLES)


def have_own(tx: Transaction, vault: str, people: Collection[bytes]) -> set[bytes]:
    """Who of these has a row of their own; the others are known by what somebody's order says alone, and by that they are identified."""
    own = own_tables(tx, vault)
    numbers = [row["number"] for row in tx.find("schema", vault=vault) if row["tbl"] in own]
    return {
        cast("bytes", who)
        for number in numbers
        for (who,) in tx.among("record", ("subject",), "subject", people, vault=vault, schema=number)
    }
