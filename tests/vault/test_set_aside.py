"""A2, C8: rows that were set aside are listed with what became of them, and every row met is still accounted for."""

from dataclasses import replace
from pathlib import Path

import pytest

from custody.acts.desk import Desk
from custody.services.quarantine_dismiss import quarantine_dismiss
from custody.services.quarantine_list import Asked, quarantine_list
from custody.services.vault_check import vault_check
from tests.vault.conftest import Refuses
from tests.vault.histories.world import World
from tests.vault.sealing import company, mapped, sealed

NAME = "second"
SECRET = "geheim@example.cn"


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Five customers; set aside are a ragged line, a number that two claim, and every order, which nobody joined."""
    made, folder = World(tmp_path / "world"), company(tmp_path / "company", 5)
    with (folder / "customers.csv").open("a", encoding="utf-8") as table:
        table.write(f"C9999999,王芳,{SECRET},1953-04-13,gut,extra,extra\n")
    sealed(made, folder, mapped(made, folder))
    return made


def _as(world: World, role: str) -> Desk:
    """The same desk in the hands of somebody of one role."""
    return replace(world.desk, principal=replace(world.desk.principal, roles=frozenset({role})))


def test_c8_every_row_met_is_sealed_dismissed_or_open(world: World):
    """Table by table the difference is nothing, before and after something is dismissed."""
    told = quarantine_list(world.desk, NAME)
    assert told["open"] == sum(one["rows"] for one in told["groups"] if one["looked_at"]) > 0
    assert told["rows"] == told["sealed"] + told["open"]
    (group,) = [one for one in told["groups"] if one["reason"] == "row.ragged"]
    done = quarantine_dismiss(world.desk, NAME, "test-data", table=group["table"], reason="row.ragged")
    after = quarantine_list(world.desk, NAME)
    assert done["dismissed"] == after["dismissed"] == 1
    assert after["rows"] == after["sealed"] + after["open"] + 1
    assert all(one["difference"] == 0 for one in after["tables"])
    assert vault_check(world.desk, NAME)["ok"] is True


def test_a2_a_line_that_is_missing_from_the_list_shows_in_the_sum(world: World):
    """The sum counts what lies there, not what was met less what was sealed."""
    with world.desk.store.write() as tx:
        tx.drop("quarantine", vault=tx.find("vault", name=NAME)[0]["id"], number=0)
    assert quarantine_list(world.desk, NAME)["difference"] == 1


def test_a3_who_handles_rows_sees_their_shape_and_nobody_a_value(world: World):
    """A ragged line whole, a row that could be read by column; others see places and reasons alone."""
    told = quarantine_list(world.desk, NAME, most=1000)
    (ragged,) = [one for one in told["lines"] if one["reason"] == "row.ragged"]
    assert ragged["cells"] == [{"column": "", "shape": "A0000000,某某,aaaaaa@aaaaaaa.aa,0000-00-00,aaa,aaaaa,aaaaa"}]
    orphan = next(one for one in told["lines"] if one["reason"] == "row.orphan")
    assert {"column": "order_id", "shape": "A00000000"} in orphan["cells"]
    assert SECRET not in str(told)
    assert all(one["cells"] is None for one in quarantine_list(_as(world, "auditor"), NAME)["lines"])


def test_a2_lines_are_chosen_by_table_reason_and_state(world: World):
    """A page begins where the one before ended, and says how many fit."""
    every = quarantine_list(world.desk, NAME, most=1000)
    some = quarantine_list(world.desk, NAME, Asked(reason="row.orphan", state="open"), start=2, most=3)
    orphans = [one["number"] for one in every["lines"] if one["reason"] == "row.orphan"]
    assert [one["number"] for one in some["lines"]] == orphans[2:5]
    assert some["total"] == len(orphans)
    quarantine_dismiss(world.desk, NAME, "duplicate", orphans[:2])
    left = quarantine_list(world.desk, NAME, Asked(reason="row.orphan", state="open"))
    assert left["total"] == len(orphans) - 2
    (done,) = quarantine_list(world.desk, NAME, Asked(state="dismissed"), start=1)["lines"]
    assert (done["state"], done["why"]) == ("dismissed", "duplicate")


def test_a2_dismissing_again_changes_nothing_and_says_so(world: World):
    """What was dismissed keeps its first reason."""
    first = quarantine_dismiss(world.desk, NAME, "duplicate", [0, 1])
    again = quarantine_dismiss(world.desk, NAME, "not-needed", [0, 1])
    assert (first["dismissed"], again["dismissed"], again["already"]) == (2, 0, 2)
    kept = quarantine_list(world.desk, NAME, Asked(state="dismissed"))["lines"]
    assert {one["why"] for one in kept} == {"duplicate"}


def test_a2_what_cannot_be_dismissed_is_refused(world: World, refuses: Refuses):
    """A word that is no reason, rows not said, a row that is not there, a role that handles no rows."""
    with refuses("quarantine.why"):
        quarantine_dismiss(world.desk, NAME, "because", [0])
    with refuses("quarantine.which"):
        quarantine_dismiss(world.desk, NAME, "duplicate")
    with refuses("quarantine.unknown"):
        quarantine_dismiss(world.desk, NAME, "duplicate", [0, 999_999])
    with refuses("act.role"):
        quarantine_dismiss(_as(world, "auditor"), NAME, "duplicate", [0])
    with refuses("act.role"):
        quarantine_list(_as(world, "department"), NAME)
    assert quarantine_list(world.desk, NAME)["dismissed"] == 0
