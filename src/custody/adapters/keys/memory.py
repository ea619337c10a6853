"""Roots in memory, with the delay and assurance of whichever provider it stands in for: for drills and rehearsals.

Nothing of it outlives the process, so no vault that is meant to last may stand under it.
"""

import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from custody.base.errors import Broken, Missing
from custody.ports.keys import Destroyed, RootState, Terms

_NONCE: Final = 12


class MemoryProvider:
    """See `ports.keys.KeyProvider`. A delayed destroy is `scheduled`: such a root may still wrap nothing."""

    def __init__(self, assurance: str = "service", delay: timedelta = timedelta(0)) -> None:
        self._terms = Terms("memory", assurance, delay, ())
        self._roots: dict[str, bytes] = {}
        self._ends: dict[str, datetime] = {}

    def terms(self, ref: str = "") -> Terms:  # noqa: ARG002 - all roots here go alike
        return self._terms

    def find(self, vault: str, generation: int) -> Sequence[str]:
        ref = f"{vault}-{generation}"
        return [] if self.state(ref) == "gone" else [ref]

    def create(self, vault: str, generation: int) -> str:
        ref = f"{vault}-{generation}"
        self._roots.setdefault(ref, os.urandom(32))
        return ref

    def set_aside(self, ref: str) -> None:
        """Nothing: what is there opens, or says why not."""

    def unopened(self, label: str = "") -> Sequence[str]:  # noqa: ARG002 - what lies there opens, or is gone
        return ()

    def wrap(self, ref: str, key: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + AESGCM(self._root(ref)).encrypt(nonce, key, ref.encode())

    def unwrap(self, ref: str, blob: bytes) -> bytes:
        try:
            return AESGCM(self._root(ref)).decrypt(blob[:_NONCE], blob[_NONCE:], ref.encode())
        except (InvalidTag, ValueError) as error:
            raise Broken("keys.blob", "This key is not under this root.", kind="altered") from error

    def destroy(self, ref: str, now: datetime) -> Destroyed:
        if self._terms.delay and ref in self._roots:
            self._ends.setdefault(ref, now + self._terms.delay)
        elif ref in self._roots:
            del self._roots[ref]
        return Destroyed(self._ends.get(ref, now), self._terms.assurance)

    def state(self, ref: str) -> RootState:
        if ref in self._ends:
            return "scheduled"
        return "live" if ref in self._roots else "gone"

    def postpone(self, delay: timedelta) -> None:
        """A destroy takes that long from now on."""
        self._terms = self._terms._replace(delay=delay)

    def lose(self, ref: str) -> None:
        """The root is gone by accident."""
        self._roots.pop(ref, None)

    def _root(self, ref: str) -> bytes:
        if ref in self._ends or ref not in self._roots:
            raise Missing("keys.gone", "This root does not exist (any more).")
        return self._roots[ref]
