"""A customer of a given place and age, in a deal whose facts a test sets: for what the law asks of the young elsewhere."""

import sqlite3
from pathlib import Path

from custody.base import canonical, ids
from tests.portal.conftest import DEAL, at, everybody
from tests.portal.somebody import NUMBER, values

QUIET = ("objection", "consent.refused", "withdrawal", "consent.separate")


def young(where: Path, place: str, turns: dict[int, str]) -> str:
    """Somebody who was told and said nothing yet, and has a number of their own; they live there and reach these ages on these days."""
    with at(where, "zhouning") as desk:
        who = next(
            one
            for one in everybody(where, "notice.delivered", lacks=QUIET)
            if len(values(desk, one).get(NUMBER, ())) == 1
        )
    with sqlite3.connect(where / "seller" / "core.db") as store:
        (facts,) = store.execute("SELECT facts FROM subject WHERE id = ?", (ids.subject_bytes(who),)).fetchone()
        told = {
            **canonical.decode(facts),
            "residence": place,
            **{f"turns_{years}_on": day for years, day in turns.items()},
        }
        store.execute("UPDATE subject SET facts = ? WHERE id = ?", (canonical.encode(told), ids.subject_bytes(who)))
        store.execute("DELETE FROM evidence WHERE subject = ? AND type LIKE 'consent%'", (ids.subject_bytes(who),))
        store.execute("DELETE FROM answer WHERE subject = ?", (ids.subject_bytes(who),))
    return who


def states(where: Path, **facts: object) -> None:
    """The deal's facts say this, `_` for the first dot."""
    with sqlite3.connect(where / "seller" / "core.db") as store:
        (matter, version) = store.execute("SELECT id, version FROM matter WHERE ref = ?", (DEAL,)).fetchone()
        (principal, moment) = store.execute("SELECT principal, at FROM fact WHERE matter = ?", (matter,)).fetchone()
        for name, value in facts.items():
            leaf = name.replace("_", ".", 1)
            store.execute("DELETE FROM fact WHERE matter = ? AND leaf = ?", (matter, leaf))
            row = (matter, version, leaf, canonical.encode(value), principal, moment)
            store.execute("INSERT INTO fact (matter, version, leaf, value, principal, at) VALUES (?, ?, ?, ?, ?, ?)", row)  # fmt: skip
