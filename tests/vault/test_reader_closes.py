"""What breaks off while segments are read leaves none of them open: a console runs for months."""

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from custody.acts import reading
from custody.acts.adding import Newcomer, add_people
from custody.acts.reseal import reseal
from custody.acts.revising import revise_record
from custody.adapters.files.local import LocalFiles
from custody.base.errors import Unavailable
from custody.vault.payload import pack
from tests.vault.histories.world import World

ACTS: dict[str, Callable[[World, bytes], object]] = {
    "revise": lambda world, who: revise_record(world.desk, world.vault, who, 1, lambda *_: pack(9, ["right"]), "typo"),
    "part": lambda world, who: reseal(world.desk, world.vault, who, [1], lambda *_: None, "partial"),
}


@pytest.mark.parametrize("name", sorted(ACTS))
def test_a8_what_breaks_off_leaves_no_segment_open(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The record does not open; the act says so, and the file that was read is closed by then."""
    world = World(tmp_path)
    (who,) = add_people(world.desk, world.vault, [Newcomer("customer", [(1, 1, pack(9, ["word"]))])])
    met: list[BinaryIO] = []
    first = LocalFiles.open

    def noted(self: LocalFiles, file: str) -> BinaryIO:
        met.append(first(self, file))
        return met[-1]

    def broken(*_: object) -> None:
        raise Unavailable("keys.out", "The key provider does not answer.")

    monkeypatch.setattr(LocalFiles, "open", noted)
    monkeypatch.setattr(reading, "open_record", broken)
    with pytest.raises(Unavailable):
        ACTS[name](world, who)
    assert met
    assert all(one.closed for one in met)
