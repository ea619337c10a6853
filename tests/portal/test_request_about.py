"""B4: an answer says what is held, why, on what basis, how long, where from, to whom, and by which rules: in both languages, and of this person alone."""

import io
import json
import sqlite3
import zipfile
from pathlib import Path

from custody import wiring
from custody.services.approve import approve
from custody.services.copy_account import copy_account
from custody.services.copy_declare import copy_declare
from custody.services.deal_abort import deal_abort
from custody.services.portal_request import portal_request
from custody.services.request_answer import request_answer
from custody.services.request_list import request_list
from custody.services.request_new import request_new
from custody.services.request_pass import request_pass
from custody.services.request_show import request_show
from custody.services.request_take import request_take
from tests.line.told import read_card
from tests.package.aged import opened
from tests.portal.conftest import DEAL, at, laws, somebody
from tests.portal.passed_on import buyer, released
from tests.portal.requesting import ASKED, faults
from tests.portal.somebody import NUMBER, PHONE, proven, values
from tests.portal.somebody import somebody as with_values

AGREED = ("consent.separate",)


def ask(where: Path, who: str, kind: str, **more: str) -> str:
    with at(where, "zhouning") as desk:
        return str(request_new(desk, laws(where), DEAL, who, {**ASKED, "kind": kind, "note": "", **more})["ref"])


def unpacked(where: Path, ref: str, desk_at: object = None) -> zipfile.ZipFile:
    with desk_at or at(where, "zhouning") as desk:  # type: ignore[attr-defined] # a context manager
        made = request_answer(desk, laws(where), ref, "", "")
    return zipfile.ZipFile(io.BytesIO(opened(made.file, made.passphrase)))


def test_b4_an_answer_says_why_whence_to_whom_and_how_long(played: Path):
    """Each kind of data in the copy stands in a line with its purposes, basis and time; who gave a copy back has received none; both languages."""
    who = somebody(played, *AGREED)
    with at(played, "zhouning") as desk:
        for name in ("顺安速递", "旧仓库"):
            copy_declare(desk, None, name, "processor", purposes=["service"])
        copy_account(desk, None, "旧仓库", "returned")
    made = unpacked(played, ask(played, who, "access"))
    about, data, text = (made.read(name).decode() for name in ("about.json", "data.json", "about.txt"))
    told = json.loads(about)
    shown = {one["class"] for line in told["held"] for one in line["classes"]}
    held = {column["class"] for table in json.loads(data)["tables"] for column in table["columns"]}
    assert {"name.full", "contact.phone"} <= shown & held
    assert all(line["purposes"] and line["basis"] and line["retention"]["zh"] for line in told["held"])
    assert [(one["zh"], [why["slug"] for why in one["purposes"]]) for one in told["recipients"]] == [
        ("顺安速递", ["service"])
    ]
    with at(played, "zhouning") as desk:
        assert faults(lambda: copy_declare(desk, None, "顺安速递", "processor", purposes=["spying"])) == "copy.purpose"
        assert faults(lambda: copy_declare(desk, None, "旧账本", "paper", purposes=["service"])) == "copy.purpose"
        assert copy_declare(desk, None, "顺安速递", "processor", purposes=["legal"])["purposes"] == ["legal"]
    assert told["source"] == [None]
    assert told["decisions"][0]["deal"] == DEAL
    assert {"CN-RIGHT-45", "CN-RIGHT-46", "CN-RIGHT-48"} <= {one["rule"] for one in told["rights"]}
    assert told["controller"]["zh"] == read_card(played, "seller").name_zh
    for said in (
        "顺安速递",
        "履行合同",
        "performance of the contract",
        "Your rights",
        "您的权利",
        "《中华人民共和国个人信息保护法》",
    ):
        assert said in text
    assert "旧仓库" not in text
    assert "about.txt" in made.read("README.txt").decode()


