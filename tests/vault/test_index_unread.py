"""E8, A5: one record that is lost or rotted shuts nobody else out of the blind index, and one that lies in another's place stops it (spec/vault.md §13)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from custody.acts.revising import revise_record
from custody.base.errors import Broken
from custody.services.index_renew import index_renew
from custody.services.lookup import lookup
from custody.services.vault_check import vault_check
from tests.vault.histories.world import World
from tests.vault.sealing import company, mapped, sealed

NAME, OTHERS = "second", "kunde2@example.cn"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Five customers in a segment, and one of them, corrected since, in a segment of their own."""
    made, folder = World(tmp_path / "world"), company(tmp_path / "company", 5)
    sealed(made, folder, mapped(made, folder))
    assert lookup(made.desk, OTHERS, None, NAME)["count"] == 1
    with made.desk.store.read() as tx:
        (vault,) = tx.find("vault", name=NAME)
        theirs = tx.find("record", order=("row",), vault=vault["id"], compartment=1)[0]
    revise_record(made.desk, str(vault["id"]), theirs["subject"], theirs["record"], lambda _, payload: payload, "typo")
    yield made
    made.close()


def small(world: World) -> Path:
    """The file of the smallest segment, which is the corrected person's."""
    with world.desk.store.read() as tx:
        (vault,) = tx.find("vault", name=NAME)
        row = min(tx.find("segment", vault=vault["id"]), key=lambda one: one["bytes"])
    return world.home / str(row["file"])


@pytest.mark.parametrize("how", ["lost", "rotted"])
@pytest.mark.parametrize("anew", [False, True], ids=["kept up", "built anew"])
def test_a5_one_lost_record_shuts_nobody_else_out(world: World, how: str, *, anew: bool):
    """Whether the index is brought up to date or built again, the others are found; the check says what is lost."""
    path = small(world)
    if how == "lost":
        path.unlink()
    else:
        data = bytearray(path.read_bytes())
        data[-20] ^= 1
        path.write_bytes(data)
    if anew:
        index_renew(world.desk, NAME)
    assert lookup(world.desk, OTHERS, None, NAME)["count"] == 1
    assert not vault_check(world.desk, NAME)["ok"]


def test_g5_a_record_in_anothers_place_stops_the_index(world: World):
    """The attack: whoever writes in the store points one person's record at another's, so that somebody is not found."""
    with world.desk.store.write() as tx:
        (vault,) = tx.find("vault", name=NAME)
        first, second = list(tx.find("record", order=("record",), vault=vault["id"], compartment=2))[:2]
        for name in ("position", "length"):
            tx.change("record", {name: second[name]}, vault=vault["id"], record=first["record"])
    with pytest.raises(Broken):
        index_renew(world.desk, NAME)
