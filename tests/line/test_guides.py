"""The guides' commands work as they stand on the page: run in one shell, in order, on the sample they make themselves."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from custody.acts.assume import DEFAULT
from custody.cli.rehearsal.play import FACTS

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "guide"


def blocks(page: str) -> list[str]:
    """The shell blocks of a guide."""
    return re.findall(r"^```sh\n(.*?)^```$", (GUIDE / page).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def test_the_guide_uses_the_rehearsals_facts_and_assumptions():
    """What the page writes into its two files is what the demo plays with."""
    text = (GUIDE / "handover.md").read_text(encoding="utf-8")
    written = {
        kind: re.findall(rf"<<'{kind}'\n(.*?)^{kind}$", text, re.MULTILINE | re.DOTALL)[0] for kind in ("JSON", "YAML")
    }
    assert json.loads(written["JSON"]) == FACTS
    assert yaml.safe_load(written["YAML"]) == yaml.safe_load(DEFAULT)


def shell(folder: Path, script: str) -> subprocess.CompletedProcess[str]:
    """Run a script as a person's shell would, stopping at the first command that fails."""
    bin_folder = Path(sys.executable).parent
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CUSTODY_")}
    environment |= {
        "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "src"),
        "CUSTODY_LANG": "en",
    }
    words = ["bash", "-euo", "pipefail", "-c", script]
    return subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which somebody followed docs/guide/handover.md."""
    where = tmp_path_factory.mktemp("walk")
    done = shell(where, "\n".join(blocks("handover.md")))
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return where / "walk"


def test_the_whole_line_by_hand(walked: Path):
    """Whoever copies the page's blocks ends with delivered rows, a certificate and two ledgers."""
    database = sqlite3.connect(walked / "customers.sqlite")
    delivered = database.execute("SELECT count(*) FROM orders").fetchone()[0]
    database.close()
    assert delivered > 20
    names = {path.name for path in (walked / "handover").iterdir()}
    assert {
        "package",
        "release-0001",
        "received.dsse.json",
        "destroyed.dsse.json",
        "ledger-seller",
        "ledger-buyer",
    } <= names


def test_an_auditor_with_files_alone(walked: Path):
    """Every command of docs/guide/verify.md passes on that folder, and finds a changed byte in its copy."""
    done = shell(walked, "\n".join(blocks("verify.md")))
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads((walked / "verification.json").read_text(encoding="utf-8"))
    assert told["ok"] is True
    assert told["trust"] == "unpinned"
    leaves = walked / "handover" / "package" / "data" / "leaves.jsonl"
    before = leaves.read_bytes()
    try:
        leaves.write_bytes(before[:200] + bytes([before[200] ^ 1]) + before[201:])
        for command in blocks("verify.md"):
            assert shell(walked, command).returncode != 0, command
    finally:
        leaves.write_bytes(before)
