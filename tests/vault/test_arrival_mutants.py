"""The judge of a buyer's histories can fail: each way to build it wrongly is caught by it (spec/package.md §5)."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from custody.acts import gone_here, recalling, replay
from custody.base.errors import CustodyError
from custody.services import invite, receive
from tests.vault.histories.arrivals import Arrivals
from tests.vault.histories.judge import Wrong

SEEDS = 12
NO_HOLDS = {kind: act for kind, act in replay._ACTS.items() if not kind.startswith("hold-")}
FAULTS: dict[str, tuple[Any, str, Any, tuple[str, ...]]] = {
    "a vault that was lost is not known again": (receive, "lost_vault", lambda *_: "", ("erase", "lose")),
    "holds are not set again": (replay, "_ACTS", NO_HOLDS, ("hold", "hold", "hold", "lose", "erase", "erase")),
    "what was erased here comes again": (gone_here.GoneHere, "ever", lambda *_: set(), ("erase", "lose")),
    "an entry holds no invitation": (invite, "of_invitation", lambda *_: {}, ("reseal", "release", "lose")),
    "a recall takes whom a hold keeps": (recalling, "held", lambda *_: {}, ("hold", "hold", "hold", "recall", "recall")),
}  # fmt: skip
"""Where the fault is put, and how a history begins in which it can show."""


@pytest.mark.parametrize("fault", FAULTS)
def test_g5_each_fault_of_a_buyer_is_caught(fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Some history of a few shows it."""
    where, name, wrong, first = FAULTS[fault]
    monkeypatch.setattr(where, name, wrong)
    assert any(_shows(seed, tmp_path / str(seed), first) for seed in range(SEEDS))


def _shows(seed: int, folder: Path, first: tuple[str, ...]) -> bool:
    try:
        Arrivals(seed, folder).run(len(first), first)
    except (Wrong, CustodyError):
        return True
    finally:
        shutil.rmtree(folder)
    return False
