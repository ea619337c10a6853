"""B3 over HTTP: what a stranger gets from a wrong, forwarded or guessed link, and what no page ever does."""

import json
import re
import shutil
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from html import unescape
from http.client import HTTPMessage
from pathlib import Path
from typing import NamedTuple

import pytest

from custody.acts import links
from custody.acts.holdings import SHOWN
from custody.base.canonical import b64, unb64
from custody.services.revise import Correction, revise
from tests.portal.answering import AGREED, on_file, portal_value
from tests.portal.answering import page as portal_page
from tests.portal.conftest import at, everybody, somebody
from tests.portal.reader import unanswered
from tests.portal.serving import portal
from tests.portal.tokens import token


class Answer(NamedTuple):
    status: int
    page: str
    headers: HTTPMessage


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def ask(address: str, form: dict[str, str] | None = None, **headers: str) -> Answer:
    """One request without a browser's help: no cookies kept, no redirect followed."""
    data = urllib.parse.urlencode(form).encode() if form is not None else None
    request = urllib.request.Request(address, data, {one.replace("_", "-"): value for one, value in headers.items()})
    opener = urllib.request.build_opener(_Stay)
    try:
        with opener.open(request, timeout=60) as answer:
            return Answer(answer.status, answer.read().decode(), answer.headers)
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.read().decode(), error.headers)


@pytest.fixture(scope="module")
def where(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(shipped, tmp_path_factory.mktemp("pages") / "demo"))


@pytest.fixture(scope="module")
def base(where: Path) -> Iterator[str]:
    with portal(where) as address:
        yield address


def test_b3_every_wrong_link_gives_the_same_page(where: Path, base: str):
    """Altered, cut, foreign, long and unknown tokens: one status, one page, whatever was wrong."""
    good = token(where, somebody(where))
    raw = bytearray(unb64(good))
    raw[30] ^= 1
    wrong = [b64(bytes(raw)), good[:-1], good + "A", b64(b"z" * 36), "x"]
    answers = [ask(f"{base}/en/t/{one}") for one in wrong]
    pages = {re.sub(r"nonce=\"[^\"]+\"", "", one.page) for one in answers}
    assert [one.status for one in answers] == [404] * len(wrong)
    assert len(pages) == 1
    assert ask(f"{base}/en/t/{good}").status == 200


def test_b3_a_forwarded_link_shows_no_value(where: Path, base: str):
    """Whoever has the link alone sees kinds and veils; neither page nor receipts hold a name, number or address in full."""
    who = somebody(where, "consent.separate")
    text = token(where, who)
    page = ask(f"{base}/zh/t/{text}").page
    _, value = portal_value(where, text)
    assert value not in page
    assert who not in page
    assert "•" in page
    assert not re.search(r"1[3-9]\d{9}|\d{17}[\dX]", page)


def test_b3_a_second_factor_opens_the_values_for_that_browser_alone(where: Path, base: str):
    """The right identifier sets the one cookie; with it the values show, without it or with another link they do not."""
    text, other = token(where, somebody(where)), token(where, somebody(where, "consent.separate"))
    by, value = portal_value(where, text)
    said = ask(f"{base}/en/t/{text}/proof", {"by": by, "value": f" {value} "})
    assert said.status == 302, said.page
    cookie = said.headers["Set-Cookie"]
    for word in ("HttpOnly", "SameSite=Strict", "Max-Age=900"):
        assert word in cookie
    kept = cookie.partition(";")[0]
    assert value in ask(f"{base}/en/t/{text}", Cookie=kept).page
    assert value not in ask(f"{base}/en/t/{text}").page
    assert "Confirmed" not in ask(f"{base}/en/t/{other}", Cookie=kept).page
    assert ask(f"{base}/en/t/{other}/ask/copy", {"kind": "copy"}, Cookie=kept).status == 302  # to the second factor


