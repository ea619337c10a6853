"""The principal by which a home runs its own schedule: a machine, which approves nothing and signs in nowhere."""

from typing import Final

from custody.ports.store import Row, Transaction, one

HANDLE: Final = "timer"
ROLES: Final = ("operator", "timer")
SECRET: Final = "keys/timer.pass"  # noqa: S105 - where it lies
"""Its passphrase, in the home: readable by whoever owns the files, as one that a timer of the host would be given."""


def timer(tx: Transaction, space: str) -> Row | None:
    """Its row, also when it was ended."""
    return one(tx, "principal", party=space, handle=HANDLE)
