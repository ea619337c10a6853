"""The requests of the people whose data it is, the most urgent first, and the figures that a regulator asks for (B4)."""

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from custody.acts.asked import late, request, told
from custody.acts.desk import Desk
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.ports.store import Row

READERS: Final = ("owner", "privacy", "lawyer", "data", "department", "auditor")
COLUMNS: Final = ("ref", "kind", "channel", "received_at", "due_at", "rule", "state", "closed_at", "late")
_READ: Final = (*COLUMNS[:-1], "proof", "subject")


def request_list(desk: Desk, state: str | None, most: int | None = None) -> Mapping[str, Json]:
    """All, or those in one state; of either the first `most`. Without a deadline in the law they stand by the day they came."""
    rows, now = _rows(desk), stamp(desk.clock.now())
    chosen = [row for row in rows if state in {None, row["state"]}]
    listed: list[Json] = [told(row, now) for row in chosen[:most]]
    return {"requests": listed, "counts": dict(sorted(Counter(str(row["state"]) for row in rows).items())), "total": len(rows),
            "late": sum(late(row, now) for row in rows)}  # fmt: skip


def request_line(desk: Desk, ref: str) -> Mapping[str, Json]:
    """One of them. Raises Missing `request.unknown`."""
    desk.require(READERS)
    with desk.store.read() as tx:
        return told(request(tx, desk.space, ref), stamp(desk.clock.now()))


def request_figures(desk: Desk) -> bytes:
    """Every request as UTF-8 CSV, without a word of who asked: for a regulator."""
    now, out = stamp(desk.clock.now()), io.StringIO(newline="")
    lines = csv.writer(out)
    lines.writerow(COLUMNS)
    for row in _rows(desk):
        one = told(row, now)
        lines.writerow([one[name] for name in COLUMNS])
    return ("\ufeff" + out.getvalue()).encode()


def _rows(desk: Desk) -> Sequence[Row]:
    desk.require(READERS)
    with desk.store.read() as tx:
        told = [
            one
            for vault in tx.find("vault", party=desk.space)
            for one in tx.columns("request", _READ, vault=vault["id"])
        ]
    rows: list[Row] = [dict(zip(_READ, one, strict=True)) for one in told]
    return sorted(rows, key=lambda row: (bool(row["closed_at"]), str(row["due_at"]) or "~", str(row["received_at"])))
