"""A fault in custody itself: exit 4, noted where it can be found, without a single value."""

import json
from pathlib import Path

import click
import pytest

from custody.cli import main as cli

SECRET = "王小明 13800138000"


@pytest.fixture(autouse=True)
def broken(monkeypatch: pytest.MonkeyPatch):
    """A command that meets a fault, with a customer in the error's message."""

    def run(*_words: object, **_values: object) -> click.Command:
        raise RuntimeError(SECRET)

    monkeypatch.delenv("CUSTODY_LOG", raising=False)
    monkeypatch.setattr(cli, "group", run)


def test_c11_a_fault_is_noted_without_values(
    tmp_path: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    """CUSTODY_LOG names the file; the line says where and what kind; no stream and no file repeats the message."""
    log = tmp_path / "faults.jsonl"
    monkeypatch.setenv("CUSTODY_LOG", str(log))
    assert cli.main(["ledger", "--json"]) == 4
    told = capsys.readouterr()
    assert json.loads(told.out)["error"]["slug"] == "custody.fault"
    line = json.loads(log.read_text(encoding="utf-8"))
    assert line["kind"] == "RuntimeError"
    assert line["places"][-1].endswith(" run")
    assert SECRET not in told.out + told.err + log.read_text(encoding="utf-8")
    assert log.stat().st_mode & 0o077 == 0


def test_c11_a_home_has_a_log_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture):
    """Without the variable the line lies in the home; the person is told its name."""
    (tmp_path / "custody.toml").write_text("v = 1\n", encoding="utf-8")
    assert cli.main(["ledger", "--home", str(tmp_path)]) == 4
    assert (tmp_path / "log" / "faults.jsonl").is_file()
    assert "faults.jsonl" in capsys.readouterr().err


def test_c11_without_a_log_the_places_are_told(
    capsys: pytest.CaptureFixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """No home, no variable: where it happened goes to the error stream, and nothing else."""
    monkeypatch.setenv("CUSTODY_HOME", str(tmp_path))
    assert cli.main(["ledger"]) == 4
    told = capsys.readouterr().err
    assert "test_faults.py" in told
    assert SECRET not in told
