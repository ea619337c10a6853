"""A8: a destruction that meets a rotation that was cut off certifies nothing that another root still opens."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from custody.base.errors import Unavailable
from custody.services.rekey import rekey
from tests.line.conftest import act
from tests.line.homes import desk_of
from tests.mute import Mute

DEAL = "D-2026-0001"


@pytest.fixture
def halted(played: Path, tmp_path: Path) -> Path:
    """The seller before its destruction, whose scheduled rotation changed the root and could not have the old one destroyed."""
    where = Path(shutil.copytree(played, tmp_path / "demo"))
    shutil.rmtree(where / "seller")
    shutil.copytree(where / "seller-backup", where / "seller")
    with desk_of(where / "seller", "suhe") as desk, pytest.raises(Unavailable):
        rekey(replace(desk, keys=Mute(desk.keys, "destroy")), None)
    return where


def test_a8_a_certificate_waits_for_the_root_under_which_it_was_erased(halted: Path):
    """Both roots went, both are named, and no erasure waits for a date."""
    me = halted, "seller", "zhouning"
    kind, content = act(*me, "destroy", DEAL, "--at", halted / "handover", "--dry-run")[1]["would"]["approve"]
    assert act(halted, "seller", "suhe", "approve", kind, content)[0] == 0
    code, out = act(*me, "destroy", DEAL, "--at", halted / "handover")
    assert code == 0, out
    assert [one["g"] for one in out["certificate"]["proven"]["generations"]][-1] == 2
    with desk_of(halted / "seller", "suhe") as desk, desk.store.read() as tx:
        assert tx.count("erasure") > 0
        assert tx.count("erasure", final_at="") == 0
