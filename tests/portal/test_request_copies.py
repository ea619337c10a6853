"""B4, A7: a request finds its person in what lies outside the vault: exports, letters, papers; a deletion waits for them or names them."""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from custody import wiring
from custody.acts.terms import Term
from custody.base.clock import SimulatedClock
from custody.base.errors import CustodyError
from custody.services.campaign_letters import campaign_letters
from custody.services.copy_account import copy_account
from custody.services.copy_declare import copy_declare
from custody.services.correction_acknowledge import correction_acknowledge
from custody.services.correction_list import corrections_due
from custody.services.erase import erase
from custody.services.export import export
from custody.services.request_answer import request_answer
from custody.services.request_close import request_close
from custody.services.request_list import request_line
from custody.services.request_new import request_new
from custody.services.revise import Correction, revise
from custody.services.work_list import work_list
from tests.line.homes import out_by_two
from tests.package.aged import opened
from tests.portal.arrivals import came, people
from tests.portal.campaigns import planned, untold
from tests.portal.conftest import DEAL, at, everybody, laws, somebody

__all__ = ["came", "people", "untold"]
DESK = {"channel": "desk", "proof": "in-person", "note": ""}


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(CustodyError) as error:
        act()
    return error.value.slug


def day(desk, days: int = 9) -> str:
    return (desk.clock.now().date() + timedelta(days=days)).isoformat()


def test_b4_the_answer_names_what_still_holds_the_person(came: Path, people: list[str], tmp_path: Path):
    """A file exported in clear and a paper list: the one holds them, the other may; who keeps it stays inside, and what is gone is not told."""
    out_by_two(came / "buyer", wiring.target(tmp_path / "all.zip"))
    with at(came, "fanyuan", "buyer") as desk:
        export(desk, DEAL, wiring.target(tmp_path / "all.zip"), Term("Ms Tan", day(desk)))
    with at(came, "yeqing", "buyer") as desk:
        copy_declare(desk, None, "till list", "paper", Term("shop", day(desk)))
        copy_declare(desk, None, "old phone", "phone", Term("shop", day(desk)))
        copy_account(desk, None, "old phone", "destroyed")
        asked = request_new(desk, laws(came), DEAL, people[3], {**DESK, "kind": "copy"})
        packed = request_answer(desk, laws(came), str(asked["ref"]), "", "")
        until = day(desk)
    archive = zipfile.ZipFile(io.BytesIO(opened(packed.file, packed.passphrase)))
    told = {one["name"]: one for one in json.loads(archive.read("about.json"))["copies"]}
    assert {name: (one["kind"], one["certain"], one["until"]) for name, one in told.items() if "@" not in name} == {
        "all.zip": ("export", True, until),
        "till list": ("paper", False, until),
    }
    text = archive.read("about.txt").decode()
    assert "all.zip" in text
    assert "may hold" in text
    assert "Ms Tan" not in text + json.dumps(told)


def test_a7_keepers_are_told_of_a_correction_or_it_alarms(played: Path):
    """Each owes a word, by a person and a day; who says it owes nothing more, and of what is destroyed nothing is owed; who says nothing is late."""
    who = somebody(played)
    with at(played, "zhouning") as desk:
        for name, kind in (("list.xlsx", "export"), ("cards", "paper"), ("tape", "backup")):
            copy_declare(desk, None, name, kind, Term("shop", day(desk, 200)))
        made = str(revise(desk, who, Correction("会员", None, "姓名", "解放", "typo"), None)["correction"])
        assert [one["what"] for one in work_list(desk, "")["work"] if one["work"] == made] == ["name.full"]
        assert corrections_due(desk)["ok"] is True
        later = replace(desk, clock=SimulatedClock(desk.clock.now() + timedelta(days=60)))
        assert corrections_due(later)["late"] == 2
        told = correction_acknowledge(desk, made, "cards")
        assert {one["name"]: one["state"] for one in told["recipients"] if one["kind"] == "copy"} == {
            "cards": "told",
            "list.xlsx": "open",
        }
        assert refused(lambda: correction_acknowledge(desk, made, "tape")) == "correction.recipient"
        assert corrections_due(later)["late"] == 1
        copy_account(desk, None, "list.xlsx", "destroyed")
        assert corrections_due(later)["ok"] is True
        assert [one for one in work_list(desk, "")["work"] if one["work"] == made] == []


def test_b4_no_deletion_is_granted_over_a_copy(played: Path):
    """Refused while a file holds the person; named as outstanding it needs a keeper and a day to come; destroyed, it is no more in the way."""
    who = somebody(played)
    with at(played, "zhouning") as desk:
        copy_declare(desk, None, "list.xlsx", "export", Term("shop", day(desk)))
        asked = request_new(desk, laws(played), DEAL, who, {**DESK, "kind": "delete"})
        ref = str(asked["ref"])
        assert [one["name"] for one in request_line(desk, ref)["copies"]] == ["list.xlsx"]
    with at(played, "zhouning") as desk:
        erase(desk, [who], None)
    with at(played, "zhouning") as desk:
        close = lambda at_desk, *by: request_close(at_desk, laws(played), ref, "granted", "", by)  # noqa: E731 - said five times
        assert refused(lambda: close(desk)) == "request.copies"
        assert refused(lambda: close(desk, "copy:other.xlsx")) == "request.act"
        late = replace(desk, clock=SimulatedClock(desk.clock.now() + timedelta(days=10)))
        assert refused(lambda: close(late, "copy:list.xlsx")) == "request.copies"
        copy_declare(desk, None, "cards", "paper", Term("shop"))
        assert refused(lambda: close(desk, "copy:list.xlsx", "copy:cards")) == "request.copies"
        copy_account(desk, None, "cards", "never-held")
        done = close(desk, "copy:list.xlsx")
        assert [(one["name"], one["keeper"], one["until"]) for one in done["outstanding"]] == [
            ("list.xlsx", "shop", day(desk))
        ]
        assert close(desk)["resumed"] is True


def test_b4_what_is_gone_is_in_nobodys_way(played: Path):
    """The same deletion, once the file was destroyed: granted, with nothing outstanding."""
    who = somebody(played)
    with at(played, "zhouning") as desk:
        copy_declare(desk, None, "list.xlsx", "export", Term("shop", day(desk)))
        ref = str(request_new(desk, laws(played), DEAL, who, {**DESK, "kind": "delete"})["ref"])
    with at(played, "zhouning") as desk:
        erase(desk, [who], None)
    with at(played, "zhouning") as desk:
        copy_account(desk, None, "list.xlsx", "destroyed")
        assert request_close(desk, laws(played), ref, "granted", "")["outstanding"] == []


def test_b4_a_list_of_letters_holds_those_alone_who_are_on_it(untold: Path):
    """Whoever was to get a letter is in its list, and nobody else is."""
    made = planned(untold)
    with at(untold, "zhouning") as desk:
        told, _ = campaign_letters(desk, made["campaign"])
        with desk.store.read() as tx:
            posted = {bytes(row["subject"]) for row in tx.find("sending", state="printed")}
        found = set[bool]()
        for who in list(everybody(untold))[:40]:
            ref = str(request_new(desk, laws(untold), DEAL, who, {**DESK, "kind": "access"})["ref"])
            listed = {one["name"] for one in request_line(desk, ref)["copies"]}
            with desk.store.read() as tx:
                (row,) = tx.find("request", ref=ref)
            found.add(str(told["copy"]) in listed)
            if bytes(row["subject"]) in posted:
                assert str(told["copy"]) in listed
        assert found == {True, False}