def test_b4_an_answer_tells_of_no_deal_that_nobody_was_told_of(played: Path):
    """While a sale is the companies' own matter an ordinary request learns nothing of it; nor of one that is off."""
    who = somebody(played, *AGREED)
    with sqlite3.connect(played / "seller" / "core.db") as store:
        kept = store.execute("SELECT * FROM statement WHERE kind = 'notice'").fetchall()
        store.execute("DELETE FROM statement WHERE kind = 'notice'")
        store.execute("DELETE FROM evidence WHERE type = 'notice.delivered'")
    assert kept
    secret = unpacked(played, ask(played, who, "access"))
    assert json.loads(secret.read("about.json"))["decisions"] == []
    assert DEAL not in secret.read("about.txt").decode()
    with sqlite3.connect(played / "seller" / "core.db") as store:
        store.executemany(f"INSERT INTO statement VALUES ({','.join('?' * len(kept[0]))})", kept)
    assert json.loads(unpacked(played, ask(played, who, "access")).read("about.json"))["decisions"]
    with at(played, "suhe") as desk:
        out = wiring.folder(played / "handover")
        would = deal_abort(desk, DEAL, "other", out, dry_run=True)["would"]["approve"]
        with at(played, "zhouning") as second:
            approve(second, *would)
        deal_abort(desk, DEAL, "other", out)
    assert json.loads(unpacked(played, ask(played, who, "access")).read("about.json"))["decisions"] == []


def test_b4_an_explanation_holds_no_value_of_the_person(played: Path):
    """It is the rules and the reasons alone, by every channel; nothing of what is on file stands in it."""
    who = with_values(played, PHONE)
    with at(played, "zhouning") as desk:
        found = values(desk, who)
        on_file = [text for cls in (PHONE, NUMBER, "contact.email") for text in found.get(cls, [])]
    made = unpacked(played, ask(played, who, "explain"))
    assert sorted(made.namelist()) == ["README.txt", "about.json", "about.txt"]
    whole = "".join(made.read(name).decode() for name in made.namelist())
    assert not [text for text in on_file if text in whole]
    with at(played) as desk:
        link = proven(played, who, "email")
        kept = portal_request(desk, laws(played), *link, {"kind": "explain"})
    assert kept["resumed"] is True  # the same that is open: one explanation answers both


def test_b4_data_moves_to_the_company_that_the_person_named(played: Path):
    """The name is needed on the page, is sealed, is told to whoever reads the words, stands in the archive; of no other kind of request."""
    who = with_values(played, PHONE)
    link = proven(played, who, "email")
    with at(played) as desk:
        assert faults(lambda: portal_request(desk, laws(played), *link, {"kind": "portability"})) == "portal.request"
        asked = portal_request(desk, laws(played), *link, {"kind": "portability", "controller": "南山书城"})
    for file in (played / "seller").glob("core.db*"):
        assert "南山书城".encode() not in file.read_bytes()
    with at(played, "zhouning") as desk:
        assert request_show(desk, str(asked["ref"]))["controller"] == "南山书城"
    assert faults(lambda: ask(played, who, "copy", controller="南山书城")) == "request.controller"
    assert faults(lambda: ask(played, who, "portability", controller="南山\n书城")) == "request.controller"
    assert json.loads(unpacked(played, str(asked["ref"])).read("data.json"))["to_controller"] == "南山书城"


def test_b4_after_the_sale_each_side_says_its_own(played: Path):
    """At the seller the buyer has received it, on its day; at the buyer it came from the seller; the company named goes on with the request."""
    who, _ = released(played)
    ref, folder = ask(played, who, "portability", controller="南山书城"), wiring.folder(played / "handover")
    told = json.loads(unpacked(played, ref).read("about.json"))
    (got,) = [one for one in told["recipients"] if one["kind"] == "buyer"]
    assert (got["zh"], bool(got["at"])) == (read_card(played, "buyer").name_zh, True)
    with at(played, "zhouning") as desk:
        request_pass(desk, DEAL, folder)
    with buyer(played) as desk:
        request_take(desk, laws(played), DEAL, folder)
        (theirs,) = [str(one["ref"]) for one in request_list(desk, None)["requests"] if one["kind"] == "portability"]
        assert request_show(desk, theirs)["controller"] == "南山书城"
    told = json.loads(unpacked(played, theirs, buyer(played)).read("about.json"))
    assert [one["zh"] for one in told["source"]] == [read_card(played, "seller").name_zh]
    assert [one for one in told["recipients"] if one["kind"] == "buyer"] == []
