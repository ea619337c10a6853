"""B3, B4: what somebody else tries with a customer's page, name or address: nothing is read, nothing is changed."""

import csv
import io
import json
import sqlite3
import zipfile
from pathlib import Path

import pytest

from custody.acts.contacts import Contact
from custody.acts.holdings import knows
from custody.acts.spreadsheets import plain
from custody.base.errors import CustodyError
from custody.services.lookup import lookup
from custody.services.portal_prove import portal_prove
from custody.services.portal_request import portal_request
from custody.services.request_answer import request_answer
from custody.services.request_list import request_list
from tests.package.aged import opened
from tests.portal.conftest import at, everybody, laws
from tests.portal.somebody import EMAIL, NUMBER, PHONE, proven, refused, somebody, values
from tests.portal.tokens import token

ON_FILE = "li.mei@example.cn"
SAME = ("LI.Mei@Example.CN", "ｌｉ．ｍｅｉ＠ｅｘａｍｐｌｅ．ｃｎ", " li.mei@example.cn ", "li.mei@example.cn.")
LOOKS_ALIKE = {
    "a Cyrillic letter": "li.m\u0435i@example.cn",
    "a Greek letter": "l\u03b9.mei@example.cn",
    "a digit for a letter": "1i.mei@example.cn",
    "a plus address": "li.mei+x@example.cn",
    "no dot": "limei@example.cn",
    "a domain that looks alike": "li.mei@\u0435xample.cn",
    "the same domain in punycode": "li.mei@xn--xample-2of.cn",
    "a longer domain": "li.mei@example.cn.evil.example",
    "two at signs": "li.mei@example.cn@evil.example",
    "a joiner that shows nothing": "li.\u200dmei@example.cn",
    "a soft hyphen": "li.m\u00adei@example.cn",
    "text that runs backwards": "\u202eli.mei@example.cn",
    "a null byte": "li.mei@example.cn\x00",
    "a second line": "li.mei@example.cn\nBcc: x@evil.example",
    "nothing": "",
}


@pytest.mark.parametrize("value", SAME)
def test_b3_the_same_mailbox_written_otherwise_is_the_same(value: str):
    """Case, full width and blanks at the ends make no other mailbox: its owner is not turned away."""
    assert knows("email", value, [ON_FILE], "CN")


@pytest.mark.parametrize("what", LOOKS_ALIKE)
def test_b3_an_address_that_looks_alike_proves_nothing(what: str):
    """Neither as it is typed against the one on file, nor the other way round."""
    assert not knows("email", LOOKS_ALIKE[what], [ON_FILE], "CN")
    assert not knows("email", ON_FILE, [LOOKS_ALIKE[what]], "CN")


@pytest.mark.parametrize(
    "what", [one for one, value in LOOKS_ALIKE.items() if not value.isascii() or not value.isprintable()]
)
def test_b1_no_message_goes_to_an_address_that_looks_like_another(what: str):
    """What is no plain mailbox gets a letter: a relay or a reader may take it for somebody else's."""
    assert Contact({"contact.email": LOOKS_ALIKE[what]}).email == ""


def test_b3_a_look_alike_opens_no_page(played: Path):
    """At the second factor itself: each one is refused like any wrong one, counted, and the values stay veiled."""
    who = somebody(played, EMAIL)
    text = token(played, who, "phone")
    with at(played, "zhouning") as desk:
        mail = values(desk, who)[EMAIL][0]
    local, _, domain = mail.partition("@")
    for typed in (f"{local}+x@{domain}", mail.replace("e", "\u0435").replace("a", "\u0430"), f"{mail}.evil.example"):
        with at(played) as desk:
            assert (
                refused(lambda desk=desk, typed=typed: portal_prove(desk, laws(played), text, "email", typed))
                == "portal.wrong"
            )
    with at(played) as desk:
        assert portal_prove(desk, laws(played), text, "email", mail.upper())["minutes"] == 15


def test_b4_an_identity_that_nobody_proved_selects_nothing(played: Path):
    """Whoever proved one number and names somebody else's besides gets their own rows and nobody's; the other's page knows nothing of it."""
    mine, other = somebody(played, PHONE), None
    with at(played, "zhouning") as desk:
        for row in list(everybody(played)):
            if row != mine and PHONE in values(desk, row):
                other, theirs = row, values(desk, row)
                break
    assert other is not None
    named = {theirs[cls][0] for cls in (PHONE, NUMBER) if cls in theirs}
    link = proven(played, mine, "email")
    with at(played) as desk:
        made = portal_request(
            desk, laws(played), *link, {"kind": "copy", "note": f"and for {', '.join(named)}, that is me too"}
        )
        assert refused(lambda: portal_prove(desk, laws(played), link[0], "phone", theirs[PHONE][0])) == "portal.wrong"
    with at(played, "zhouning") as desk:
        assert [one["subject"] for one in request_list(desk, None)["requests"]] == [mine]
        packed = request_answer(desk, laws(played), str(made["ref"]), "", "")
    archive = zipfile.ZipFile(io.BytesIO(opened(packed.file, packed.passphrase)))
    cells = {
        cell
        for table in json.loads(archive.read("data.json"))["tables"]
        for row in table["rows"]
        for cell in row.values()
    }
    assert not named & cells


def test_b3_a_token_is_not_good_for_another_deal_or_person(played: Path):
    """A proof taken from one person's page opens nothing on another's, and a link played again after it was shut opens nothing at all."""
    one = somebody(played, PHONE)
    _, proof = proven(played, one, "email")
    other = next(who for who in list(everybody(played)) if who != one)
    text = token(played, other, "email")
    with at(played) as desk:
        assert refused(lambda: portal_request(desk, laws(played), text, proof, {"kind": "copy"})) == "portal.proof"
    with sqlite3.connect(played / "seller" / "core.db") as store:
        assert store.execute("SELECT count(*) FROM request").fetchone() == (0,)


@pytest.mark.parametrize("lead", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_b4_no_cell_is_run(lead: str):
    """In whatever width, what a spreadsheet would run is text; and what it would not stays as it is."""
    cell = plain(f'{lead}HYPERLINK("https://evil.example")')
    assert cell.startswith("'")
    assert plain("李梅 = 客户") == "李梅 = 客户"
    ((read,),) = csv.reader(io.StringIO('"' + cell.replace('"', '""') + '"'))
    assert read == cell


def test_b3_nobody_finds_out_who_is_a_customer_by_asking(played: Path):
    """The portal has no look-up; staff's is counted, and says the same of whoever is not there, whatever is asked."""
    with at(played) as desk:
        assert refused(lambda: lookup(desk, "13800138000", None, None)) == "act.role"
    with at(played, "zhouning") as desk:
        told = [lookup(desk, value, "email", None) for value in ("nobody@example.cn", "n\u043ebody@example.cn")]
        assert [one["found"] for one in told] == [[], []]
        for _ in range(28):
            lookup(desk, "nobody@example.cn", "email", None)
        with pytest.raises(CustodyError) as error:
            lookup(desk, "nobody@example.cn", "email", None)
    assert error.value.slug == "lookup.limit"
