"""Rehearsals of a restore: what is kept of each, and when the next is due (spec/vault.md §21)."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, cast

from custody.acts.entries import KIND, positions
from custody.acts.restoring import Blank
from custody.base import canonical
from custody.base.canonical import Json
from custody.base.clock import parse, stamp
from custody.ports.store import Row, Transaction, one

DONE: Final = "done"
FAILED: Final = "failed"
EVERY: Final = timedelta(days=92)
"""A quarter."""


@dataclass(frozen=True, slots=True)
class Room:
    """An empty place to restore into, which goes when the drill ends; `free` bytes are left there, `seconds` have passed."""

    blank: Blank
    free: int
    seconds: Callable[[], int]


Rooms = Callable[[str], AbstractContextManager[Room]]
"""From the name of a place for backups."""


def drills(tx: Transaction, space: str, most: int | None = None) -> list[Row]:
    """What is kept, the newest first."""
    return tx.first("restore_drill", most, order=("-n",), space=space)


def told(row: Row, handles: Mapping[str, str]) -> dict[str, Json]:
    """One of them as a result says it."""
    report = cast("dict[str, Json]", canonical.decode(cast("bytes", row["report"])))
    return {"n": row["n"], "place": str(row["place"]), "at": str(row["at"]), "seconds": row["seconds"], "ok": row["state"] == DONE,
            "by": handles.get(str(row["principal"]), ""), **report}  # fmt: skip


def next_at(tx: Transaction, space: str) -> datetime | None:
    """When the next is due: a quarter after the last that went well, or after the first backup; None where nothing is backed up."""
    well = tx.first("restore_drill", 1, order=("-n",), space=space, state=DONE)
    if well:
        return parse(str(well[0]["at"])) + EVERY
    begun = positions(tx, space, KIND, "entry.backed-up")
    entry = one(tx, "ledger_entry", space=space, position=begun[-1]) if begun else None
    return parse(str(_at(entry))) + EVERY if entry else None


def standing(tx: Transaction, space: str, now: datetime) -> dict[str, Json]:
    """When the next one is due, whether that is past, and whether the last one failed."""
    due, last = next_at(tx, space), drills(tx, space, 1)
    return {"drill_at": stamp(due) if due else "", "drill_overdue": bool(due and now > due), "drill_failed": bool(last and last[0]["state"] == FAILED)}  # fmt: skip


def _at(entry: Row) -> Json:
    return cast("dict[str, Json]", canonical.decode(cast("bytes", entry["entry"])))["at"]
