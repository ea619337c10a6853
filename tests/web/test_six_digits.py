"""Six digits: good once, not to be guessed, and asked only of whoever has the app; pages for what is refused before any view."""

import html
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.web.serving import Served, found, serve
from tests.web.visitor import STEP, Visitor

OWN, NEW = "书屋门前有一棵老树", "一句自己的话就好记"
AGAIN = "/account/2fa/authenticate/"


@dataclass
class Two:
    """An owner who asks for a new access policy, and who is to confirm it."""

    served: Served
    owner: Visitor
    second: Visitor


def rows(home: Path, statement: str, *values: object) -> list[tuple]:
    with closing(sqlite3.connect(home / "console.db", timeout=60)) as db, db:
        return db.execute(statement, values).fetchall()


def slugs(visitor: Visitor) -> list[str]:
    return re.findall(r'data-slug="([^"]+)"', visitor.page)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    """A home of its own, where the owner asked."""
    with serve(tmp_path_factory.mktemp("six") / "home") as running:
        owner = found(Visitor(running.base), running.first, OWN)
        owner.second_factor()
        owner.get("/people")
        once = re.search(r'id="once">([^<]+)<', owner.post("/people", shown="周宁", handle="zhouning", role="privacy"))
        assert once is not None
        second = Visitor(running.base)
        second.sign_in("zhouning", once[1])
        second.get("/passphrase")
        second.post("/passphrase", old=once[1], new=NEW, again=NEW)
        text = re.search(r'<textarea[^>]*name="text"[^>]*>(.*?)</textarea>', owner.get("/access/policy"), re.DOTALL)
        assert text is not None
        line_more = html.unescape(text[1]).strip() + "\n# a line more\n"
        owner.post("/access/policy", step="look", text=line_more)
        owner.post("/access/policy", step="ask", text=line_more, content=owner.field("content"))
        yield Two(running, owner, second)


def test_a_passkey_alone_is_led_to_the_app_and_back(two):
    """What shows no six digits is not asked for six digits; with the app set up the same page takes them."""
    home, second = two.served.home, two.second
    (who,) = rows(home, "SELECT id FROM console_person WHERE username = 'zhouning'")
    rows(
        home,
        "INSERT INTO mfa_authenticator (created_at, type, data, user_id) VALUES (datetime('now'), 'webauthn', '{}', ?)",
        *who,
    )
    try:
        page = second.get("/access/policy")
        assert 'name="code"' not in page
        assert "/account/2fa/totp/activate/" in page
    finally:
        rows(home, "DELETE FROM mfa_authenticator WHERE type = 'webauthn'")
    second.second_factor()
    assert 'href="/access/policy"' in second.get("/account/2fa/")
    assert 'name="code"' in second.get("/access/policy")


def test_guessing_ends_after_five_and_the_person_is_told(two):
    """Before what cannot be undone: the right digits help no more until five minutes went by."""
    home, second = two.served.home, two.second
    if not second.secret:
        second.second_factor()
    told = []
    for wrong in range(5):
        second.get("/access/policy")
        second.post("/access/policy", step="approve", content=second.field("content"), code=f"00000{wrong}")
        told += slugs(second)
    assert told == ["console.code"] * 5
    code = second.code()
    second.get("/access/policy")
    second.post("/access/policy", step="approve", content=second.field("content"), code=code)
    assert second.status == 403
    assert slugs(second) == ["console.tries"]
    assert "five wrong codes" in second.get("/inbox")
    assert rows(home, "SELECT count(*) FROM console_notice WHERE kind = 'guessed'") == [(1,)]
    rows(home, "UPDATE console_guess SET at = datetime('now', '-6 minutes')")
    second.get("/access/policy")
    second.post("/access/policy", step="approve", content=second.field("content"), code=code)
    assert second.status == 200
    assert not slugs(second)
    assert rows(home, "SELECT count(*) FROM console_guess") == [(0,)]


def test_six_digits_are_good_once_whatever_the_process_forgot(tmp_path):
    """A code that was used opens nothing a second time, after a start anew as well; the next one does."""
    home = tmp_path / "home"
    with serve(home) as running:
        owner = found(Visitor(running.base), running.first, OWN)
        owner.second_factor()
        owner.used = int(time.time()) // STEP  # the newest that is taken, so that it is good for longest
        code = owner.code()
        again = Visitor(running.base)
        again.sign_in("suhe", OWN)
        again.post(AGAIN, code=code)
        assert again.at == running.base + "/"
    with serve(home) as running:
        thief = Visitor(running.base)
        thief.sign_in("suhe", OWN)
        thief.post(AGAIN, code=code)
        assert int(time.time()) // STEP <= owner.used + 1, "too slow to tell: the code was no longer good anyway"
        assert AGAIN in thief.at
        thief.secret, thief.used = owner.secret, owner.used
        thief.post(AGAIN, code=thief.code())
        assert thief.at == running.base + "/"


@pytest.mark.parametrize(("code", "title"), [("en", "This step was not taken"), ("zh", "没有收到这一步")])
def test_a_form_without_its_mark_gets_a_page_of_the_house(two, code, title):
    """In the reader's language, without a style of its own."""
    stranger = Visitor(two.served.base)
    stranger.get(f"/lang/{code}?next=/account/login/")
    stranger.page = 'name="csrfmiddlewaretoken" value="forged"'
    page = stranger.post("/account/login/", login="a", password="b")
    assert stranger.status == 403
    assert title in page
    assert "<style" not in page


@pytest.mark.parametrize(("code", "title"), [("en", "This request cannot be read"), ("zh", "这个请求读不懂")])
def test_a_request_that_cannot_be_read_gets_a_page_of_the_house(two, code, title):
    """A form of too many fields; a host that is not ours."""
    owner = two.owner.window()
    owner.get(f"/lang/{code}?next=/people")
    page = owner.post("/people", **{f"f{number}": "x" for number in range(2_500)})
    assert owner.status == 400
    assert title in page
    assert "<style" not in page
    owner.headers = {"Host": "elsewhere.example"}
    page = owner.get("/account/login/")
    assert owner.status == 400
    assert "custody" in page
    assert "elsewhere" not in page
