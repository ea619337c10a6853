"""The host under a home: what keeps its secrets when nobody is there to type a passphrase."""

from collections.abc import Mapping
from typing import Final, Protocol

from custody.ports.keys import KeyProvider

PARTY_KEY: Final = "keys/party.key"
"""Where a home keeps the party's signing key, sealed under the host's passphrase."""


class Host(Protocol):
    """The passphrase that the party's signing key and its roots stand under on this host."""

    def renew(self) -> KeyProvider:
        """Put all of them under a new one; returns the provider that knows it. Safe to run again after a crash."""
        ...

    def keys(self, provider: str, section: Mapping[str, str | int]) -> KeyProvider:
        """What the home would have if new roots were made by `provider`. Writes nothing. Raises Malformed `keys.config`."""
        ...

    def use_keys(self, provider: str, section: Mapping[str, str | int]) -> None:
        """Make new roots there from now on; older ones stay where they are until their rotation."""
        ...
