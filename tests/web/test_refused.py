"""Whoever may not is told why, keeps what was typed, is led on, and is not offered what others may (A3, E5)."""

import re
from urllib.parse import unquote

import pytest

from tests.members import add
from tests.web.company import DEAL, Company
from tests.web.visitor import Visitor

CLERK, REASON = "clerk", 'a call about an order & "more"'


@pytest.fixture(scope="module")
def clerk(seller: Company) -> Visitor:
    """Staff of no department yet: the policy that ships opens nothing to such a person."""
    secret = seller.where / "seller" / "keys" / "principals" / f"{CLERK}.pass"
    secret.write_text("a passphrase of the clerk", encoding="utf-8")
    secret.chmod(0o600)
    seller.told("suhe", "principal", "new", CLERK, "--roles", "department", "--new-passphrase-file", secret)
    add(seller.told, DEAL, CLERK)
    return seller.visitor(CLERK)


def somebody(made: Company) -> str:
    """Any customer of the deal."""
    found = re.search(r"/customers/(sub_\w+)", made.visitor("suhe").get(f"/deals/{DEAL}/verdicts"))
    assert found is not None
    return found[1]


def test_a3_a_refused_look_keeps_what_was_typed_and_leads_on(seller, clerk):
    """Purpose and reason stand as typed; the note holds no entry's id; the form of asking is filled in but for the reason, which is in no address."""
    subject = somebody(seller)
    clerk.get(f"/customers/{subject}")
    page = clerk.post(f"/customers/{subject}/reveal", purpose="legal", reason=REASON, all="1")
    assert clerk.status == 403
    assert 'data-slug="reveal.denied"' in page
    assert 'value="a call about an order &amp; &quot;more&quot;"' in page
    assert '<option value="legal" selected>' in page
    note = re.search(r'<p class="note note-warn".*?</p>', page, re.DOTALL)
    assert note is not None
    assert "@" not in note[0]
    assert "a grant alone opens nothing" in note[0]
    asked = re.search(r'href="(/access\?[^"#]*)#ask"', note[0])
    assert asked is not None
    assert REASON not in unquote(asked[1])
    form = clerk.get(asked[1].replace("&amp;", "&"))
    assert f'name="subject" maxlength="30" value="{subject}"' in form
    assert '<option value="legal" selected>' in form


def test_a3_why_is_led_to_for_whoever_may_read_it(seller, clerk):
    """The clerk's refusal is explained to the clerk, whose own it is; the privacy officer finds it explained from the customer's card."""
    subject = somebody(seller)
    clerk.get(f"/customers/{subject}")
    own = re.search(
        r"/access/why/\d+", clerk.post(f"/customers/{subject}/reveal", purpose="legal", reason="again", all="1")
    )
    assert own is not None
    clerk.get(own[0])
    assert clerk.status == 200
    officer = seller.visitor("zhouning")
    why = re.search(r"/access/why/\d+", officer.get(f"/customers/{subject}"))
    assert why is not None
    officer.get(why[0])
    assert officer.status == 200


def test_e5_what_one_may_not_open_is_not_offered(seller, clerk):
    """The button and the menu of a new deal, and the office's pages of others, are there for whoever may use them."""
    owner = seller.visitor("suhe")
    for page in ("/", "/people"):
        offered, others = (
            set(re.findall(r'href="(/[a-z/]+)"', clerk.get(page))),
            set(re.findall(r'href="(/[a-z/]+)"', owner.get(page))),
        )
        assert not offered & {"/deals/new", "/channels", "/tokens", "/recovery"}
        assert others & {"/deals/new", "/channels", "/tokens", "/recovery"}
        for path in sorted(offered - {"/account/logout/"}):
            clerk.get(path)
            assert clerk.status in {200, 404}, path


def test_c1_a_card_is_saved_by_its_companys_name(seller):
    """Two parties' cards in one folder are told apart."""
    owner = seller.visitor("suhe")
    owner.get("/people/card")
    named = unquote(str(owner.said["Content-Disposition"]))
    assert re.search(r"party .+\.json", named)
    assert "青禾" in named or re.search(r"party [A-Z]", named)


def test_c3_who_is_held_back_as_dead_is_led_to_the_correction(seller, tmp_path):
    """The page of their verdict and their card lead to where a mistake is corrected; of the living they say nothing of the kind."""
    subject, officer = somebody(seller), seller.visitor("zhouning")
    path, there = f"/deals/{DEAL}/customers/{subject}", f"/deals/{DEAL}/customers/{subject}/died"
    for page in (path, f"/customers/{subject}"):
        assert there not in officer.get(page)
    assert 'name="reason"' not in officer.get(there)
    (tmp_path / "died.csv").write_text(f"subject,answer\n{subject},person.died\n", encoding="utf-8")
    seller.told("zhouning", "answers", DEAL, tmp_path / "died.csv")
    seller.told("zhouning", "gate", DEAL)
    for page in (path, f"/customers/{subject}"):
        assert there in officer.get(page)
    assert 'name="reason"' in officer.get(there)
    assert 'name="reason"' not in seller.visitor("suhe").get(there)
