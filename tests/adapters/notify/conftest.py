"""A running server of the places' contracts."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Its address; what it took lies in `taken.jsonl` of the folder."""
    words = [sys.executable, str(Path(__file__).with_name("places.py")), str(folder)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.kill()


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """(address, its folder)."""
    folder = tmp_path_factory.mktemp("places")
    with running(folder) as address:
        yield address, folder
