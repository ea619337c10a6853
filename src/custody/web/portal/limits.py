"""How much one address may ask, in this process's memory: a bucket that fills at a steady rate."""

import threading
import time
from dataclasses import dataclass, field


@dataclass(slots=True)
class Buckets:
    """`size` requests at once, `per_minute` in the long run, for each name; what is full again is forgotten."""

    size: float
    per_minute: float
    _held: dict[str, tuple[float, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, name: str, cost: float = 1) -> bool:
        """Whether `name` may, and if so it has."""
        now = time.monotonic()
        with self._lock:
            left = self._left(name, now)
            if left < cost:
                return False
            self._held[name] = (left - cost, now)
            if len(self._held) > 10_000:
                self._held = {one: held for one, held in self._held.items() if self._left(one, now) < self.size}
            return True

    def _left(self, name: str, now: float) -> float:
        left, at = self._held.get(name, (self.size, now))
        return min(self.size, left + (now - at) * self.per_minute / 60)
