"""A15: a record that was lost or rotted keeps nobody else under the seller's keys, and does not vanish: it is counted, stays as it came, and the re-seal ends when it is there again or was erased."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from custody.acts.foreign import foreign
from custody.base import ids
from custody.base.errors import Refused
from custody.services.erase import erase
from custody.services.reseal import reseal
from custody.services.vault_check import vault_check
from tests.vault.arriving_deal import DEAL, NAME, Arriving, readable, who

PEOPLE, ROTTED = 4, 2


class Rotted:
    """What was received, with one byte of one record changed."""

    def __init__(self, root: Path) -> None:
        self.made = Arriving(root, PEOPLE).ship().release(1, lambda _: True)
        self.made.receive()
        world = self.made.world
        with world.desk.store.read() as tx:
            self.vault = str(tx.find("vault", name=NAME)[0]["id"])
            row = tx.find("record", order=("record",), vault=self.vault, subject=who(ROTTED))[0]
            (segment,) = tx.find("segment", vault=self.vault, id=row["segment"])
        self.file, at = world.home / segment["file"], row["position"] + row["length"] - 1
        self.whole = self.file.read_bytes()
        self.file.write_bytes(self.whole[:at] + bytes([self.whole[at] ^ 1]) + self.whole[at + 1 :])

    def refused(self) -> Refused:
        """What a re-seal says."""
        with pytest.raises(Refused) as told:
            reseal(self.made.world.desk, DEAL, self.made.files)
        return told.value

    def theirs(self) -> set[bytes]:
        """Whose records lie under the seller's keys."""
        with self.made.world.desk.store.read() as tx:
            away = {row["id"] for row in foreign(tx, self.vault)}
            return {row["subject"] for row in tx.find("record", vault=self.vault) if row["segment"] in away}


@pytest.fixture
def rotted(tmp_path: Path) -> Iterator[Rotted]:
    made = Rotted(tmp_path)
    yield made
    made.made.world.close()


def test_a15_everybody_else_is_taken_over_and_it_ends_when_the_file_is_whole(rotted: Rotted):
    """Refused by count, once everything else is done; nothing of the seller's went before."""
    for _ in range(2):
        told = rotted.refused()
        assert (told.slug, told.where) == ("reseal.unread", {"records": 1, "people": 1})
        assert rotted.theirs() == {who(ROTTED)}
    rotted.file.write_bytes(rotted.whole)
    assert reseal(rotted.made.world.desk, DEAL, rotted.made.files)["records"] == 2 * PEOPLE
    assert rotted.theirs() == set()
    assert readable(rotted.made, PEOPLE) == {who(n): 2 for n in range(PEOPLE)}
    assert vault_check(rotted.made.world.desk, NAME)["ok"]


def test_a15_or_when_who_cannot_be_read_was_erased(rotted: Rotted):
    """Somebody decides it, by name; then what came goes as ever."""
    rotted.refused()
    erase(rotted.made.world.desk, [ids.subject_text(who(ROTTED))], NAME)
    assert reseal(rotted.made.world.desk, DEAL, rotted.made.files)["records"] == 2 * (PEOPLE - 1)
    assert rotted.theirs() == set()
