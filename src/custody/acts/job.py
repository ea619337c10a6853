"""Acts as jobs with a deterministic key: running one again continues it or returns what it returned (docs/architecture.md §9)."""

from collections.abc import Mapping
from typing import cast

from custody.acts.desk import Desk
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.ports.store import Cells, Row, Transaction, one

Result = dict[str, Json]


def finished(desk: Desk, key: str) -> Result | None:
    """The result of the job `key` when it is done, marked `resumed`; None when there is work to do."""
    with desk.store.read() as tx:
        row = one(tx, "job", key=key)
    if row is None or row["state"] != "done":
        return None
    return {**_load(row["result"]), "resumed": True}


def begun(desk: Desk, key: str) -> Result | None:
    """The plan of the job `key` when somebody began it; None when nobody did."""
    with desk.store.read() as tx:
        row = one(tx, "job", key=key)
    return None if row is None else _load(row["result"])


def begin(desk: Desk, key: str, kind: str, plan: Mapping[str, Json] | None = None) -> Result:
    """Note that work on `key` begins; returns the plan of the first attempt, which a resumed one keeps to."""
    with desk.store.write() as tx:
        row = one(tx, "job", key=key)
        if row is not None:
            return _load(row["result"])
        fresh: Result = {"id": ids.new("job"), **(plan or {})}
        now = stamp(desk.clock.now())
        fields: Cells = {"key": key, "id": str(fresh["id"]), "kind": kind, "state": "begun", "started_at": now}
        tx.add("job", [{**fields, "result": canonical.encode(fresh)}])
        return fresh


def keep(desk: Desk, tx: Transaction, key: str, kind: str, plan: Mapping[str, Json], *, done: bool) -> None:
    """A job that stands as `plan` says, begun by it or before, in the transaction of what it did."""
    state = "done" if done else "begun"
    if one(tx, "job", key=key) is None:
        fields: Cells = {"key": key, "id": ids.new("job"), "kind": kind, "started_at": stamp(desk.clock.now())}
        tx.add("job", [{**fields, "state": state, "result": canonical.encode(dict(plan))}])
    else:
        tx.change("job", {"state": state, "result": canonical.encode(dict(plan))}, key=key)


def note(tx: Transaction, key: str, plan: Mapping[str, Json]) -> None:
    """Keep how far the job `key` came, in the transaction of what it did: a resumed one goes on from there."""
    tx.change("job", {"result": canonical.encode(dict(plan))}, key=key)


def finish(tx: Transaction, key: str, result: Mapping[str, Json]) -> Result:
    """Mark the job done, in the transaction of its last act."""
    tx.change("job", {"state": "done", "result": canonical.encode(dict(result))}, key=key)
    return {**result, "resumed": False}


def plan(row: Row) -> Result:
    """What a row of a job keeps: its plan, or what came of it."""
    return _load(row["result"])


def _load(data: object) -> Result:
    return cast("Result", canonical.decode(cast("bytes", data)))
