"""A running portal for tests: `custody portal` on the seller's home, or the buyer's."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.portal.conftest import PORTAL
from tests.running import running


@contextmanager
def portal(where: Path, half: str = "seller") -> Iterator[str]:
    """Start it, wait until it answers, give its address, stop it."""
    home = where / half
    secret = home / "keys" / "principals" / f"{PORTAL}.pass"
    with running("portal", "--home", home, "--as", PORTAL, "--passphrase-file", secret) as (base, _):
        yield base
