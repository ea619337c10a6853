"""A8: what has run out is listed, then goes; holds, unknown clocks and missing signatures keep it; the proof is in the ledger."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest

from custody import wiring
from custody.acts.adding import Newcomer, add_people
from custody.acts.reading import Reader
from custody.acts.revising import revise_record
from custody.adapters.simulated.weather import Crashed
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.base.errors import CustodyError, Malformed
from custody.base.signing import Signer
from custody.services.backup import backup
from custody.services.hold import hold_add, hold_release
from custody.services.retention_plan import retention_plan
from custody.services.retention_run import retention_run
from custody.services.retention_set import retention_set
from custody.services.vault_check import vault_check
from custody.vault.payload import pack, unpack
from tests.vault.conftest import Refuses
from tests.vault.histories.world import NAME, World
from tests.vault.second import approve, join

POLICY = """
notice_days = 7
{standing}
[[rule]]
retention = "relation"
start = "relation-end"
years = 1
[[rule]]
retention = "cn-ecommerce-3y"
start = "last-activity"
years = 3
law = ["CN-RET-ECOM-31"]
"""
LAWS = wiring.laws()
STANDING = "standing_until = 2099-12-31"
GONE_LONG = {"contract_status": "ended", "last_activity": "2020-05"}
MIDDLE = {"contract_status": "ended", "last_activity": "2024-05"}
FACTS = {"long": GONE_LONG, "middle": MIDDLE, "active": {"contract_status": "active", "last_activity": "2026-02"},
         "unknown": {"last_activity": ""}, "held": GONE_LONG}  # fmt: skip
People = dict[str, bytes]


@pytest.fixture(scope="module")
def second() -> Signer:
    """Another person's key."""
    return Signer.generate()


@pytest.fixture
def world(tmp_path: Path, second: Signer) -> Iterator[World]:
    """A vault whose two compartments are kept under two words, and two people who may act."""
    made = World(tmp_path)
    desk = made.desk
    with desk.store.write() as tx:
        for number, word in ((1, "relation"), (2, "cn-ecommerce-3y")):
            tx.add("compartment", [{"vault": made.vault, "number": number, "tier": "general", "purposes": "service",
                                    "retention": word, "child_of": -1, "next_page": 0}])  # fmt: skip
    join(made, second)
    yield made
    made.close()


@pytest.fixture
def people(world: World) -> People:
    """One person for each of FACTS, with a record in both compartments; one of them held."""
    newcomers = [Newcomer("customer", [(1, 1, pack(n, [f"{name}-profile"])), (2, 2, pack(n, [f"{name}-order"]))], dict(facts))
                 for n, (name, facts) in enumerate(FACTS.items())]  # fmt: skip
    found = dict(zip(FACTS, add_people(world.desk, world.vault, newcomers), strict=True))
    hold_add(world.desk, ids.subject_text(found["held"]), "dispute.1", "", NAME)
    return found


def put_in_force(world: World, second: Signer, standing: str = STANDING) -> None:
    """A policy that both signed."""
    text = POLICY.format(standing=standing)
    approve(world, second, retention_set(world.desk, LAWS, text, NAME, dry_run=True))
    retention_set(world.desk, LAWS, text, NAME, dry_run=False)


def held_of(world: World) -> dict[bytes, set[str]]:
    """{person: what can still be read of them}."""
    found: dict[bytes, set[str]] = {}
    with world.desk.store.read() as tx:
        reader = Reader(world.desk, tx, world.vault)
        for row in tx.find("record", vault=world.vault):
            found.setdefault(row["subject"], set()).add(unpack(reader.open(row))[1][0])
        reader.close()
    return found


def everything(name: str) -> set[str]:
    """Both records of a person."""
    return {f"{name}-profile", f"{name}-order"}


def test_a8_a_policy_needs_two_people(world: World, second: Signer, refuses: Refuses):
    """Alone nobody puts a policy in force, and one that was changed in the store is in force no more."""
    text = POLICY.format(standing=STANDING)
    with refuses("retention.none"):
        retention_run(world.desk, NAME, dry_run=False)
    with refuses("act.unapproved"):
        retention_set(world.desk, LAWS, text, NAME, dry_run=False)
    put_in_force(world, second)
    assert retention_plan(world.desk, NAME)["policy"] == 1
    with world.desk.store.write() as tx:
        (row,) = tx.find("retention_policy")
        shorter = canonical.decode(row["policy"])
        shorter["rules"][0]["years"] = 0
        tx.change("retention_policy", {"policy": canonical.encode(shorter)}, vault=world.vault)
    with refuses("retention.policy"):
        retention_run(world.desk, NAME, dry_run=False)
    with world.desk.store.write() as tx:
        tx.change("retention_policy", {"policy": row["policy"], "approval": "evd_x"}, vault=world.vault)
    with refuses("retention.policy"):
        retention_plan(world.desk, NAME)


