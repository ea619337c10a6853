"""Several providers behind one port: new roots are made by the one in use, old ones are asked where they were made.

A reference begins with the name of its provider and a colon; without one it is a passphrase file's. So a rotation moves a
vault to another provider: root g+1 is made there, g is destroyed where it lies.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from custody.base.errors import Missing
from custody.ports.keys import Destroyed, KeyProvider, RootState, Terms

FILE = "passphrase-file"


class RoutedKeys:
    """See `ports.keys.KeyProvider`. A provider is set up when it is first asked. Also raises Missing `keys.provider`."""

    def __init__(self, used: str, providers: Mapping[str, Callable[[], KeyProvider]]) -> None:
        self._used, self._makers = used, providers
        self._made: dict[str, KeyProvider] = {}

    def terms(self, ref: str = "") -> Terms:
        return self._of(ref).terms(ref) if ref else self._provider(self._used).terms()

    def create(self, vault: str, generation: int) -> str:
        return self._provider(self._used).create(vault, generation)

    def find(self, vault: str, generation: int) -> Sequence[str]:
        return [ref for name in self._makers for ref in self._provider(name).find(vault, generation)]

    def set_aside(self, ref: str) -> None:
        self._of(ref).set_aside(ref)

    def unopened(self, label: str = "") -> Sequence[str]:
        return [ref for name in self._makers for ref in self._provider(name).unopened(label)]

    def wrap(self, ref: str, key: bytes) -> bytes:
        return self._of(ref).wrap(ref, key)

    def unwrap(self, ref: str, blob: bytes) -> bytes:
        return self._of(ref).unwrap(ref, blob)

    def destroy(self, ref: str, now: datetime) -> Destroyed:
        return self._of(ref).destroy(ref, now)

    def state(self, ref: str) -> RootState:
        return self._of(ref).state(ref)

    def _of(self, ref: str) -> KeyProvider:
        name, colon, _ = ref.partition(":")
        return self._provider(name if colon else FILE)

    def _provider(self, name: str) -> KeyProvider:
        if name not in self._made:
            if name not in self._makers:
                raise Missing("keys.provider", f"A root lies at a key provider that custody.toml does not set up: {name}.",
                              next="Put its section back: docs/guide/providers.md.")  # fmt: skip
            self._made[name] = self._makers[name]()
        return self._made[name]
