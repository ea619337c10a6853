"""E8: what is scheduled works on the store that the console works on, also where the environment names it; and begins some minutes after the start."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

from tests.web.serving import found, serve
from tests.web.visitor import Visitor

SECRET = "一句自己的话就好记"
PATIENCE = 120


def ran(store: Path) -> set[str]:
    """The tasks that ended well there."""
    with closing(sqlite3.connect(store)) as rows:
        return {task for task, at in rows.execute("SELECT task, done_at FROM due_run") if at}


def test_e8_the_schedule_runs_where_the_environment_puts_the_store(tmp_path: Path):
    """The home's own file has no rows; the other one has what the run noted."""
    store = tmp_path / "elsewhere.db"
    with serve(tmp_path / "home", CUSTODY_CONSOLE_TIMER="0.02", CUSTODY_STORE=f"sqlite:///{store}") as running:
        found(Visitor(running.base), running.first, SECRET)
        late = time.monotonic() + PATIENCE
        while time.monotonic() < late and "check" not in ran(store):
            time.sleep(0.5)
    assert {"retention", "check"} <= ran(store)
    assert not (tmp_path / "home" / "core.db").exists()
