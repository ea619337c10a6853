"""A vault that went with its store before any backup had it: its deal is received into it again, and what the ledger says of it holds (spec/vault.md §21)."""

from custody.acts.entries import KIND, MATTER, positions, read_at
from custody.acts.evidence import entry_kind
from custody.acts.generations import FILLED
from custody.ports.store import Transaction


def lost_vault(tx: Transaction, space: str, matter: str) -> str:
    """The vault into which this deal was received last, where the store has it no more; '' of none.

    A receipt is entered right behind what it is the receipt of.
    """
    receipts = set(positions(tx, space, KIND, "statement.received")) & set(positions(tx, space, MATTER, matter))
    filled = (number - 1 for number in sorted(receipts, reverse=True))
    last = next((number for number in filled if entry_kind(tx, space, number) == FILLED), None)
    vault = "" if last is None else str(read_at(tx, space, last).says["vault"])
    return "" if not vault or tx.count("vault", id=vault) else vault