def test_a8_what_has_run_out_is_listed_then_goes_and_nothing_else(world: World, second: Signer, people: People):
    """Listed at first, gone after the notice: whole people and parts of them; held, active and unknown stay."""
    put_in_force(world, second)
    before = held_of(world)
    plan = retention_plan(world.desk, NAME)
    assert [(one["retention"], one["subjects"]) for one in plan["due"]] == [("relation", 3), ("cn-ecommerce-3y", 2)]
    assert (plan["held"], plan["unknown"], plan["ripe"], plan["listed"]) == (1, 2, 0, 0)
    first = retention_run(world.desk, NAME, dry_run=False)
    assert (first["listed"], first["slots"], held_of(world)) == (5, 0, before)
    world.clock.advance(timedelta(days=6))
    assert retention_run(world.desk, NAME, dry_run=False)["slots"] == 0
    world.clock.advance(timedelta(days=1, hours=1))
    assert retention_run(world.desk, NAME, dry_run=True)["ripe"] == 3
    assert held_of(world) == before
    done = retention_run(world.desk, NAME, dry_run=False)
    assert (done["subjects"], done["records"]) == (1, 3)
    assert held_of(world) == {
        people["middle"]: {"middle-order"}, **{people[name]: everything(name) for name in ("active", "unknown", "held")},
    }  # fmt: skip
    again = retention_run(world.desk, NAME, dry_run=False)
    assert (again["subjects"], again["slots"], again["records"]) == (0, 0, 0)
    assert vault_check(world.desk, NAME)["ok"] is True
    kinds = [entry["kind"] for entry in entries(world)]
    assert kinds.count("retention-listed") == 1
    proofs = [entry["says"] for entry in entries(world) if entry["kind"] == "erased"]
    assert [(one["part"], one["subjects"]) for one in proofs] == [("retention", 1), ("retention", 0)]
    assert {one["policy"] for one in proofs} == {policy_hash(world)}


def test_a8_a_hold_that_ends_lets_the_clock_through(world: World, second: Signer, people: People):
    """What was listed while held goes when the hold does, not before."""
    put_in_force(world, second)
    retention_run(world.desk, NAME, dry_run=False)
    world.clock.advance(timedelta(days=8))
    retention_run(world.desk, NAME, dry_run=False)
    assert people["held"] in held_of(world)
    hold_release(world.desk, ids.subject_text(people["held"]), "dispute.1", NAME)
    assert retention_run(world.desk, NAME, dry_run=False)["subjects"] == 1
    assert people["held"] not in held_of(world)


def test_a8_without_a_standing_policy_each_run_needs_a_second_person(
    world: World, second: Signer, people: People, refuses: Refuses
):
    """The list is made; what goes is approved as it is listed, and another list is not what was approved."""
    put_in_force(world, second, standing="")
    assert retention_run(world.desk, NAME, dry_run=False)["listed"] == 5
    world.clock.advance(timedelta(days=8))
    with refuses("act.unapproved"):
        retention_run(world.desk, NAME, dry_run=False)
    told = retention_run(world.desk, NAME, dry_run=True)
    assert told["approve"] == retention_plan(world.desk, NAME)["approve"]
    approve(world, second, told)
    hold_release(world.desk, ids.subject_text(people["held"]), "dispute.1", NAME)
    with refuses("act.unapproved"):
        retention_run(world.desk, NAME, dry_run=False)
    approve(world, second, retention_run(world.desk, NAME, dry_run=True))
    assert retention_run(world.desk, NAME, dry_run=False)["subjects"] == 2


def test_a8_a_policy_stands_until_its_day(world: World, second: Signer, people: People, refuses: Refuses):
    """After that day nothing goes without being asked."""
    put_in_force(world, second, standing="standing_until = 2026-03-20")
    retention_run(world.desk, NAME, dry_run=False)
    world.clock.advance(timedelta(days=8))
    with refuses("act.unapproved"):
        retention_run(world.desk, NAME, dry_run=False)
    assert people["long"] in held_of(world)


