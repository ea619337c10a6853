"""Processes that kill themselves at the n-th fsync, rename or commit, what they left as evidence, and what lies between parties ahead of its act."""

import hashlib
import json
import os
import re
import sqlite3
from collections import Counter
from pathlib import Path

CRASH = Path(__file__).parent / "crash"
SEED = 20260316
_HASH = re.compile(r"sha256:[0-9a-f]{64}")


def crashing(**crash: str) -> dict[str, str]:
    """The environment of a process that kills itself as told."""
    return {"PYTHONPATH": f"{CRASH}{os.pathsep}{Path(__file__).resolve().parents[2] / 'src'}", **crash}


def evidence(home: Path) -> dict:
    """Statements and act entries by kind. Gates and approvals may be asked for again, and a copy is told of before each writing; acts happen once."""
    store = sqlite3.connect(home / "core.db")
    statements = Counter(row[0] for row in store.execute("SELECT kind FROM statement"))
    entries = Counter(json.loads(row[0])["kind"] for row in store.execute("SELECT entry FROM ledger_entry"))
    store.close()
    for again in ("gate", "statement", "approved", "copy-listed"):
        statements.pop(again, None)
        entries.pop(again, None)
    return {"statements": dict(statements), "entries": dict(entries)}


def ahead(folder: Path, *homes: Path) -> list[str]:
    """What lies between the parties without an act behind it: a signed file that no ledger names, and what opens a release that was never made."""
    entered, released = set[str](), set[int]()
    for home in homes:
        store = sqlite3.connect(home / "core.db")
        if store.execute("SELECT 1 FROM sqlite_master WHERE name = 'statement'").fetchone():  # else it was not yet made
            for (entry,) in store.execute("SELECT entry FROM ledger_entry"):
                entered.update(_HASH.findall(bytes(entry).decode()))
            released |= {row[0] for row in store.execute("SELECT n FROM statement WHERE kind = 'released'")}
        store.close()
    signed = [one for one in folder.rglob("*.dsse.json") if _digest(one) not in entered]
    opens = [one for one in folder.glob("release-*/enc") if int(one.parent.name.rpartition("-")[2]) not in released]
    return sorted(one.relative_to(folder).as_posix() for one in (*signed, *opens))


def _digest(path: Path) -> str:
    return f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
