"""A9: whoever is put on the suppression list by name silences nobody who shares a telephone with them, and is not forgotten by a restore."""

from pathlib import Path

import pytest

from custody.acts.list_anew import begin_anew
from custody.acts.passed_silence import take
from custody.base import ids
from custody.services.backup import backup
from custody.services.lookup import lookup
from custody.services.suppress import suppress_add, suppress_check, suppress_lift, suppress_list
from tests.vault.conftest import Refuses
from tests.vault.histories.world import World
from tests.vault.test_suppression import SHOP, sealed, silent, world

__all__ = ["world"]
FAMILY, OWN = "13800138000", "li.mei@example.cn"


@pytest.fixture
def family(world: World) -> tuple[World, str, str]:
    """Two who share one telephone, and a child of theirs who has nothing else."""
    shop = SHOP.replace("13912345678", FAMILY) + f"QH0005,李小,{FAMILY},,\n"
    Path(world.root / "shop" / "会员.csv").write_text(shop, encoding="utf-8")
    sealed(world, "shop")
    return (
        world,
        who(world, OWN),
        next(iter(set(all_of(world)) - {who(world, v) for v in (OWN, "wang@example.cn", "sun@example.cn")})),
    )


def all_of(world: World) -> list[str]:
    return [one["subject"] for one in lookup(world.desk, FAMILY, "phone", "shop")["found"]]


def who(world: World, value: str) -> str:
    return next(one["subject"] for one in lookup(world.desk, value, "email", "shop")["found"])


def marked(world: World) -> set[str]:
    return {ids.subject_text(one) for one in silent(world)}


@pytest.mark.parametrize("scope", ["import", "contact"])
def test_a9_a_family_s_telephone_silences_nobody_who_did_not_ask(family: tuple[World, str, str], scope: str):
    """What is theirs alone is listed, the telephone is told as shared; they are marked, the others are not, and come in again with the next import."""
    world, mine, _ = family
    told = suppress_add(world.desk, [], mine, scope, "asked.1", "shop")
    assert (told["added"], told["marked"], told["shared_values"]) == (2, 1, 1)
    assert suppress_check(world.desk, FAMILY)["listed"] is False
    assert suppress_check(world.desk, OWN)["by"] == {"email": scope}
    assert marked(world) == {mine}
    assert sealed(world, "again")["suppressed"] == {scope: 1}


def test_a9_who_has_only_what_others_have_is_marked_and_can_be_taken_off(
    family: tuple[World, str, str], refuses: Refuses
):
    """Nothing is listed; the mark stands by itself, outlives a restore from before it, and goes by name."""
    world, _, child = family
    backup(world.desk, "a")
    told = suppress_add(world.desk, [], child, "contact", "asked.1", "shop")
    assert (told["added"], told["marked"], told["shared_values"]) == (0, 1, 1)
    assert suppress_list(world.desk)["suppressed"] == 0
    world.lose()
    world.restore("a")
    assert marked(world) == {child}
    assert suppress_lift(world.desk, "", "asked.2", subject=child, vault="shop")["unmarked"] == 1
    assert marked(world) == set()
    with refuses("suppress.unknown"):
        suppress_lift(world.desk, "", "asked.3", subject=child, vault="shop")


def test_a9_who_was_taken_off_by_name_is_not_silenced_again_by_a_restore(family: tuple[World, str, str]):
    """What they have alone goes off the list with the mark; the backup of before knows of both."""
    world, mine, _ = family
    suppress_add(world.desk, [], mine, "contact", "asked.1", "shop")
    backup(world.desk, "a")
    told = suppress_lift(world.desk, "", "asked.2", subject=mine, vault="shop")
    assert (told["lifted"], told["unmarked"]) == (2, 1)
    world.lose()
    world.restore("a")
    assert (marked(world), suppress_list(world.desk)["suppressed"]) == (set(), 0)


def test_a9_a_list_that_begins_anew_silences_nobody_who_did_not_ask(family: tuple[World, str, str]):
    """Whoever is here and marked is on it again by what is theirs alone: the family's telephone is not."""
    world, mine, _ = family
    suppress_add(world.desk, [], mine, "contact", "asked.1", "shop")
    with world.desk.store.read() as tx:
        (key,) = tx.find("suppression_key", party=world.desk.space)
    world.provider.lose(str(key["ref"]))
    assert begin_anew(world.desk) == {"lost": 2, "relisted": 2}
    assert suppress_check(world.desk, FAMILY)["listed"] is False
    assert suppress_check(world.desk, OWN)["listed"] is True
    assert marked(world) == {mine}


def test_a9_a_value_that_goes_off_the_list_lets_nobody_go_who_was_silenced_otherwise(
    family: tuple[World, str, str], refuses: Refuses
):
    """One of a family asks to hear again by the telephone they share: a child that was put on by name stays silent, also after a restore, and so does whoever asked the company before and has the number in an order alone, or as their own."""
    world, mine, child = family
    sun, wang = who(world, "sun@example.cn"), who(world, "wang@example.cn")
    backup(world.desk, "a")
    suppress_add(world.desk, [], child, "contact", "asked.1", "shop")
    world.lose()
    world.restore("a")
    with world.desk.store.write() as tx:
        (vault,) = tx.find("vault", name="shop")
        assert take(tx, str(vault["id"]), [ids.subject_bytes(sun), ids.subject_bytes(wang)]) == 2
    with refuses("suppress.unknown"):
        suppress_lift(world.desk, FAMILY, "asked.2")
    before = marked(world)
    suppress_add(world.desk, [FAMILY], None, "contact", "asked.3", None)
    assert marked(world) == {*before, mine}
    told = suppress_lift(world.desk, FAMILY, "asked.4")
    assert (told["lifted"], told["unmarked"]) == (1, 1)
    assert marked(world) == before == {child, sun, wang}
    assert suppress_lift(world.desk, "", "asked.5", subject=child, vault="shop")["unmarked"] == 1
    assert suppress_lift(world.desk, "", "asked.6", subject=sun, vault="shop")["unmarked"] == 1
