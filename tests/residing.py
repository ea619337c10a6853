"""Where a customer lives, as the company learns it from their rows."""

import json
import sqlite3
from pathlib import Path

from custody.base import ids
from custody.base.canonical import encode


def lives_in(home: Path, who: str, place: str) -> None:
    """The company with this home learns that the customer lives in `place` now."""
    with sqlite3.connect(home / "core.db") as store:
        (kept,) = store.execute("SELECT facts FROM subject WHERE id = ?", (ids.subject_bytes(who),)).fetchone()
        told = encode({**json.loads(kept), "residence": place})
        store.execute("UPDATE subject SET facts = ? WHERE id = ?", (told, ids.subject_bytes(who)))
    store.close()
