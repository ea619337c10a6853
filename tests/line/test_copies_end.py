"""C9, A6: what leaves in clear is listed first, with its keeper and its day; after the day custody alarms until somebody accounts for it (spec/copies.md)."""

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from errno import ENOSPC
from pathlib import Path

import pytest

from custody import wiring
from custody.acts.copies import call_in
from custody.acts.terms import NOBODY_SAID, Term, let_out
from custody.adapters.home import DUE
from custody.base.clock import stamp
from custody.base.errors import Malformed, Refused
from custody.scheduled import tasks
from custody.services.copy_account import copy_account
from custody.services.copy_declare import copy_declare
from custody.services.copy_list import copies_due, copy_list
from custody.services.due import due
from custody.services.export import export
from tests.line.conftest import act
from tests.line.homes import desk_of, out_by_two
from tests.vault.histories.world import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A vault on 16 March 2026."""
    made = World(tmp_path / "world")
    yield made
    made.close()


def leave(world: World, name: str, place: str = "", kind: str = "export", term: Term = NOBODY_SAID) -> str:
    with world.desk.store.write() as tx:
        return let_out(
            world.desk, tx, world.vault, {"kind": kind, "name": name, "sha256": ""}, replace(term, place=place)
        )


def listed(world: World) -> dict[str, dict]:
    found = copy_list(world.desk, None)
    return {str(one["name"]): one for one in found["copies"]}  # type: ignore[union-attr]


def overdue(world: World) -> list[str]:
    told = copies_due(world.desk)
    assert told["ok"] is not bool(told["overdue"])
    assert copy_list(world.desk, None)["overdue"] == len(told["overdue"])  # type: ignore[arg-type]
    return [str(one["name"]) for one in told["overdue"]]  # type: ignore[union-attr]


def test_c9_a_copy_in_clear_ends_in_a_month_and_alarms_until_it_is_gone(world: World):
    """Not on its last day; from the next on, each time, by name and keeper; `stays` is asked again, `destroyed` ends it."""
    name = leave(world, "a.csv", "/somewhere")
    row = listed(world)[name]
    assert (row["until"], row["keeper"], row["overdue"]) == ("2026-04-15", world.desk.principal.handle, False)
    world.clock.advance(timedelta(days=30))
    assert not overdue(world)
    world.clock.advance(timedelta(days=1))
    assert overdue(world) == [name]
    copy_account(world.desk, None, name, "stays", why="claim")
    assert overdue(world) == [name]
    copy_account(world.desk, None, name, "destroyed", b"a shredder's slip")
    assert not overdue(world)


def test_c9_the_schedule_alarms_and_the_alarm_is_entered(world: World):
    """`custody due` answers no with the copy's name, and the ledger keeps it."""
    (task,) = tasks(dict.fromkeys(DUE, 0) | {"copies": 24})
    assert due(world.desk, [task], dry_run=False)["ok"] is True
    leave(world, "a.csv", "/somewhere", term=Term("the print shop", "2026-03-16"))
    world.clock.advance(timedelta(days=1, hours=1))
    told = due(world.desk, [task], dry_run=False)
    assert (told["ok"], told["failed"]) == (False, ["copies"])
    (ran,) = told["tasks"]  # type: ignore[misc]
    assert ran["fault"] == "copies.not-ok"
    with world.desk.store.read() as tx:
        newest = tx.find("ledger_entry", order=("position",))[-1]
    assert b"due-alarm" in newest["entry"]
    assert b"copies copies.not-ok" in newest["entry"]


@pytest.mark.parametrize(
    "term", [Term(until="2026-03-15"), Term(until="2027-03-18"), Term(until="soon"), Term("x" * 121), Term("a\nb")]
)
def test_c9_a_day_that_is_none_is_refused(world: World, term: Term):
    """The past, beyond a year, no day; a keeper of two lines: nothing is listed."""
    for work in (
        lambda: leave(world, "a.csv", term=term),
        lambda: copy_declare(world.desk, None, "a", "paper", term),
    ):
        with pytest.raises(Malformed) as refused:
            work()
        assert refused.value.slug == "copy.term"
    assert not listed(world)


def test_c9_the_same_file_is_one_copy_and_another_folder_another(world: World):
    """Written anew it is open again, with a new day; a file without a folder is a copy each time."""
    first = leave(world, "a.csv", "/one")
    copy_account(world.desk, None, first, "destroyed")
    world.clock.advance(timedelta(days=5))
    assert leave(world, "a.csv", "/one") == first == "a.csv"
    assert (listed(world)[first]["state"], listed(world)[first]["until"]) == ("open", "2026-04-20")
    second = leave(world, "a.csv", "/two")
    assert second.startswith("a.csv@")
    assert leave(world, "a.csv", "/two") == second
    assert leave(world, "list", kind="letters") != leave(world, "list", kind="letters")
    assert len(listed(world)) == 4


