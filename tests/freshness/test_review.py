"""A7: a review finds what cannot be right, names the place and the department, and never the value."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.acts.accuracy import wrong
from custody.acts.desk import Desk
from custody.acts.people import principal_row
from custody.base.signing import Signer
from custody.model.party import Principal
from custody.services.department_join import department_join
from custody.services.erase import erase
from custody.services.freshness_keep import Place, freshness_keep
from custody.services.freshness_list import freshness_list
from custody.services.freshness_review import freshness_review
from custody.services.revise import Correction, revise
from custody.vault.normal import _eighteen
from tests.freshness.conftest import SHOP, person, put_right
from tests.vault.conftest import Refuses
from tests.vault.histories.world import World

FAULTS = {
    (2, "出生日期", "contradictory"), (3, "身份证号", "invalid"), (4, "手机", "stale"), (4, "邮箱", "stale"),
    (1, "邮箱", "duplicate"), (5, "邮箱", "duplicate"), (6, "手机", "invalid"),
}  # fmt: skip


def doubts(world: World, **wanted: str) -> set[tuple[int, str, str]]:
    return {(one["row"], one["column"], one["kind"]) for one in freshness_list(world.desk, "shop", wanted)["doubts"]}


def test_a7_each_fault_of_the_shop_is_found_and_nothing_else(world: World):
    """One fault of each kind is found at its place; the six right telephone numbers, addresses and birthdays are left alone."""
    told = freshness_review(world.desk, "shop")
    assert doubts(world) == FAULTS
    assert told["by_kind"] == {"stale": 2, "invalid": 2, "contradictory": 1, "duplicate": 2, "bounced": 0}
    double = next(one for one in freshness_list(world.desk, "shop", {})["doubts"] if one["row"] == 5)
    assert double["other"] == person(world, 1)


def test_a7_no_value_leaves_the_vault(world: World):
    """Neither the list, nor the store, nor the ledger has a value of what is doubted."""
    freshness_review(world.desk, "shop")
    text = repr(freshness_list(world.desk, "shop", {}))
    files = b"".join(file.read_bytes() for file in (world.root / "home").glob("core.db*"))
    for line in SHOP.splitlines()[1:]:
        assert [value for value in line.split(",") if value not in {"男", "女"} and value in text] == []
    for value in ("li.mei@example.cn", "13612345678", "110101199003070039"):
        assert value.encode() not in files


def test_a7_what_somebody_kept_stays_kept_until_it_is_corrected(world: World, second: Desk, refuses: Refuses):
    """A second review leaves what was kept; a corrected value is looked at anew, and a doubt that is gone is told so."""
    freshness_review(world.desk, "shop")
    who = person(world, 6)
    freshness_keep(world.desk, who, Place("会员", 6, "手机"), "internal extension, checked with him", "shop")
    again = freshness_review(world.desk, "shop")
    assert (again["open"], again["kept"]) == (6, 1)
    assert (6, "手机", "invalid") not in doubts(world)
    put_right(world.desk, second, who, Correction("会员", None, "手机", "139", "typo"))
    assert freshness_review(world.desk, "shop")["kept"] == 0
    assert (6, "手机", "invalid") in doubts(world)
    put_right(world.desk, second, who, Correction("会员", None, "手机", "13912340000", "typo"))
    assert freshness_review(world.desk, "shop")["gone"] == 1
    assert (6, "手机", "invalid") in doubts(world, state="gone")
    with refuses("freshness.none"):
        freshness_keep(world.desk, who, Place("会员", 6, "手机"), "again", "shop")


def test_a7_a_corrected_address_is_fresh(world: World):
    """Whoever has just given a new number is not asked whether it is right, while the other address stays doubted."""
    revise(world.desk, person(world, 4), Correction("会员", None, "最近消费", "2026-03-10", "typo"), "shop")
    freshness_review(world.desk, "shop")
    assert not {(4, "手机", "stale"), (4, "邮箱", "stale")} & doubts(world)
    world.clock.advance(timedelta(days=365 * 3))
    freshness_review(world.desk, "shop")
    assert {row for row, _, kind in doubts(world, kind="stale") if kind} == {1, 2, 3, 4, 5, 6}


def test_a7_of_an_erased_person_nothing_is_doubted(world: World):
    """Erasing takes the doubts along, in the same transaction."""
    freshness_review(world.desk, "shop")
    erase(world.desk, [person(world, 4)], "shop")
    assert 4 not in {row for row, _, _ in doubts(world)}
    assert freshness_review(world.desk, "shop")["open"] == 5


def test_a7_a_department_sees_its_own_list(world: World, second: Desk, refuses: Refuses):
    """Identity numbers lie with legal, telephones with service; who works for service sees service alone; a stranger to both, nothing."""
    freshness_review(world.desk, "shop")
    listed = freshness_list(world.desk, "shop", {"department": "legal"})
    assert {(one["column"], one["department"]) for one in listed["doubts"]} == {
        ("身份证号", "legal"),
        ("出生日期", "legal"),
    }
    clerk = Principal("prn_00000000000000000000000002", "clerk", frozenset({"department"}), Signer.generate().identity)
    with second.store.write() as tx:
        tx.add("principal", [principal_row(clerk.id, world.party, clerk.handle, ["department"], clerk.identity, "")])
    desk = replace(world.desk, principal=clerk)
    assert freshness_list(desk, "shop", {})["doubts"] == []
    department_join(second, "clerk", "service", "2026-12-31")
    mine = freshness_list(desk, "shop", {})
    assert {one["column"] for one in mine["doubts"]} == {"手机", "邮箱"}
    assert mine["by_department"] == {"service": 5}
    with refuses("freshness.which"):
        freshness_list(world.desk, "shop", {"kind": "odd"})


@given(
    st.integers(1950, 2005),
    st.integers(1, 12),
    st.integers(1, 28),
    st.integers(0, 999),
    st.integers(0, 17),
    st.integers(1, 9),
)
def test_a7_one_wrong_digit_of_an_identity_number_is_always_noticed(
    year: int, month: int, day: int, order: int, place: int, more: int
):
    """Every number with its right check character is clean, and no single digit of it can be changed unnoticed."""
    good = _eighteen(f"110101{year % 100:02d}{month:02d}{day:02d}{order:03d}") if year < 2000 else ""
    if not good:
        return
    assert wrong("id.cn_resident", good, "CN") == ""
    digit = "0123456789X".index(good[place])
    bad = good[:place] + "0123456789"[(digit + more) % 10] + good[place + 1 :]
    assert bad == good or wrong("id.cn_resident", bad, "CN") == "checksum"


@pytest.mark.parametrize(
    ("cls", "good", "bad"),
    [
        ("contact.email", ("a@b.cn", "Ｌi@例子.公司", "a+b@c-d.example", "o'neil@x.ie"), ("a@b", "a b@c.d", "@c.d", "a@b..c", "a@@b.c")),
        ("contact.phone", ("13800138000", "+44 20 7946 0018", "010-62345678", "１３８００１３８０００"), ("12345", "13800", "000000")),
        ("finance.card_number", ("4111 1111 1111 1111", "6222-0212-3456-7894"), ("4111111111111112", "41x")),
        ("finance.bank_account", ("DE89370400440532013000", "6217000012345678901"), ("DE89370400440532013001",)),
        ("id.cn_resident", ("11010119900307002x", "110101900307002", "1101**********002X"), ("110101199013070020", "1")),
        ("person.birth_date", ("1990-02-28", "1990年2月8日", "02/03/1990", "unknown"), ("1990-02-30",)),
        ("person.health", ("x",), ()),
    ],
)  # fmt: skip
def test_a7_a_check_calls_nothing_wrong_that_may_be_right(cls: str, good: tuple[str, ...], bad: tuple[str, ...]):
    """Full width, dashes, other countries, masked and unknown forms pass; what no value of the class can be does not."""
    assert [one for one in good if wrong(cls, one, "CN")] == []
    assert [one for one in bad if not wrong(cls, one, "CN")] == []
