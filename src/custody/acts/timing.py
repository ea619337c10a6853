"""The principal by which a home runs its own schedule: a machine, which approves nothing and signs in nowhere.

An ended one never acts again; whoever switches the schedule on again gets another, by the next handle that nobody has.
"""

from itertools import count
from pathlib import PurePosixPath
from typing import Final

from custody.ports.store import Row, Transaction, one

ROLES: Final = ("operator", "timer")
_FIRST: Final = "timer"
_ROLE: Final = "timer"
SECRETS: Final = "keys/timer*.pass"


def secret_of(handle: str) -> str:
    """Where its passphrase lies in the home: readable by whoever owns the files, as one that a timer of the host would be given."""
    return f"keys/{handle}.pass"


def handle_of(name: str) -> str:
    """The handle whose passphrase lies in a file of that name, "" where that is none's."""
    stem = PurePosixPath(name).stem
    return stem if stem == _FIRST or (stem.startswith(f"{_FIRST}-") and stem[len(_FIRST) + 1 :].isdecimal()) else ""


def timer(tx: Transaction, space: str) -> tuple[Row | None, str]:
    """The newest there was, also when it was ended; and the next handle that nobody has."""
    newest: Row | None = None
    for n in count(1):
        handle = _FIRST if n == 1 else f"{_FIRST}-{n}"
        row = one(tx, "principal", party=space, handle=handle)
        if row is None:
            return newest, handle
        if _ROLE in str(row["roles"]).split(","):  # a person may be called so
            newest = row
    raise AssertionError
