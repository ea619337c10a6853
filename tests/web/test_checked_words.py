"""What a check found, why nobody hears of a root and what a scheduled run ended with is said in words, in both languages."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from custody.web.console.catalogue import entries
from tests.web.serving import found, serve
from tests.web.visitor import Visitor

SPEC = Path(__file__).parents[2] / "spec" / "vault.md"
SECRET = "一句自己的话就好记"
FAULTS = {"backup": "backup.place", "check": "check.not-ok", "rotation": "rotation.OSError"}
SAID = {
    "zh": ("备份处连不上", "做了，但发现有不对的", "没有做完，运维按这个代号查：rotation.OSError"),
    "en": (
        "A place for backups is away",
        "It ran and found that something is wrong",
        "an operator looks it up as rotation.OSError",
    ),
}


def classes() -> set[str]:
    """Every class that the specification gives what a check may find."""
    listed = SPEC.read_text(encoding="utf-8").partition("## 24.")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`[^|]+) \|", listed, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([a-z.-]+)`", row)}


def test_e2_every_class_of_a_check_has_words():
    """None is shown by its code."""
    assert len(classes()) > 30
    assert {one for one in classes() if f"check_class.{one}" not in entries()} == set()


def test_e2_a_run_that_failed_says_so_in_words(tmp_path: Path):
    """The page of backups, in both languages: words where the code stood; what nobody foresaw says who looks it up."""
    with serve(tmp_path / "home") as served:
        owner = found(Visitor(served.base), served.first, SECRET)
        with closing(sqlite3.connect(served.home / "core.db")) as store:
            space = store.execute("SELECT space FROM ledger_head").fetchone()[0]
            for task, fault in FAULTS.items():
                row = {"task": task, "space": space, "tried_at": "2026-03-18T01:00:00.000000Z", "fault": fault}
                store.execute(
                    "INSERT INTO due_run (space, task, done_at, tried_at, fault) VALUES (:space, :task, '', :tried_at, :fault)",
                    row,
                )
            store.commit()
        for lang, said in SAID.items():
            owner.get(f"/lang/{lang}?next=/backups")
            page = re.sub(r"<[^>]+>", " ", owner.page.partition("<main")[2])
            assert [one for one in said if one not in page] == []
            assert [one for one in ("backup.place", "check.not-ok") if one in page] == []
