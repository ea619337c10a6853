"""A5, A1: memory does not follow the number of customers: four times as many need little more, whatever the act (docs/figures/vault.md)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SIZES = {
    "building": (20_000, 120_000, 2),
    "gating": (10_000, 50_000, 12),
    "checking": (3_000, 15_000, 4),
    "looking up": (2_000, 10_000, 2),
    "receiving": (2_000, 12_000, 12),
    "receiving more": (2_000, 12_000, 12),
    "restoring": (2_000, 12_000, 4),
    "publishing": (3_000, 15_000, 4),
    "sealing": (1_500, 6_000, 2),
    "verifying": (3_000, 15_000, 4),
}
"""Two sizes, and by how much less memory grows than the data between them: in one piece it grows by more than that."""
# The C library gives back what is let go and keeps one heap, for Arrow too, so that the mark is of what was held, not of how it lay.
STEADY = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": "65536",
    "MALLOC_TRIM_THRESHOLD_": "65536",
}
MARK = Path("/proc/self/clear_refs")


def measured(act: str, size: int, folder: Path) -> tuple[int, int]:
    """(KB of memory that the act took, KB of data) in a process of its own."""
    folder.mkdir()
    words = [sys.executable, "-m", "tests.vault.growth", act, str(size), str(folder)]
    told = subprocess.run(words, check=True, capture_output=True, text=True, env=os.environ | STEADY).stdout.split()
    return int(told[0]), int(told[1])


@pytest.mark.skipif(not MARK.exists(), reason="a kernel that says how high memory went")
@pytest.mark.parametrize("act", SIZES)
def test_a5_memory_grows_by_a_fraction_of_the_data(act: str, tmp_path: Path):
    """From the smaller to the larger size memory grows by a part of what the data grows by, at most."""
    *sizes, part = SIZES[act]
    (little, few), (much, many) = (measured(act, size, tmp_path / str(size)) for size in sizes)
    assert much - little < (many - few) / part, (little, few, much, many)
