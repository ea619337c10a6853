"""What runs by itself and how often; when it last ended well, and what was missed (spec/retention.md §6)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from custody.acts.desk import Desk
from custody.base.canonical import Json
from custody.base.clock import parse
from custody.ports.store import Transaction, one

_APART: Final = timedelta(minutes=5)
"""How far the clocks of two hosts of one store, or of two commands of a rehearsal, may differ without one of them being wrong."""


@dataclass(frozen=True, slots=True)
class Task:
    """One task: how often, and what it does. What it returns is told; `ok: False` in it is a fault."""

    name: str
    every: timedelta
    run: Callable[[Desk], Mapping[str, Json]]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a task stands at a moment."""

    task: Task
    done_at: datetime | None
    next_at: datetime
    fault: str
    tried_at: datetime | None = None

    def due(self, now: datetime) -> bool:
        """Whether it is to run: that it ended later than now is no word of a run that counts, so it runs again."""
        return now >= self.next_at or self.ahead(now)

    def missed(self, now: datetime) -> bool:
        """Whether a whole run was left out: it ended well once, and a full period has passed since the next was due; or nobody knows, for the clock was ahead."""
        return self.done_at is not None and (now >= self.next_at + self.task.every or self.ahead(now))

    def ahead(self, now: datetime) -> bool:
        """Whether it last ended under a clock that was ahead of this one: until that day nothing would be due, and nobody would be told."""
        return self.done_at is not None and self.done_at > now + _APART


def standing(tx: Transaction, space: str, task: Task, now: datetime) -> Standing:
    """How a task stands: one that never ended well is due at once."""
    row = one(tx, "due_run", space=space, task=task.name)
    done = parse(str(row["done_at"])) if row and row["done_at"] else None
    tried = parse(str(row["tried_at"])) if row and row["tried_at"] else None
    return Standing(task, done, done + task.every if done else now, str(row["fault"]) if row else "", tried)
