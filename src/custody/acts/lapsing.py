"""What was given under a clock that was ahead and would hold until then: it ends, or is counted from now (decision 117).

A row is no evidence: what the ledger says of each stands as it was entered. What two people signed over a day cannot be moved, so it ends
and is given anew; a customer's link is nobody's signature, and lives as long as it was given, from now on.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final, cast

from custody.acts.approval import LAPSED, LIFE
from custody.acts.people import handed_over
from custody.base.clock import parse, stamp
from custody.ports.store import Cells, Transaction, Within

_ID: Final = ("id",)
_ENDS: Final[tuple[tuple[str, str, tuple[str, ...], str, str], ...]] = (
    ("tokens", "api_token", _ID, "at", "revoked_at"),
    ("grants", "entitlement", _ID, "given_at", "ended_at"),
    ("members", "deal_member", ("matter", "principal", "n"), "at", "ended_at"),
    ("overrides", "override", _ID, "at", "ended_at"),
    ("exceptions", "residency_exception", ("party", "n"), "at", "ended_at"),
)
"""(what it is, its table, its key, since when, when it ended)."""


def lapse(tx: Transaction, space: str, now: datetime) -> dict[str, int]:
    """End what was noted later than now; how many of each, and of open requests how many there are that were received so."""
    at = stamp(now)
    found = {name: sum(_end(tx, table, key, since, ended, at)) for name, table, key, since, ended in _ENDS}
    found["approvals"] = _approvals(tx, stamp(now + LIFE))
    found["links"] = sum(_moved(tx, now))
    found["listed"] = sum(
        tx.change("retention_listed", {"at": at}, vault=row["vault"], subject=row["subject"], compartment=row["compartment"])
        for row in list(tx.scan("retention_listed", (_later("at", at),), order=()))
    )  # fmt: skip
    found["keys"] = sum(
        tx.change("principal", {"identity": keys}, id=str(row["id"]))
        for row in tx.find("principal", order=("id",), party=space)
        if (keys := handed_over(row, at)) != row["identity"]
    )
    # The law's day of each was counted from a day that has not come: people look at them, for nobody else knows when it came.
    found["requests"] = tx.count("request", (_later("received_at", at),), closed_at="")
    return {name: count for name, count in sorted(found.items()) if count}


def _later(column: str, at: str) -> Within:
    return Within(column, at + "~")


def _end(tx: Transaction, table: str, key: tuple[str, ...], since: str, ended: str, at: str) -> Iterator[int]:
    for row in list(tx.scan(table, (_later(since, at),), order=(), **{ended: ""})):
        yield tx.change(table, {ended: at}, **{name: row[name] for name in key})


def _approvals(tx: Transaction, until: str) -> int:
    """Those that nobody has used yet: what rests on one that was used stands."""
    rows = list(tx.scan("approval", (_later("expires_at", until),), order=(), used_by=""))
    return sum(tx.change("approval", {"used_by": LAPSED}, id=str(row["id"])) for row in rows)


def _moved(tx: Transaction, now: datetime) -> Iterator[int]:
    for row in list(tx.scan("link", (_later("made_at", stamp(now)),), order=())):
        lives = parse(str(row["expires_at"])) - parse(str(row["made_at"]))
        changed: Cells = {"made_at": stamp(now), "expires_at": stamp(now + lives)}
        yield tx.change("link", changed, id=cast("bytes", row["id"]))
