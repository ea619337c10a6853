"""Processes that kill themselves at the n-th fsync, rename or commit, and what they left as evidence."""

import json
import os
import sqlite3
from collections import Counter
from pathlib import Path

CRASH = Path(__file__).parent / "crash"
SEED = 20260316


def crashing(**crash: str) -> dict[str, str]:
    """The environment of a process that kills itself as told."""
    return {"PYTHONPATH": f"{CRASH}{os.pathsep}{Path(__file__).resolve().parents[2] / 'src'}", **crash}


def evidence(home: Path) -> dict:
    """Statements and act entries by kind. Gates and approvals may be asked for again; acts happen once."""
    store = sqlite3.connect(home / "core.db")
    statements = Counter(row[0] for row in store.execute("SELECT kind FROM statement"))
    entries = Counter(json.loads(row[0])["kind"] for row in store.execute("SELECT entry FROM ledger_entry"))
    store.close()
    for again in ("gate", "statement", "approved"):
        statements.pop(again, None)
        entries.pop(again, None)
    return {"statements": dict(statements), "entries": dict(entries)}
