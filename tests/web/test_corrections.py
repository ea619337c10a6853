"""A value corrected from a customer's card: what is high risk waits for a code by the old channel, and nothing repeats a value (A7)."""

import html
import re
from pathlib import Path

import pytest

from tests.portal.campaigns import relay
from tests.web.company import DEAL, Company
from tests.web.roles import known, members
from tests.web.visitor import Visitor

__all__ = ["relay"]
NEW = "13712345678"


def phone_place(page: str) -> str:
    """The place of the customer's telephone: the form lists places and no value."""
    found = re.search(r'<option value="([^"]*:会员:手机号)"', page)
    assert found is not None, page
    return html.unescape(found[1])


def stands(seller: Company, phone: str, who: str) -> bool:
    return who in {one["subject"] for one in seller.told("suhe", "lookup", phone)["found"]}


def asked(visitor: Visitor, path: str, value: str) -> None:
    visitor.get(path)
    visitor.post(path, step="new", place=phone_place(visitor.page), value=value, channel="desk", proof="in-person")


def test_a7_a_telephone_is_changed_when_the_code_of_the_old_one_is_read_back(seller: Company):
    """The code is shown once and nothing is changed for it; a wrong one changes nothing; the right one does, and it is taken back."""
    phone, who = known(seller)
    path, visitor = f"/customers/{who}/correct", seller.visitor("zhouning")
    assert phone not in visitor.get(path)
    asked(visitor, path, "not a telephone")
    assert (visitor.status, 'data-slug="correction.value"' in visitor.page) == (400, True), visitor.page
    assert "not a telephone" not in visitor.page
    asked(visitor, path, NEW)
    code = re.search(r'id="once">(\d+)<', visitor.page)
    assert code is not None, visitor.page
    assert phone[-8:] in re.sub(r"\D", "", re.search(r'id="once-to">([^<]+)<', visitor.page)[1])  # type: ignore[index]
    assert visitor.said["Cache-Control"] == "no-store"
    correction = visitor.field("correction")
    assert (stands(seller, NEW, who), stands(seller, phone, who)) == (False, True)
    visitor.post(path, step="prove", correction=correction, code=code[1])
    assert 'data-slug="correction.same"' in visitor.page
    other = seller.visitor("suhe")
    other.get(path)
    other.post(path, step="prove", correction=correction, code=str((int(code[1]) + 1) % 10**8).zfill(8))
    assert 'data-slug="correction.code"' in other.page
    assert code[1] not in visitor.get(path), "shown this once"
    other.get(path)
    other.post(path, step="prove", correction=correction, code=code[1])
    assert other.at.endswith(f"/customers/{who}")
    assert stands(seller, NEW, who)
    visitor.get(path)
    visitor.post(path, step="undo", correction=correction, reason="it was not her")
    assert (stands(seller, NEW, who), stands(seller, phone, who)) == (False, True)


def test_a7_a_place_that_the_customer_does_not_have_is_refused(seller: Company):
    """A place made up is no place, whatever it names."""
    _, who = known(seller)
    path, visitor = f"/customers/{who}/correct", seller.visitor("zhouning")
    visitor.get(path)
    visitor.post(path, step="new", place="1:会员:no such column", value="x", channel="desk", proof="in-person")
    assert (visitor.status, 'data-slug="correction.place"' in visitor.page) == (400, True)


def test_b4_a_request_is_registered_for_the_customer_of_the_card(seller: Company):
    """The card leads to the form with the customer filled in; who may not take one in sees neither."""
    _, who = known(seller)
    visitor = seller.visitor("zhouning")
    assert f'href="/requests?subject={who}#new"' in visitor.get(f"/customers/{who}")
    visitor.get(f"/requests?subject={who}")
    assert f'value="{who}"' in visitor.page
    assert 'type="date" name="received"' in visitor.page
    visitor.post(
        "/requests/new", deal=DEAL, subject=who, kind="copy", channel="desk", proof="in-person", received="2999-01-01"
    )
    assert (visitor.status, "366" in visitor.page) == (400, True), visitor.page
    lawyer = seller.visitor("songwen")
    assert "/requests?subject=" not in lawyer.get(f"/customers/{who}")
    assert "/correct" not in lawyer.page
    assert 'id="new"' not in lawyer.get(f"/requests?subject={who}")


BOUNCE = """From: MAILER-DAEMON@mx.example
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {to}
Action: failed
Status: 5.1.1
--b--
"""


@pytest.mark.part("smtp")
def test_a7_what_came_back_of_the_word_to_an_old_address_is_taken_in_on_the_page(
    seller: Company, relay, tmp_path: Path
):
    """A colleague tells the old address by a real relay; the return is a file on the same page, and the address stands as not reached."""
    row = next(one for one in members(seller) if "@" in (one["邮箱"] or ""))
    (who,) = {str(one["subject"]) for one in seller.told("suhe", "lookup", row["手机号"])["found"]}
    path, taker, other = f"/customers/{who}/correct", seller.visitor("zhouning"), seller.visitor("suhe")
    taker.get(path)
    found = re.search(r'<option value="([^"]*:会员:邮箱)"', taker.page)
    assert found is not None
    taker.post(path, step="new", place=html.unescape(found[1]), value="new@mail.example", channel="desk", proof="in-person")  # fmt: skip
    code, correction = re.search(r'id="once">(\d+)<', taker.page), taker.field("correction")
    assert code is not None, taker.page
    other.get(path)
    other.post(path, step="prove", correction=correction, code=code[1])
    way = {"relay": relay[0], "security": "none", "sender": "privacy@shop.example", "contact": "0571-5550100"}
    taker.get("/freshness")
    assert 'id="back"' not in taker.page, "nothing went yet"
    taker.post("/freshness", step="stand", **way)
    other.get("/freshness")
    other.post("/freshness", step="warn", **way)
    other.led_on()
    assert 'id="back"' in other.get("/freshness"), other.page
    back = tmp_path / "back.eml"
    back.write_text(BOUNCE.format(to=row["邮箱"]))
    other.upload("/freshness/returned", "file", back, say="perhaps")
    assert (other.status, "one of two things" in other.page) == (400, True)
    other.get("/freshness")
    other.upload("/freshness/returned", "file", back, say="")
    assert (other.status, other.at.endswith("/freshness#back") or other.at.endswith("/freshness")) == (200, True)
    (one,) = [one for one in seller.told("suhe", "correction", "list")["corrections"] if one["id"] == correction]
    assert {(to["state"], to["unclear"]) for to in one["recipients"] if to["kind"] == "old-address"} == {("refused", False)}  # fmt: skip
    assert "does not arrive" in other.page
    taker.get(path)
    taker.post(path, step="undo", correction=correction, reason="it was not her")
