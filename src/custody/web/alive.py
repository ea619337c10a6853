"""Whether a home can be worked in: what a process that serves says of itself to whoever watches over it."""

from pathlib import Path

from custody import wiring
from custody.base.errors import CustodyError


def answers(home: Path | None) -> bool:
    """Whether the store of a home opens and says whose it is."""
    try:
        return wiring.founded(home)
    except (CustodyError, OSError):
        return False
