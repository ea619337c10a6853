"""B4: what is asked at the company that received the data follows the law of where the person lives, not of its own place alone."""

import json
import sqlite3
from dataclasses import replace
from pathlib import Path

from custody.acts.learned import joined
from custody.acts.noted import LETTING_GO
from custody.base import ids
from custody.package.contents import TableInfo
from custody.package.shape import dump, load
from custody.services.answers_take import answers_take
from custody.services.erase import erase
from custody.services.request_close import request_close
from custody.services.request_new import request_new
from tests.line.conftest import act
from tests.portal.conftest import DEAL, at, everybody, laws, somebody
from tests.portal.passed_on import buyer, released
from tests.portal.somebody import refused

COPY = {"kind": "copy", "channel": "desk", "proof": "in-person", "note": "请给我一份副本"}


def facts(where: Path, half: str) -> dict[bytes, dict]:
    """{person: fact row} on this side."""
    with sqlite3.connect(where / half / "core.db") as store:
        return {
            who: json.loads(told)
            for who, told in store.execute("SELECT id, facts FROM subject WHERE kind = 'customer' AND state = 'live'")
        }


def test_b4_a_request_at_the_buyer_follows_where_the_person_lives(played: Path):
    """Until the rows are under its own keys nobody knows it there, so the stricter of both companies' law counts and it is said why; afterwards it is known from the rows, as the seller knew it."""
    who, _ = released(played)
    with buyer(played) as desk:
        abroad = replace(desk, card=replace(desk.card, place="DE"))
        early = request_new(abroad, laws(played), DEAL, who, COPY)
    assert (early["presumed"], early["places"], early["prompt"]) == (True, ["CN", "DE", "EU"], "CN-RIGHT-45")
    assert "CN、DE、EU" in early["clock"]["zh"]
    assert "CN, DE, EU" in early["clock"]["en"]
    code, told = act(played, "buyer", "fanyuan", "reseal", DEAL, "--at", played / "handover")
    assert code == 0, told
    with buyer(played) as desk:
        abroad = replace(desk, card=replace(desk.card, place="DE"))
        late = request_new(abroad, laws(played), DEAL, who, {**COPY, "kind": "access"})
        home = request_new(desk, laws(played), DEAL, who, {**COPY, "kind": "correct"})
    assert (late["presumed"], late["places"], bool(late["due_at"]), late["prompt"]) == (
        False,
        ["CN", "DE", "EU"],
        True,
        "CN-RIGHT-45",
    )
    assert (home["presumed"], home["places"], home["due_at"]) == (False, ["CN"], "")
    here, there = facts(played, "buyer"), facts(played, "seller")
    assert here[ids.subject_bytes(who)]["residence"] == "CN"
    told_of = {one for one in here if here[one].get("residence")}
    assert told_of
    assert all(here[one]["residence"] == there[one].get("residence") for one in told_of)
    assert all(here[one].get("turns_14_on") in {None, there[one].get("turns_14_on")} for one in told_of)


def test_b4_where_a_table_is_said_to_live_goes_with_the_package():
    """Written where the map states it; left out where it does not, so that descriptors of before keep their bytes and are read."""
    plain = dump(TableInfo("会员", "subject", "customer", ()))
    assert "residence" not in plain
    assert load(TableInfo, plain).residence == ""
    stated = TableInfo("会员", "subject", "customer", (), "DE")
    assert load(TableInfo, dump(stated)) == stated


def test_b4_what_a_later_release_says_of_somebody_is_added_and_takes_nothing_back():
    """Where somebody lives stays as it was known; kinds of data and the newest dealings are joined."""
    before = {
        "kind": "customer",
        "categories": ["person.health"],
        "residence": "DE",
        "last_activity": "2025-03",
        "no_contact": True,
    }
    after = joined(
        before, {"kind": "customer", "categories": ["finance.card"], "residence": "CN", "last_activity": "2025-05"}
    )
    assert after == {**before, "categories": ["finance.card", "person.health"], "last_activity": "2025-05"}


def test_b4_closing_an_account_is_granted_by_the_deletion(played: Path):
    """It is a request of its own kind with the clocks of its law, and no word alone ends it."""
    who = somebody(played)
    assert LETTING_GO == ("delete", "deregister")
    with at(played, "zhouning") as desk:
        made = request_new(desk, laws(played), DEAL, who, {**COPY, "kind": "deregister", "note": "请注销我的账户"})
        assert (made["advised"], bool(made["advised_at"])) == ("CN-STD-35273-REQ", True)
        assert refused(lambda: request_close(desk, laws(played), made["ref"], "granted", "")) == "request.undone"
        other = next(one for one in everybody(played) if one != who)
        assert erase(desk, [other], None)["suppressed"] == 0, "who asked for nothing may come again"
        assert erase(desk, [who], None)["suppressed"] >= 1, "whoever closed their account does not come in again"
        assert request_close(desk, laws(played), made["ref"], "granted", "")["state"] == "granted"


def test_b2_a_list_of_answers_is_read_in_any_encoding(played: Path):
    """As sources are: UTF-16 of a spreadsheet, GB18030, UTF-8 with and without a mark; bytes that are no text take nothing."""
    who = somebody(played, lacks=("consent.refused",))
    text = f"subject,答复\n{who},拒绝\n"
    with at(played, "zhouning") as desk:
        first = answers_take(desk, laws(played), DEAL, text.encode("utf-16"))
        assert first["recorded"] == 1
        for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
            again = answers_take(desk, laws(played), DEAL, text.encode(encoding))
            assert (again["recorded"], again["counts"]) == (0, first["counts"]), encoding
        assert refused(lambda: answers_take(desk, laws(played), DEAL, b"\xff\xfe\x00\xd8\x00")) == "answers.form"
