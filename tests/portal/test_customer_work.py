"""B4, E5: what customers had open when their data came is somebody's at the buyer, with a day, until it is ended by hand."""

import shutil
import sqlite3
import tomllib
from pathlib import Path

import pytest

from custody.acts import customer_work
from custody.acts.customer_work import KINDS, kind_of, stands
from custody.acts.reading import Reader
from custody.base import ids
from custody.services.erase import erase
from custody.services.work_assign import work_assign
from custody.services.work_close import work_close
from custody.services.work_list import work_due, work_list
from custody.services.work_reopen import work_reopen
from custody.vault.payload import unpack
from tests.line.conftest import act
from tests.portal.conftest import DEAL, at
from tests.portal.passed_on import buyer, released
from tests.portal.somebody import refused

ORDERS, CASES, SUBSCRIPTIONS = "orders", "customer_care.工单", "customer_care.订阅"
NOT_OPEN = {
    ORDERS: {"completed", "refunded", "shipped", "cancelled"},
    CASES: {"已关闭"},
    SUBSCRIPTIONS: {"已退订", "已到期"},
}


@pytest.fixture(scope="module")
def received(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hand-over that the buyer received a moment ago."""
    where = Path(shutil.copytree(shipped, tmp_path_factory.mktemp("open") / "demo"))
    released(where)
    return where


def pieces(where: Path) -> dict[str, dict]:
    """What the buyer's list says customers have open."""
    with buyer(where) as desk:
        found: list = work_list(desk, "", most=100_000)["work"]  # type: ignore[assignment]
    return {one["work"]: one for one in found if one.get("rows")}


def test_b4_what_is_open_in_what_came_is_listed_by_customer_and_nothing_else_is(
    received: Path, opened: dict[str, dict[str, int]]
):
    """Orders that were not shipped, cases that are not closed, subscriptions that run: as many rows as the tables say, by whose they are."""
    listed = pieces(received)
    told = {
        name: {work.partition(":")[0]: one["rows"] for work, one in listed.items() if one["what"] == name}
        for name in opened
    }
    assert told == opened
    assert all(opened.values()), "each kind is open for somebody"
    assert {one["kind"] for one in listed.values()} == {"order", "case", "subscription"}
    assert sum(one["unclear"] for one in listed.values()) == 0
    assert {one["person"] for one in listed.values()} == {"fanyuan"}, "the deal's lead"
    assert not any(one["late"] for one in listed.values())


@pytest.fixture(scope="module")
def opened(received: Path) -> dict[str, dict[str, int]]:
    """The same, read row by row from what came."""
    found: dict[str, dict[str, int]] = {name: {} for name in NOT_OPEN}
    with buyer(received) as desk, desk.store.read() as tx:
        vault = str(tx.find("vault")[0]["id"])
        with Reader(desk, tx, vault) as reader:
            for row in tx.find("record", vault=vault):
                layout = reader.layouts[row["schema"]]
                name = layout.table
                place = next((at for at, column in enumerate(layout.columns) if column in {"status", "状态"}), None)
                if name in found and place is not None:
                    word = unpack(reader.open(row))[1][place]
                    if word not in NOT_OPEN[name]:
                        who = ids.subject_text(row["subject"])
                        found[name][who] = found[name].get(who, 0) + 1
    return found


def test_b4_one_person_of_the_staff_ends_no_whole_table(received: Path):
    """What many people see to is ended by an owner or the lead; a customer's own piece by anybody of the deal who sees to it."""
    before = pieces(received)
    own = next(work for work, one in before.items() if one["what"] == ORDERS)
    with at(received, "yeqing", "buyer") as desk:
        assert "owner" not in desk.principal.roles
        assert refused(lambda: work_close(desk, ORDERS, "done")) == "work.lead"
    assert pieces(received) == before
    with at(received, "yeqing", "buyer") as desk:
        assert work_close(desk, own, "done")["closed"] == 1
    assert pieces(received).keys() == before.keys() - {own}


def test_b4_a_piece_or_a_table_is_given_and_ended_with_a_word(received: Path):
    """To a person for a day; ended it is nobody's, twice is once."""
    names = sorted(work for work, one in pieces(received).items() if one["what"] == CASES)
    with buyer(received) as desk:
        today = desk.today().isoformat()
        assert work_assign(desk, names[0], "yeqing", today)["person"] == "yeqing"
        work_assign(desk, ORDERS, "yeqing", "")
        assert refused(lambda: work_close(desk, "sub_none:orders", "done")) == "work.unknown"
        assert refused(lambda: work_close(desk, names[0], "because")) == "work.how"
        told = work_close(desk, names[0], "done")
        assert (told["closed"], work_close(desk, names[0], "cancelled")["closed"]) == (1, 0)
        rest = work_close(desk, CASES, "elsewhere")
        assert rest["closed"] == len(names) - 1
        assert refused(lambda: work_assign(desk, names[0], "yeqing", "")) == "work.unknown"
    left = pieces(received)
    assert not [one for one in left.values() if one["what"] == CASES]
    assert {one["person"] for one in left.values() if one["what"] == ORDERS} == {"yeqing"}
    assert {one["person"] for one in left.values() if one["what"] == SUBSCRIPTIONS} == {"fanyuan"}


def test_b4_what_was_ended_by_mistake_is_opened_again(received: Path):
    """A piece by who may end it; of a table what the last word ended together, by the lead; what was ended before stays ended, and twice is once."""
    before = pieces(received)
    names = sorted(work for work, one in before.items() if one["what"] == SUBSCRIPTIONS)
    with at(received, "yeqing", "buyer") as desk:
        assert work_reopen(desk, names[0])["opened"] == 0, "it is open"
        work_close(desk, names[0], "done")
    with buyer(received) as desk:
        assert work_close(desk, SUBSCRIPTIONS, "not-open")["closed"] == len(names) - 1
    with at(received, "yeqing", "buyer") as desk:
        assert refused(lambda: work_reopen(desk, SUBSCRIPTIONS)) == "work.lead"
        assert refused(lambda: work_reopen(desk, "sub_none:orders")) == "work.unknown"
    with buyer(received) as desk:
        assert work_reopen(desk, SUBSCRIPTIONS)["opened"] == len(names) - 1
    assert pieces(received).keys() == before.keys() - {names[0]}
    with at(received, "yeqing", "buyer") as desk:
        assert (work_reopen(desk, names[0])["opened"], work_reopen(desk, names[0])["opened"]) == (1, 0)
    assert pieces(received) == before


def test_b4_what_lies_past_its_day_alarms_and_goes_with_the_person(received: Path):
    """The house's own fifteen days; whoever is erased has no open work."""
    with buyer(received) as desk:
        before = work_due(desk)
        assert before["late"] == 0
        work = next(iter(pieces(received)))
        with desk.store.write() as tx:
            tx.change(
                "customer_work",
                {"came_at": "2026-01-01T00:00:00.000000Z"},
                subject=ids.subject_bytes(work.partition(":")[0]),
            )
        assert work_due(desk)["ok"] is False
        erase(desk, [work.partition(":")[0]], None)
    assert not [one for one in pieces(received) if one.startswith(work.partition(":")[0])]


def test_b4_received_again_lists_nothing_twice(received: Path):
    """The same folder once more is the same receipt, and what was ended stays so."""
    before = pieces(received)
    assert act(received, "buyer", "fanyuan", "receive", DEAL, "--at", received / "handover")[0] == 0
    assert pieces(received) == before


def test_b4_who_is_not_of_the_deal_sees_none_of_it(received: Path):
    """A member of staff whom nobody let into the deal: neither listed nor ended."""
    with sqlite3.connect(received / "buyer" / "core.db") as store:
        store.execute(
            "UPDATE deal_member SET ended_at = '2026-01-01T00:00:00.000000Z' WHERE principal = (SELECT id FROM principal WHERE handle = 'yeqing')"
        )
    with at(received, "yeqing", "buyer") as desk:
        assert not [one for one in work_list(desk, "", most=100_000)["work"] if one.get("rows")]
        assert refused(lambda: work_close(desk, ORDERS, "done")) in {"work.unknown", "role.denied", "act.role"}


@pytest.mark.parametrize(
    ("word", "how"),
    [
        ("已发货", "done"), ("Shipped", "done"), ("待发货", "open"), ("In Progress", "open"), ("past_due", "open"), ("状态七", "unclear"), ("", "unclear"),
        ("Ｃｌｏｓｅｄ", "done"), ("8", "unclear"), ("failed", "open"), ("派送失败", "open"), ("rejected", "unclear"), ("已拒绝", "unclear"),
    ],
)  # fmt: skip
def test_b4_a_word_that_nobody_knows_counts_as_open_and_says_so(word: str, how: str):
    """However it is written; none is unclear, too."""
    assert stands(word) == how


def test_b4_no_word_is_both_and_every_kind_has_a_table():
    """The two lists share nothing; a table of no known name is of kind other."""
    words = tomllib.loads(Path(customer_work.__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    done, still = ({one for lang in words[name].values() for one in lang} for name in ("done", "open"))
    assert done
    assert still
    assert not done & still
    assert {kind_of(name) for name in ("shop.orders", "客服工单", "subscriptions", "抽奖")} == set(KINDS)