def test_b3_guessing_an_identifier_ends_after_five(where: Path, base: str):
    """Five wrong ones and the right one is refused, too, until tomorrow; what was typed is nowhere."""
    text = token(where, somebody(where))
    by, value = portal_value(where, text)
    for place in range(5):
        assert ask(f"{base}/en/t/{text}/proof", {"by": by, "value": f"1390000{place:04d}"}).status == 403
    last = ask(f"{base}/en/t/{text}/proof", {"by": by, "value": value})
    assert (last.status, "Set-Cookie" in last.headers) == (403, False)
    assert "Too many" in last.page
    for file in (where / "seller").glob("core.db*"):
        assert b"13900000001" not in file.read_bytes()


def test_b3_the_channel_a_link_went_to_is_no_second_factor(where: Path, base: str):
    """A link that was sent to the phone is not confirmed by typing that phone's number."""
    text = token(where, somebody(where), "phone")
    with at(where) as desk, desk.store.read() as tx:
        link = links.opened(desk, tx, text)
        assert link.channel == "phone"
    page = ask(f"{base}/en/t/{text}/proof").page
    assert 'value="phone"' not in page
    by, value = portal_value(where, text)
    if by == "phone":
        assert ask(f"{base}/en/t/{text}/proof", {"by": "phone", "value": value}).status == 403


def apart(where: Path) -> str:
    """Not the one whom other tests here lock out: tries are counted by person."""
    return next(who for who in everybody(where) if who != somebody(where))


def test_b3_a_request_takes_a_second_factor_and_gets_the_laws_clock(where: Path, base: str):
    """A copy is asked for after the proof; it stands on the page with a reference, and asking twice is one request."""
    text = token(where, apart(where))
    by, value = portal_value(where, text)
    assert ask(f"{base}/en/t/{text}/ask/copy", {}).status == 302
    kept = ask(f"{base}/en/t/{text}/proof", {"by": by, "value": value}).headers["Set-Cookie"].partition(";")[0]
    for _ in range(2):
        assert ask(f"{base}/en/t/{text}/ask/copy", {"kind": "copy"}, Cookie=kept).status == 302
    assert ask(f"{base}/en/t/{text}/ask/correct", {"note": ""}, Cookie=kept).status == 400
    page = ask(f"{base}/en/t/{text}", Cookie=kept).page
    assert len(re.findall(r"R-2026-\d{4}", page)) == 1


def test_b3_headers_and_cookies(where: Path, base: str):
    """No cookie before the second factor, no store, no referrer, no frame, no inline script or style anywhere."""
    text = token(where, somebody(where))
    for path in (f"/zh/t/{text}", f"/zh/t/{text}/proof", "/zh/t/x", "/"):
        answer = ask(base + path)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Set-Cookie"] is None
        assert not re.search(r"<script(?![^>]*nonce=)|\son\w+=|\sstyle=|<style", answer.page)


def test_b3_a_form_of_another_site_changes_nothing(where: Path, base: str):
    """A browser says where a form came from; from elsewhere it is refused, and GET never answers."""
    text = token(where, somebody(where, "consent.separate", lacks=("objection",)))
    form = {"question": "objection", "act": "objected"}
    assert ask(f"{base}/zh/t/{text}/answer", form, Sec_Fetch_Site="cross-site").status == 403
    assert ask(f"{base}/zh/t/{text}/answer").status == 405
    assert 'value="objected"' in ask(f"{base}/zh/t/{text}").page


