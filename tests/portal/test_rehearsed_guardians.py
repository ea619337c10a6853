"""B2: in a rehearsal a guardian says yes for those alone of whom a rule asks it."""

import json
import sqlite3
from pathlib import Path


def test_b2_no_grown_up_has_a_guardians_yes_in_a_rehearsal(shipped: Path):
    """Who is known to be of age agreed for themselves; there are some for whom a guardian did."""
    with sqlite3.connect(shipped / "seller" / "core.db") as store:
        ages = {
            who: json.loads(facts).get("turns_18_on", "")
            for who, facts in store.execute("SELECT id, facts FROM subject")
        }
        given = {who for (who,) in store.execute("SELECT subject FROM evidence WHERE type = 'consent.guardian'")}
        shown = {who for (who,) in store.execute("SELECT subject FROM evidence WHERE type = 'guardian.relation'")}
    assert given == shown != set()
    assert [who for who in given if "" < ages[who] <= "2026-01-01"] == []
