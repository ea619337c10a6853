"""What somebody who looked at the pages was stopped or embarrassed by, and what stands there now (C1)."""

import urllib.parse

import pytest

from tests.web.company import DEAL, Company

NARROW = """
const bad = [];
for (const one of document.querySelectorAll('.card-f span')) {
  const box = one.getBoundingClientRect(), line = parseFloat(getComputedStyle(one).lineHeight);
  if (one.innerText.length > 12 && box.width && box.width < 100 && box.height > 2 * line) bad.push(one.innerText);
}
for (const one of document.querySelectorAll('form fieldset.f')) {
  const before = one.previousElementSibling;
  if (before && one.getBoundingClientRect().top - before.getBoundingClientRect().bottom < 8) bad.push(one.innerText);
}
return bad;
"""
FOLDED = """
return Array.from(document.querySelectorAll('.tbl-fold tbody tr')).map(function (row) {
  return row.children[1].getBoundingClientRect().width / row.closest('table').getBoundingClientRect().width;
});
"""
FORMS = ("/publications", "/campaigns", "/requests", "/channels", "/residency", "/holds", "/check")


@pytest.mark.part("browser")
def test_c1_no_sentence_of_a_form_is_squeezed_on_a_telephone(seller, chrome):
    """At 390 pixels a sentence beside buttons keeps room for its words, and a group of fields its distance; why customers are not handed over has the width; in either language."""
    browser = seller.as_("suhe", chrome.anew())
    browser.driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": 390, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    )
    try:
        for lang in ("en", "zh"):
            for path in FORMS:
                browser.go(f"/lang/{lang}?next={path}")
                assert not browser.driver.execute_script(NARROW), (path, lang)
            browser.go(f"/lang/{lang}?next=/deals/{DEAL}")
            shares = browser.driver.execute_script(FOLDED)
            assert shares, "the deal tells no reasons"
            assert min(shares) > 0.8, (lang, shares)
    finally:
        browser.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_c1_an_address_of_a_form_says_so_and_leads_on(seller: Company):
    """Opened by a bookmark or after signing in again it is a page in the reader's words, with a way on, and still 405."""
    visitor = seller.visitor("suhe")
    page = visitor.get(f"/deals/{DEAL}/gate")
    assert visitor.status == 405
    assert visitor.said["Allow"] == "POST"
    assert "There is nothing to look at here" in page
    assert 'href="/"' in page


def test_c1_the_language_of_a_form_that_was_refused_changes_on_its_page(seller: Company):
    """The refusal stands at the form's address; the words for another language lead to the page the form was on, never to another host."""
    visitor = seller.visitor("suhe")
    visitor.get("/requests")
    for came, leads in (("/requests", "/requests"), ("", "/requests/new"), ("https://elsewhere.example/x", "/requests/new")):  # fmt: skip
        visitor.headers = {"Referer": came if "://" in came else visitor.base + came} if came else {}
        page = visitor.post("/requests/new", deal=DEAL, subject="sub_nobody", kind="access", channel="mail")
        assert visitor.status in {400, 404}, page
        assert f"/lang/zh?next={urllib.parse.quote(leads)}" in page, came


def test_c1_a_request_that_was_refused_stands_as_it_was_typed(seller: Company):
    """What a clerk took down on the telephone is not lost over a wrong id; numbers that identify somebody are said again."""
    visitor = seller.visitor("suhe")
    visitor.get("/requests")
    typed = {"deal": DEAL, "subject": "sub_nobody", "kind": "correct", "channel": "phone", "note": "晚上七点以后打来", "controller": "新公司", "received": "2026-03-02"}  # fmt: skip
    page = visitor.post("/requests/new", **typed, proof="phone", said="13900001111", said_kind="phone")
    assert visitor.status in {400, 404}
    assert 'role="alert"' in page
    form = page[page.index('id="new"') :]
    for text in ('value="sub_nobody"', ">晚上七点以后打来</textarea>", 'value="新公司"', 'value="2026-03-02"'):
        assert text in form
    for chosen in ("phone", "correct"):
        assert f'<option value="{chosen}" selected' in form
    assert "13900001111" not in page
    visitor.get("/requests/new?show=open")
    assert visitor.at.endswith("/requests?show=open")


def test_c1_a_page_does_not_say_that_nobody_was_told_where_somebody_was(seller: Company):
    """The words over the answers ask of the rest where a notice or a yes is on file; a no that came with an earlier deal is neither."""
    visitor = seller.visitor("suhe")
    for deal, told in ((DEAL, True), (seller.deal(deal={"structure": "asset_deal"}), False)):
        page = visitor.get(f"/deals/{deal}/answers")
        assert ("Are some customers still to be told or asked?" in page) is told
        assert ("Customers were not told or asked yet?" in page) is not told


def test_a3_the_policy_page_says_which_policy_it_shows(seller: Company):
    """The words of the chip that names a version say nothing as the head of a page."""
    page = seller.visitor("suhe").get("/access/policy?n=0")
    assert "<h1>The access policy that ships with custody</h1>" in page