def test_b2_a_yes_is_to_the_words_that_were_shown(where: Path, base: str):
    """One more kind of data comes on file after the page was read: the yes to the page before is refused and the page read anew; a no needs no words."""
    *_, who = everybody(
        where, *AGREED, lacks=("objection", "consent.refused")
    )  # not the one whose page is locked by tries
    unanswered(where, who)
    text = token(where, who)
    by, value = portal_value(where, text)
    kept = ask(f"{base}/en/t/{text}/proof", {"by": by, "value": value}).headers["Set-Cookie"].partition(";")[0]

    def forms() -> dict[str, str]:
        return dict(
            re.findall(
                r'name="question" value="(consent[a-z.]+)"><input type="hidden" name="shown" value="([^"]+)"',
                ask(f"{base}/en/t/{text}", Cookie=kept).page,
            )
        )

    def said(act: str, seen: str) -> str:
        told = {"question": "consent.separate", "act": act, "shown": seen}
        return str(ask(f"{base}/en/t/{text}/answer", told, Cookie=kept).headers["Location"])

    before = forms()["consent.separate"]
    for seen in ("", "sha256:" + "0" * 64):
        assert "done=moved" in said("given", seen)
    assert "done=refused" in said("refused", "")
    page = ask(f"{base}/en/t/{text}", Cookie=kept).page
    assert forms()["consent.separate"] == before, "whoever changes their mind has the words before them"
    asks = next(one for one in portal_page(where, text, "en")["questions"] if one["question"] == "consent.separate")
    assert unescape(page).count(asks["text"]) == 1
    assert "done=given" in said("given", before)


def test_b3_a_name_is_a_name_whatever_it_says(where: Path, base: str):
    """Tags, template language and format fields in a customer's own name are shown as letters, on the page and nowhere run."""
    # A page shows a few values of each class, so it must be somebody of few names; the copy has them all.
    everyone = ((who, token(where, who)) for who in everybody(where, "consent.separate", lacks=("objection",)))
    who, text = next(one for one in everyone if one[0] != somebody(where) and names(where, one[1]) < SHOWN)
    by, value = portal_value(where, text)
    evil = "<script>alert(1)</script>{{ settings.SECRET_KEY }}{0.__class__}{% load x %}\r\nBcc: a@b.example"
    with at(where, "limo") as desk:
        revise(desk, who, Correction("会员", None, "姓名", evil, "test"), None)
    kept = ask(f"{base}/en/t/{text}/proof", {"by": by, "value": value}).headers["Set-Cookie"].partition(";")[0]
    answer = ask(f"{base}/en/t/{text}", Cookie=kept)
    assert answer.status == 200
    assert "<script>alert" not in answer.page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ settings.SECRET_KEY }}{0.__class__}" in answer.page


def names(where: Path, text: str) -> int:
    """How many different names this person has on file."""
    return sum(len(one.values) for one in on_file(where, text) if one.cls.startswith("name."))


def test_b3_a_receipt_comes_as_a_file(where: Path, base: str):
    """What the page offers for keeping is the statement itself."""
    text = token(where, somebody(where, "consent.separate", lacks=("objection",)))
    assert ask(f"{base}/zh/t/{text}/answer", {"question": "objection", "act": "objected"}).status == 302
    record = re.search(r"receipt/(cns_\w+)", ask(f"{base}/zh/t/{text}").page)
    assert record is not None
    file = ask(f"{base}/zh/t/{text}/receipt/{record[1]}/file")
    assert set(json.loads(file.page)) == {"payload", "payloadType", "signatures"}
    assert "attachment" in file.headers["Content-Disposition"]
    assert ask(f"{base}/zh/t/{text}/receipt/cns_{'0' * 26}").status == 404


def test_b3_an_address_that_asks_too_much_is_told_to_wait(where: Path):
    """Limits hold per address, first for wrong links, then for everything."""
    with portal(where) as base:
        wrong = [ask(f"{base}/en/t/{b64(bytes([n]) * 36)}").status for n in range(30)]
        assert wrong[:20] == [404] * 20
        assert 429 in wrong
        # A slow host asks more slowly, and some of what it may ask comes back meanwhile.
        heard = [ask(f"{base}/nothing")]
        # A slow host asks more slowly, and some of what it may ask comes back meanwhile.
        while heard[-1].status == 404 and len(heard) < 3_000:
            heard.append(ask(f"{base}/nothing"))
        assert len(heard) > 200
        assert (heard[-1].status, heard[-1].headers["Retry-After"]) == (429, "30")
        assert "Too many requests" in heard[-1].page
        assert ask(f"{base}/health").status == 200
