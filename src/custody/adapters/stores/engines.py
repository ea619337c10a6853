"""Engines: one for each opening of a store, closed with it; in a process that serves, one for each store, kept open.

To connect and to compile statements costs more than most answers of a page. A server therefore keeps both, never an answer.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import sqlalchemy as sa


@dataclass(slots=True)
class Engines:
    """The engines of this process."""

    keeps: bool = False
    """Whether this process serves: its connections stay, and its threads have much in common."""
    _kept: dict[tuple[str, bytes | None], sa.Engine] = field(
        default_factory=dict, repr=False
    )  # a key has a password in it
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self) -> None:
        """From here on engines stay: for a process that serves until it ends, and never forks."""
        self.keeps = True

    def end(self) -> None:
        """Close what was kept, and keep no more."""
        self.keeps, kept, self._kept = False, self._kept, {}
        for engine in kept.values():
            engine.dispose()

    def of(self, url: str, secret: bytes | None, make: Callable[[], sa.Engine]) -> sa.Engine:
        """The engine of the store at `url`."""
        if not self.keeps:
            return make()
        with self._lock:
            key = (url, secret)
            if key not in self._kept:
                self._kept[key] = make()
            return self._kept[key]

    def forget(self, url: str) -> None:
        """The store at `url` is about to be deleted: whoever opens another there later must not meet it."""
        with self._lock:
            gone = [self._kept.pop(key) for key in list(self._kept) if key[0] == url]
        for engine in gone:
            engine.dispose()

    def let_go(self, engine: sa.Engine) -> None:
        """A store was closed."""
        if engine not in self._kept.values():
            engine.dispose()


ENGINES: Final = Engines()
