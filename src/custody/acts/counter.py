"""Running numbers that are never reused: deal references, release numbers, erasure sequence."""

from custody.ports.store import Transaction, one


def next_number(tx: Transaction, name: str) -> int:
    """The next value of `name`, from 1."""
    row = one(tx, "counter", name=name)
    if row is None:
        tx.add("counter", [{"name": name, "value": 1}])
        return 1
    value = int(row["value"] or 0) + 1
    tx.change("counter", {"value": value}, name=name)
    return value


def set_least(tx: Transaction, name: str, value: int) -> None:
    """Let `name` stand at `value` at least: it never goes back."""
    row = one(tx, "counter", name=name)
    if row is None:
        tx.add("counter", [{"name": name, "value": value}])
    elif int(row["value"] or 0) < value:
        tx.change("counter", {"value": value}, name=name)
