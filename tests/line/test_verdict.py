"""C3: each verdict says by which rules and facts, and what would change it."""

import json
import sqlite3
from pathlib import Path

from custody.base import ids
from tests.line.conftest import act


def test_c3_a_verdict_is_explained(played: Path):
    """For a withheld customer each compartment names its verdict, the rules that hold it back, and their trees."""
    store = sqlite3.connect(played / "seller" / "core.db")
    store.row_factory = sqlite3.Row
    ref = store.execute("SELECT ref FROM matter WHERE kind = 'deal'").fetchone()["ref"]
    vectors = store.execute(
        "SELECT gate, number, reasons FROM vector WHERE verdict = 'withhold' ORDER BY gate DESC"
    ).fetchall()
    live = [row["id"] for row in store.execute("SELECT id FROM subject WHERE kind = 'customer' AND state = 'live'")]
    store.close()
    assert any(json.loads(row["reasons"]) for row in vectors)
    held_back: list[dict] = []
    # Of some there is no more to say than that nobody knows where they live; three of the others are enough.
    while live and sum(any(reason["explained"] for reason in one["reasons"]) for one in held_back) < 3:
        code, out = act(played, "seller", "suhe", "verdict", ref, ids.subject_text(live.pop()))
        assert code == 0, out
        held_back += [one for one in out["compartments"] if one["verdict"] in {"wait", "withhold"}]
    for one in held_back:
        assert one["reasons"]
        assert one["regimes"] or [reason["rule"] for reason in one["reasons"]] == ["NO-RESIDENCE"]
    trees = [reason["explained"] for one in held_back for reason in one["reasons"] if reason["explained"]]
    assert trees
    assert all(tree["value"] is not False and tree["why"]["says"]["zh"] for tree in trees)


def test_c3_a_verdict_of_nobody_is_refused(played: Path):
    """An id that nobody has, or that is no id, is told as such."""
    store = sqlite3.connect(played / "seller" / "core.db")
    (ref,) = store.execute("SELECT ref FROM matter WHERE kind = 'deal'").fetchone()
    store.close()
    assert (
        act(played, "seller", "suhe", "verdict", ref, ids.subject_text(b"\x01" * 16))[1]["error"]["slug"]
        == "subject.unknown"
    )
    assert act(played, "seller", "suhe", "verdict", ref, "Zhou")[1]["error"]["slug"] == "ids.subject"
