"""C7: what arrives is checked whole before any of it counts, without ever being in memory whole (spec/package.md §5)."""

from pathlib import Path

import pytest

from custody.acts import arriving, came, takeover, taking_more
from custody.base.errors import CustodyError, Refused
from custody.package.leaf import Leaf
from custody.services.recovery_print import recovery_print
from custody.services.recovery_test import recovery_test
from custody.services.reseal import reseal
from custody.services.vault_check import vault_check
from tests.vault.arriving_deal import DEAL, NAME, Arriving, Slot, who

PEOPLE = 1_500


@pytest.fixture(autouse=True)
def _stretches_of_a_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a company of two pages is many stretches."""
    for module, name, value in ((arriving, "_NEAR", 100), (came, "_NEAR", 90), (came, "_MANY", 70), (taking_more, "_NEAR", 110)):  # fmt: skip
        monkeypatch.setattr(module, name, value)


def refused(made: Arriving) -> str:
    """With what it is refused; nothing is received then."""
    with pytest.raises(CustodyError) as caught:
        made.receive()
    assert set(made.held().values()) == {0}
    return caught.value.slug


def test_everybody_who_was_released_arrives_and_nobody_else(tmp_path: Path):
    """Keys at their places, records that open under them, people with both parts; then the others, in slots of this vault's own."""
    made = Arriving(tmp_path, PEOPLE).ship().release(1, lambda n: n % 3 > 0)
    told = made.receive()
    assert (told["subjects"], told["slots"], told["rows"]) == (1_000, 2_000, 1_000)
    assert made.held() == {"subject": 1_000, "record": 2_000, "segment": 1, "page": 4}
    made.release(2, lambda n: n % 3 == 0, "delta")
    told = made.receive()
    assert (told["subjects"], told["slots"], told["rows"]) == (500, 1_000, 500)
    held = made.held()
    assert (held["subject"], held["record"]) == (1_500, 3_000)
    found = vault_check(made.world.desk, NAME)
    assert (found["faults"], found["not_held"]) == ([], [])


def test_what_was_changed_before_a_later_release_came_is_told_after_it(tmp_path: Path):
    """Each release commits to the layout that it met: a count changed in between does not become right by the second entry."""
    made = Arriving(tmp_path, PEOPLE).ship().release(1, lambda n: n % 3 > 0)
    made.receive()
    with made.world.desk.store.write() as tx:
        tx.change("tally", {"met": 7})
    made.release(2, lambda n: n % 3 == 0, "delta").receive()
    assert vault_check(made.world.desk, NAME)["counts"] == {"layout": 1}
    with made.world.desk.store.write() as tx:
        tx.change("compartment", {"tier": "other"})
    assert vault_check(made.world.desk, NAME)["counts"] == {"layout": 2}


@pytest.mark.parametrize(
    ("lost", "named", "slug"),
    [
        (frozenset({(1, 700)}), {}, "package.records"),
        (frozenset(), {(2, 700): 701}, "package.leaf-twice"),
        (frozenset(), {(2, 700): PEOPLE}, "package.records"),
    ],
)
def test_records_are_those_that_leaves_name(lost: frozenset[Slot], named: dict[Slot, int], slug: str, tmp_path: Path):
    """A seller who signs a table that names a record which is not there, or one part of somebody twice, is refused."""
    assert refused(Arriving(tmp_path, PEOPLE, lost, named).ship().release(1, lambda _: True)) == slug


def test_a_key_that_was_not_released_is_not_looked_for(tmp_path: Path):
    """What is wrong about somebody who was held back keeps nobody else out: of them nothing is opened."""
    made = Arriving(tmp_path, PEOPLE, frozenset({(1, 700)})).ship().release(1, lambda n: n != 700)
    assert made.receive()["subjects"] == PEOPLE - 1
    with made.world.desk.store.read() as tx:
        assert tx.count("subject", id=who(700)) == 0


def test_pages_that_change_while_they_are_taken_in_are_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Each page is held against the signed manifest whenever it is opened, not once."""
    made = Arriving(tmp_path, PEOPLE).ship().release(1, lambda _: True)
    place = made.files.path("release-0001/pages.bin")
    whole, taken = place.read_bytes(), []

    def take(reader: object, leaf: Leaf) -> None:
        taken.append(leaf)
        if len(taken) == 1_200:
            place.write_bytes(whole[:40_000] + bytes([whole[40_000] ^ 1]) + whole[40_001:])
        real(reader, leaf)

    real = arriving._Leaves.take
    monkeypatch.setattr(arriving._Leaves, "take", take)
    assert refused(made) == "release.page"


def test_a15_a_reseal_writes_each_key_page_of_the_seller_s_anew_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """People go page by page, also when it broke off half way: by their ids, every batch would meet every page."""
    monkeypatch.setattr(takeover, "_PAGES", 1)
    made = Arriving(tmp_path, PEOPLE).ship().release(1, lambda _: True)
    made.receive()
    with made.world.desk.store.read() as tx:
        (vault,) = tx.find("vault", name=NAME)
    write, written = takeover.write_segment, list[str]()

    def broken(*told: object) -> object:
        if written:
            raise OSError("broke off")
        written.append("once")
        return write(*told)

    with monkeypatch.context() as patched:
        patched.setattr(takeover, "write_segment", broken)
        with pytest.raises(OSError, match="broke off"):
            takeover.take_over(made.world.desk, vault)
    takeover.take_over(made.world.desk, vault)
    with made.world.desk.store.read() as tx:
        first = tx.find("page", order=("compartment",), vault=vault["id"], page=0)
        own = {row["id"] for row in tx.find("segment", vault=vault["id"], origin=vault["id"])}
        assert [row["version"] for row in first if row["compartment"] in {1, 2}] == [2, 2]
        assert tx.counts("record", "segment", vault=vault["id"]).keys() == own
    assert vault_check(made.world.desk, NAME)["faults"] == []


def test_a4_what_came_is_sealed_anew_only_when_it_could_be_brought_back(tmp_path: Path):
    """Receiving waits for no paper; the re-seal, which deletes what the vault came from, does until its sheets were tried."""
    made = Arriving(tmp_path, 20, rehearsal=False).ship().release(1, lambda _: True)
    assert made.receive()["subjects"] == 20
    with pytest.raises(Refused) as caught:
        reseal(made.world.desk, DEAL, made.files)
    assert caught.value.slug == "reseal.untried"
    assert made.held()["record"] == 40
    printed = recovery_print(made.world.desk, NAME, ["A", "B", "C"], 2)
    with pytest.raises(Refused):
        reseal(made.world.desk, DEAL, made.files)  # printed is not tried
    recovery_test(made.world.desk, [(one["holder"], one["text"]) for one in printed["sheets"][:2]], NAME)
    assert reseal(made.world.desk, DEAL, made.files)["records"] == 40


def test_a4_a_rehearsal_is_told_and_not_held_up(tmp_path: Path):
    """Nobody keeps paper of a rehearsal."""
    made = Arriving(tmp_path, 20).ship().release(1, lambda _: True)
    made.receive()
    assert reseal(made.world.desk, DEAL, made.files)["records"] == 40
