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


def value_of(tx: Transaction, name: str) -> int:
    """Where `name` stands; 0 where nothing was counted."""
    row = one(tx, "counter", name=name)
    return 0 if row is None else int(row["value"] or 0)


def add_up_to(tx: Transaction, name: str, more: int, *, most: int) -> bool:
    """Add `more` to `name` unless that would pass `most`: then nothing is added, and False."""
    value = more + value_of(tx, name)
    if value > most:
        return False
    set_least(tx, name, value)
    return True


def set_to(tx: Transaction, name: str, value: int) -> None:
    """Let `name` stand at `value`, for a size that is set and not counted."""
    tx.drop("counter", name=name)
    tx.add("counter", [{"name": name, "value": value}])


def set_least(tx: Transaction, name: str, value: int) -> None:
    """Let `name` stand at `value` at least: it never goes back."""
    row = one(tx, "counter", name=name)
    if row is None:
        tx.add("counter", [{"name": name, "value": value}])
    elif int(row["value"] or 0) < value:
        tx.change("counter", {"value": value}, name=name)
