"""Signing keys that this process opened, for a minute at most: also of a token that is revoked, or of whoever leaves (spec/vault.md §16)."""

from typing import Final

from custody.adapters.keys.shortly import Shortly
from custody.base.signing import Signer

_OPENED: Final = Shortly[Signer]()


def signer(blob: bytes, secret: bytes) -> Signer:
    """The open key in a file. Raises Broken, Denied as `Signer.open_private`."""
    return _OPENED.get(secret, blob, lambda: Signer.open_private(blob, secret))
