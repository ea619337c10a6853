"""A5, A7: a place for backups that cannot be written is told as such; what was erased before it was met is told as erased (spec/vault.md §21)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from custody.acts.adding import Newcomer, add_people
from custody.acts.mirroring import catch_up
from custody.base import ids
from custody.base.errors import Unavailable
from custody.services.backup import backup
from custody.services.erase_part import erase_part
from custody.vault.payload import pack
from tests.vault.histories.world import NAME, World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """One person of two records, backed up; then no facts can be written there any more."""
    made = World(tmp_path / "world")
    add_people(made.desk, made.vault, [Newcomer("customer", [(1, 1, pack(n, [f"word-{n}"])) for n in range(2)])])
    catch_up(made.desk)
    made.outside.prepare("a")
    backup(made.desk, "a")
    facts = made.root.joinpath("a", "facts")
    for path in facts.iterdir():
        path.unlink()
    facts.rmdir()
    facts.write_bytes(b"no folder")
    yield made
    made.close()


def test_a5_a_backup_names_the_place_that_cannot_be_written(world: World):
    """Not a fault of custody's own, and not silence."""
    with pytest.raises(Unavailable) as refused:
        backup(world.desk, "a")
    assert (refused.value.slug, refused.value.where["place"]) == ("backup.place", "a")


def test_a7_what_was_erased_is_told_although_its_place_was_not_renewed(world: World):
    """The record is gone, the answer says so, and that the place has it still."""
    with world.desk.store.read() as tx:
        (who,) = (row["id"] for row in tx.find("subject", vault=world.vault))
    assert erase_part(world.desk, ids.subject_text(who), "t1", 0, NAME)["backed_up"] is False
    with world.desk.store.read() as tx:
        assert tx.count("record", vault=world.vault, subject=who) == 1
