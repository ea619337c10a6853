"""A running portal for tests: `custody portal` on the seller's home."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.portal.conftest import PORTAL
from tests.running import running


@contextmanager
def portal(where: Path) -> Iterator[str]:
    """Start it, wait until it answers, give its address, stop it."""
    home = where / "seller"
    secret = home / "keys" / "principals" / f"{PORTAL}.pass"
    with running("portal", "--home", home, "--as", PORTAL, "--passphrase-file", secret) as (base, _):
        yield base
