"""A test that needs a part of the outside world is left out without it, and cannot be left out where it is required."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]

NOWHERE = '\nPARTS["nowhere"] = ("Nowhere", (lambda: "",))\nPARTS["here"] = ("Here", (lambda: "yes",))\n'
SUITE = """
import pytest

@pytest.mark.part("nowhere")
def test_far():
    assert True

@pytest.mark.part("here")
def test_near():
    assert True

@pytest.mark.soak
def test_long():
    assert True
"""
SETTINGS = '[tool.pytest]\nstrict = true\nmarkers = ["part(*names): x", "soak: x"]\n'


def run(folder: Path, *words: str, require: str = "") -> tuple[int, str]:
    """Exit code and output of a suite of three tests under the house's conftest."""
    (folder / "house").mkdir()
    (folder / "conftest.py").write_bytes((TESTS / "conftest.py").read_bytes())
    parts = (TESTS / "house" / "parts.py").read_text(encoding="utf-8")
    (folder / "house" / "parts.py").write_text(parts + NOWHERE, encoding="utf-8")
    (folder / "test_suite.py").write_text(SUITE, encoding="utf-8")
    (folder / "pyproject.toml").write_text(SETTINGS, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--import-mode=importlib", *words],
        cwd=folder,
        env={**os.environ, "CUSTODY_TEST_REQUIRE": require},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("spread", [(), ("-n", "1")], ids=["alone", "spread"])
def test_an_absent_part_is_left_out_and_listed(tmp_path: Path, spread: tuple[str, ...]):
    """The run passes, and the table says what ran and what was absent, also when workers run the tests."""
    code, said = run(tmp_path, *spread)
    assert code == 0
    assert "1 passed, 2 skipped" in said
    assert "Nowhere      absent; 1 tests left out" in said
    assert "Here         ran: 1 passed, 0 failed, 0 skipped" in said


def test_a_required_part_that_is_absent_fails(tmp_path: Path):
    """With the part in CUSTODY_TEST_REQUIRE its tests fail instead."""
    code, said = run(tmp_path, require="nowhere, here")
    assert code == 1
    assert "1 passed, 1 skipped, 1 error" in said
    assert "absent, though required" in said


def test_a_required_part_fails_even_if_no_test_names_it(tmp_path: Path):
    """A requirement cannot be met by running fewer tests."""
    code, said = run(tmp_path, "-k", "near", require="nowhere")
    assert code == 1
    assert "absent, though required" in said


def test_a_requirement_must_name_a_part(tmp_path: Path):
    """A misspelt part is a usage error, not a part that is never needed."""
    code, said = run(tmp_path, require="postgres")
    assert code == 4
    assert "names no part: postgres" in said


def test_the_soak_runs_what_the_day_leaves_out(tmp_path: Path):
    """With --soak the long tests run too."""
    code, said = run(tmp_path, "--soak")
    assert code == 0
    assert "2 passed, 1 skipped" in said
