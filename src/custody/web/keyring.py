"""Open keys of people who are signed in: in this process's memory, for as long as their session is used (decision 22).

A key is found by a random name that the session holds; the name opens nothing outside this process. Neither database
nor cookie ever holds a key or a passphrase. A restart forgets them all, and everybody signs in again.
"""

import secrets
import threading
import time
from dataclasses import dataclass, field

from custody.base.signing import Signer


@dataclass(slots=True)
class Keyring:
    """`idle` seconds without use and a key is forgotten."""

    idle: float
    _held: dict[str, tuple[str, Signer, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def put(self, person: str, signer: Signer) -> str:
        """Hold the key of the principal `person`; returns the name for the session."""
        name = secrets.token_urlsafe(32)
        with self._lock:
            self._held[name] = (person, signer, time.monotonic())
        return name

    def get(self, name: str, person: str, *, used: bool = True) -> Signer | None:
        """The key under `name`, if it is that person's and was used lately; it is `used` by this unless nobody asked for it."""
        now = time.monotonic()
        with self._lock:
            self._held = {one: held for one, held in self._held.items() if now - held[2] < self.idle}
            held = self._held.get(name)
            if held is None or held[0] != person:
                return None
            if used:
                self._held[name] = (person, held[1], now)
            return held[1]

    def drop(self, name: str) -> None:
        """Forget one."""
        with self._lock:
            self._held.pop(name, None)

    def drop_others(self, person: str, kept: str) -> None:
        """Forget every key of one person but the one under the name `kept`."""
        with self._lock:
            self._held = {one: held for one, held in self._held.items() if held[0] != person or one == kept}

    def drop_person(self, person: str) -> None:
        """Forget every key of one person."""
        with self._lock:
            self._held = {one: held for one, held in self._held.items() if held[0] != person}
