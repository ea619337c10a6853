"""G19: what one person erases alone is counted, whole customers and parts of them, and beyond the limit a second person approves just that."""

from pathlib import Path

import pytest

from custody.acts import erased_alone
from custody.acts.adding import Newcomer, add_people
from custody.base import ids
from custody.base.errors import Refused
from custody.base.signing import Signer
from custody.services.erase import erase
from custody.services.erase_part import erase_part
from custody.vault.payload import pack
from tests.vault.histories.world import NAME, World
from tests.vault.second import approve, join


def test_g19_parts_are_counted_with_whole_customers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """With a limit of two, one whole and one part are done alone; the third is another person's to approve, whichever way it is asked."""
    monkeypatch.setattr(erased_alone, "ALONE", 2)
    world, second = World(tmp_path / "world"), Signer.generate()
    join(world, second)
    made = add_people(
        world.desk, world.vault, [Newcomer("customer", [(1, 1, pack(n, [f"row {n}"]))]) for n in range(4)]
    )
    who = [ids.subject_text(one) for one in made]
    erase(world.desk, who[:1], NAME)
    erase_part(world.desk, who[1], "t1", None, NAME)
    with pytest.raises(Refused, match="second person") as error:
        erase_part(world.desk, who[2], "t1", None, NAME)
    with pytest.raises(Refused, match="second person"):
        erase(world.desk, who[2:3], NAME)
    _, _, act, content = str(error.value.next).split()
    approve(world, second, {"approve": {"act": act, "content": content}})
    assert erase_part(world.desk, who[2], "t1", None, NAME)["records"] == 1
    with pytest.raises(Refused, match="second person"):
        erase_part(world.desk, who[3], "t1", None, NAME)
    world.close()
