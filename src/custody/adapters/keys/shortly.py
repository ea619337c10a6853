"""Stretched passphrases and opened signing keys of this process, for a minute at most (spec/vault.md §11, §16): a page need not pay for Scrypt at each click.

- A stretched passphrase opens root files and nothing else; the file is read each time, so a root that is destroyed is gone at once.
- It is filed under a keyed hash of passphrase and salt: another passphrase, or files resealed under one, find nothing here.
- A timer takes it out after its minute, asked for or not. No repr shows it.
"""

import hashlib
import os
import threading
from collections.abc import Callable
from typing import Final, Generic, TypeVar

Kept = TypeVar("Kept")
SECONDS: Final = 60.0


class Shortly(Generic[Kept]):
    """Keys by the secret and the salt they were made from, each forgotten `seconds` after it was made."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds, self._salt = seconds, os.urandom(32)
        self._lock, self._kept = threading.Lock(), dict[bytes, Kept]()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, secret: bytes, lead: bytes, make: Callable[[], Kept]) -> Kept:
        """The key made from `secret` and `lead`; `make` makes it where it is not kept. What it raises is not kept."""
        name = hashlib.blake2b(len(lead).to_bytes(4) + lead + secret, key=self._salt, digest_size=32).digest()
        with self._lock:
            found = self._kept.get(name)
        return found if found is not None else self._keep(name, make())

    def _keep(self, name: bytes, key: Kept) -> Kept:
        with self._lock:
            if name not in self._kept:
                self._kept[name] = key
                timer = threading.Timer(self._seconds, self._forget, (name,))
                timer.daemon = True  # a process that ends takes the key along
                timer.start()
        return key

    def _forget(self, name: bytes) -> None:
        with self._lock:
            self._kept.pop(name, None)
