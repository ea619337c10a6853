"""The guide to sources and review: its commands run as they stand on the page."""

import os
import re
import subprocess
import sys
from pathlib import Path

from custody.model.reasons import REASONS

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide" / "sources.md"


def test_the_guides_commands_run(tmp_path: Path):
    """Every shell line of the page, in order, in one shell, ends well and leaves what the page says."""
    script = "\n".join(re.findall(r"^```sh\n(.*?)^```$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CUSTODY_")}
    environment |= {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        ["sh", "-eu", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "not as many cells as the header has" in done.stdout
    assert {"datamap.yaml", "scan.html", "record.json", "fides.yaml", "dpv.jsonld"} <= {
        one.name for one in tmp_path.iterdir()
    }
    assert 'confirmed_by: "zhouning"' in (tmp_path / "datamap.yaml").read_text(encoding="utf-8")


def test_the_guide_names_reasons_that_exist():
    """Each reason in the guide's table is one that custody gives."""
    named = re.findall(r"`((?:row|cell|file|table|encoding)\.[a-z_-]+)`", GUIDE.read_text(encoding="utf-8"))
    assert named
    assert set(named) <= set(REASONS)
