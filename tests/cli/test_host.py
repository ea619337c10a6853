"""What the host refuses is told as the host's refusal, not as a fault of ours."""

import json
from pathlib import Path

import pytest

from custody.cli import main as cli


def test_c11_a_folder_that_cannot_be_made_is_the_hosts_affair(tmp_path: Path, capsys: pytest.CaptureFixture):
    """Environment, not a fault of ours: exit 3, the host's reason, a next step."""
    (tmp_path / "file").touch()
    assert cli.main(["demo", str(tmp_path / "file" / "demo"), "--customers", "10", "--json"]) == 3
    told = json.loads(capsys.readouterr().out)["error"]
    assert (told["slug"], told["where"]) == ("host.files", {"reason": "Not a directory"})