def test_a8_fields_can_be_stripped_instead(world: World, second: Signer, people: People):
    """The named column becomes NULL under a new key, the row stays; done once; what was is in no key that lives."""
    text = 'notice_days = 0\nstanding_until = 2099-12-31\n[[rule]]\nretention = "relation"\nstart = "relation-end"\nthen = "strip"\ncolumns = ["t1.note"]\n'
    approve(world, second, retention_set(world.desk, LAWS, text, NAME, dry_run=True))
    told = retention_set(world.desk, LAWS, text, NAME, dry_run=False)
    assert told["without_rule"] == ["cn-ecommerce-3y"]
    backup(world.desk, "a")
    retention_run(world.desk, NAME, dry_run=False)
    world.clock.advance(timedelta(hours=1))
    done = retention_run(world.desk, NAME, dry_run=False)
    assert (done["stripped"], done["slots"], done["subjects"], done["backed_up"]) == (2, 2, 0, True)
    found = held_of(world)
    assert found[people["long"]] == {None, "long-order"}
    assert found[people["held"]] == everything("held")
    assert found[people["active"]] == everything("active")
    assert retention_run(world.desk, NAME, dry_run=False)["stripped"] == 0
    assert vault_check(world.desk, NAME)["ok"] is True


def test_a8_another_rule_strips_anew_and_so_does_a_value_that_was_corrected(
    world: World, second: Signer, people: People
):
    """A policy that names the wrong column is refused; what one rule left, or a correction put there, the next run strips."""
    text = 'notice_days = 0\nstanding_until = 2099-12-31\n[[rule]]\nretention = "relation"\nstart = "relation-end"\nthen = "strip"\ncolumns = ["t1.note"]\n'
    with pytest.raises(Malformed) as error:
        retention_set(world.desk, LAWS, text.replace("t1.note", "t1.nota"), NAME, dry_run=True)
    assert error.value.slug == "retention.column"
    for years, stripped in ((0, 2), (1, 2)):
        changed = text + f"years = {years}\n" if years else text
        approve(world, second, retention_set(world.desk, LAWS, changed, NAME, dry_run=True))
        retention_set(world.desk, LAWS, changed, NAME, dry_run=False)
        runs = [_run(world) for _ in range(3)]
        assert sum(cast("int", one["stripped"]) for one in runs) == stripped
    with world.desk.store.read() as tx:
        row = next(
            one for one in tx.find("record", vault=world.vault, subject=people["long"]) if one["compartment"] == 1
        )
    revise_record(
        world.desk,
        world.vault,
        people["long"],
        cast("int", row["record"]),
        lambda _, payload: pack(unpack(payload)[0], ["back again"]),
        "noted",
    )
    assert "back again" in held_of(world)[people["long"]]
    _run(world), _run(world)
    assert held_of(world)[people["long"]] == {None, "long-order"}


def _run(world: World) -> Mapping[str, Json]:
    world.clock.advance(timedelta(hours=1))
    return retention_run(world.desk, NAME, dry_run=False)


def test_a8_what_comes_back_to_life_is_taken_off_the_list(world: World, second: Signer, people: People):
    """Somebody who bought again while listed is not erased."""
    put_in_force(world, second)
    retention_run(world.desk, NAME, dry_run=False)
    with world.desk.store.write() as tx:
        tx.change("subject", {"facts": canonical.encode(FACTS["active"])}, vault=world.vault, id=people["long"])
    world.clock.advance(timedelta(days=8))
    retention_run(world.desk, NAME, dry_run=False)
    assert held_of(world)[people["long"]] == everything("long")


@pytest.mark.usefixtures("people")
def test_a8_a_run_that_is_cut_off_is_finished_by_the_next(world: World, second: Signer):
    """Wherever the process dies, the next run ends in the same state."""
    put_in_force(world, second)
    retention_run(world.desk, NAME, dry_run=False)
    world.clock.advance(timedelta(days=8))
    for fuse in range(3):
        world.weather.fuse = fuse
        try:
            retention_run(world.desk, NAME, dry_run=False)
        except (Crashed, CustodyError):
            world.reopen()
        world.weather.fuse = None
    retention_run(world.desk, NAME, dry_run=False)
    assert len(held_of(world)) == 4
    assert vault_check(world.desk, NAME)["ok"] is True


def entries(world: World) -> list[dict]:
    """The ledger."""
    with world.desk.store.read() as tx:
        return [canonical.decode(row["entry"]) for row in tx.find("ledger_entry", order=("position",))]


def policy_hash(world: World) -> str:
    """What was signed."""
    with world.desk.store.read() as tx:
        return tx.find("retention_policy")[0]["content"]
