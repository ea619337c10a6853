"""Suites (spec/vault.md §2). A suite is pinned per vault, stands in every AAD and is never negotiated."""

from typing import Final

from custody.base.errors import Malformed
from custody.vault.keyid import KEY_BYTES, NO_KEY, commitment, key_id, require_key

__all__ = ["KEY_BYTES", "NO_KEY", "SUITE_AES", "SUITE_SM", "commitment", "key_id", "require_key", "require_suite"]

SUITE_AES: Final = 1
SUITE_SM: Final = 2  # reserved: refused until it seals, wraps and indexes by SM algorithms throughout


def require_suite(suite: int) -> None:
    """Refuse what this release cannot do. Raises Malformed `vault.suite`."""
    if suite != SUITE_AES:
        raise Malformed("vault.suite", f"Suite {suite} is not known here.", next="Use a release that knows this suite.")
