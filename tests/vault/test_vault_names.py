"""A name says which vault is meant, and is what its writers hold: nothing makes a second of one name."""

from pathlib import Path

import pytest

from custody.acts.adding import Newcomer, add_people
from custody.base.errors import Malformed, Refused
from custody.services.receive import receive
from custody.services.vault_list import vault_list
from custody.vault.payload import pack
from tests.vault.arriving_deal import DEAL, Arriving


@pytest.fixture
def arriving(tmp_path: Path) -> Arriving:
    """A hand-over that waits, at a company with a vault of its own, `main`, of three customers."""
    made = Arriving(tmp_path, 6).ship().release(1, lambda _: True)
    add_people(
        made.world.desk, made.world.vault, [Newcomer("customer", [(1, 1, pack(n, [f"s-{n}"]))]) for n in range(3)]
    )
    return made


@pytest.mark.parametrize(
    ("name", "slug"),
    [("main", "vault.named"), ("+copying", "vault.name"), ("a/b", "vault.name"), ("A B", "vault.name")],
)
def test_what_arrives_takes_no_name_that_is_there_or_is_none(arriving: Arriving, name: str, slug: str):
    """Before anything is copied; the folder stays as it was."""
    with pytest.raises((Refused, Malformed)) as no:
        receive(arriving.world.desk, DEAL, arriving.files, name)
    assert no.value.slug == slug
    assert not arriving.world.desk.files.list(f"vaults/{name}/segments") or name == "main"
    assert len(vault_list(arriving.world.desk)["vaults"]) == 1


def test_without_a_name_the_first_that_is_free_is_taken(arriving: Arriving):
    """A buyer of a second company need not think of one."""
    with arriving.world.desk.store.write() as tx:
        tx.change("vault", {"name": "received"}, id=arriving.world.vault)
    assert receive(arriving.world.desk, DEAL, arriving.files)["subjects"] == 6
    assert [one["name"] for one in vault_list(arriving.world.desk)["vaults"]] == ["received", "received-2"]