def test_c9_a_listed_copy_has_another_day_by_declaring_it_again(world: World):
    """What nobody says now stays as it was said; without news nothing changes, even when the day has passed."""
    copy_declare(world.desk, None, "book", "paper")
    assert listed(world)["book"]["until"] == ""
    copy_declare(world.desk, None, "book", "other", Term("zhou", "2026-03-20"))
    copy_declare(world.desk, None, "book", "paper", Term(until="2026-03-21"))
    row = listed(world)["book"]
    assert (row["kind"], row["keeper"], row["until"]) == ("paper", "zhou", "2026-03-21")
    world.clock.advance(timedelta(days=10))
    assert overdue(world) == ["book"]
    assert copy_declare(world.desk, None, "book", "paper")["until"] == "2026-03-21"
    copy_declare(world.desk, None, "book", "paper", Term(until="2026-06-01"))
    assert not overdue(world)


def test_c9_what_was_called_in_is_overdue_the_next_day_and_an_old_export_at_once(world: World):
    """Lists of letters are asked back like exports, an answer that went to the customer is not; an export without a day alarms."""
    for kind in ("export", "letters", "answer"):
        leave(world, kind, "/x", kind)
    with world.desk.store.write() as tx:
        assert call_in(tx, world.vault, stamp(world.clock.now())) == 2
    assert not overdue(world)
    world.clock.advance(timedelta(days=1))
    assert [name.partition("@")[0] for name in overdue(world)] == ["export", "letters"]
    with world.desk.store.write() as tx:
        tx.add("copy", [{"vault": world.vault, "name": "of before", "kind": "export", "sha256": "", "account": b""}])
    assert "of before" in overdue(world)


def test_c9_an_export_is_listed_with_its_day_and_nothing_leaves_where_it_may_not(played: Path, tmp_path: Path):
    """The rehearsal's own export has keeper and day; a second folder is a second copy; abroad nothing is listed or written."""
    after = Path(shutil.copytree(played, tmp_path / "demo"))
    deal = json.loads((played / "summary.json").read_text(encoding="utf-8"))["exported"]["deal"]
    _, told = act(after, "buyer", "fanyuan", "copy", "list")
    (mine,) = [one for one in told["copies"] if one["kind"] == "export"]
    assert (mine["name"], mine["keeper"], mine["until"]) == ("customers.sqlite", "fanyuan", "2026-05-20")
    out_by_two(after / "buyer", wiring.target(tmp_path / "second" / "customers.sqlite"))
    code, out = act(after, "buyer", "fanyuan", "export", deal, "--to", tmp_path / "second" / "customers.sqlite")
    assert code == 0, out
    assert (code, out["copy"].partition("@")[0]) == (0, "customers.sqlite")
    assert "@" in out["copy"]
    with (after / "buyer" / "custody.toml").open("a", encoding="utf-8") as told_in:
        told_in.write(f'\n[regions]\n"{tmp_path}/abroad" = "DE"\n')
    out_by_two(after / "buyer", wiring.target(tmp_path / "abroad" / "c.zip"))
    code, out = act(after, "buyer", "fanyuan", "export", deal, "--to", tmp_path / "abroad" / "c.zip")
    assert (code, out["error"]["slug"]) == (1, "residency.abroad")
    assert not (tmp_path / "abroad").exists()
    _, told = act(after, "buyer", "fanyuan", "copy", "list")
    assert len([one for one in told["copies"] if one["kind"] == "export"]) == 2


def test_c9_a_copy_is_not_gone_while_its_half_lies_beside_it(world: World, tmp_path: Path):
    """What a killed export left in clear is part of the listed copy, in whichever folder; `stays` may be said of it."""
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        name = leave(world, "a.zip", str(tmp_path / folder))
        half = tmp_path / folder / "a.zip.part"
        half.write_bytes(b"in clear")
        copy_account(world.desk, None, name, "stays", why="claim")
        for state in ("destroyed", "returned", "never-held"):
            with pytest.raises(Refused) as refused:
                copy_account(world.desk, None, name, state)
            assert (refused.value.slug, refused.value.where) == ("copy.unfinished", {"file": str(half)})
        assert listed(world)[name]["state"] == "stays"
        half.unlink()
        copy_account(world.desk, None, name, "destroyed")
        assert listed(world)[name]["state"] == "destroyed"


def test_c9_an_export_that_fails_leaves_nothing_in_clear(played: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The disk is full when the file is put in place: the folder is as it was, and the copy is on the list."""
    after = Path(shutil.copytree(played, tmp_path / "demo"))
    deal = json.loads((played / "summary.json").read_text(encoding="utf-8"))["exported"]["deal"]
    for form in ("c.zip", "c.sqlite"):
        target = wiring.target(tmp_path / form / form)
        out_by_two(after / "buyer", target)
        with monkeypatch.context() as full, desk_of(after / "buyer", "fanyuan") as desk:
            full.setattr(os, "fsync", _full)
            with pytest.raises(OSError, match="No space"):
                export(desk, deal, target)
        assert not list((tmp_path / form).iterdir())
        with desk_of(after / "buyer", "fanyuan") as desk:
            assert form in {one["name"] for one in copy_list(desk, None)["copies"]}  # type: ignore[union-attr, index, call-overload]
            assert export(desk, deal, target)["rows"]
        assert [one.name for one in (tmp_path / form).iterdir()] == [form]


def _full(_: int) -> None:
    raise OSError(ENOSPC, "No space left on device")
