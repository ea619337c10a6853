"""Whoever signs or confirms signs what the page showed them: what somebody changed meanwhile is shown first, and marked."""

import hashlib
import html
import re
import time
from pathlib import Path

import pytest

from tests.line.test_house_law import LOOSE
from tests.web.serving import Served, found
from tests.web.visitor import Visitor

SECRET, OTHER = "一句自己的话就好记", "另一句自己的话就好记"
LINES = ("会员号,姓名,手机,备注,国家", *(f"XK{n:04d},王{n % 9}芳,1390013{n:04d},常客{n},CN" for n in range(20)))


@pytest.fixture(scope="module")
def owner(served: Served) -> Visitor:
    """Who founded the home, and signs."""
    return found(Visitor(served.base), served.first, SECRET)


@pytest.fixture(scope="module")
def clerk(served: Served, owner: Visitor) -> Visitor:
    """Who works with data beside them."""
    return joined(served, owner, "limo", "data")


@pytest.fixture
def intake(served: Served, owner: Visitor) -> str:
    """A file that was read and waits for a signature; the page of its map is open before the owner."""
    file = served.home.parent / "shown.csv"
    file.write_bytes("\r\n".join(LINES).encode("gb18030"))
    owner.get("/data")
    owner.upload("/data", "files", file)
    late = time.monotonic() + 180
    page = re.search(r'"(/data/[0-9a-f]{32})"', owner.get("/data"))[1]
    while "/work/" in (owner.get(page), owner.at)[1] and time.monotonic() < late:
        time.sleep(0.2)
    owner.get(f"{page}?show=all")
    owner.post(f"{page}/change", do="confirm-all", table="shown", shown=owner.field("shown"), show="all")
    assert " disabled>Sign the data map" not in owner.page
    return page


def joined(served: Served, owner: Visitor, handle: str, role: str) -> Visitor:
    """Somebody the owner lets in, signed in under a passphrase of their own."""
    owner.get("/people")
    once = re.search(r'id="once">([^<]+)<', owner.post("/people", shown=handle, handle=handle, role=role))
    made = Visitor(served.base)
    made.sign_in(handle, once[1])
    made.get("/passphrase")
    made.post("/passphrase", old=once[1], new=OTHER, again=OTHER)
    return made


def signed(served: Served) -> list[str]:
    """The digests of the maps that are signed."""
    return sorted(one.stem for one in (served.home / "matters" / "datamaps").glob("*.yaml"))


def test_c1_a_map_that_changed_since_it_was_shown_is_not_signed(served, owner, clerk, intake):
    """A class changed by somebody else after the page came: the signature is refused, the column is marked with who changed it, and only the page that shows it signs."""
    before, seen = signed(served), owner.field("shown")
    clerk.get(f"{intake}?show=all")
    clerk.post(f"{intake}/change", do="sensitive", table="shown", column="备注", show="all")
    assert "map.changed" not in clerk.page
    assert clerk.status == 200
    owner.post(f"{intake}/sign", shown=seen)
    assert owner.status == 400
    assert 'data-slug="console.map-moved"' in owner.page
    assert "Changed by limo" in column(owner.page, "备注")
    assert "Changed by" not in column(owner.page, "手机")
    assert signed(served) == before
    assert f"since={seen.replace(':', '%3A')}" in owner.page, "the marks stay while one looks around"
    owner.get(f"{intake}?since={seen}&show=all")
    assert "Changed by limo" in column(owner.page, "备注")
    owner.post(f"{intake}/sign", shown=owner.field("shown"))
    assert "The data map is signed" in owner.page
    assert signed(served) != before


def test_c1_a_signature_that_names_no_page_signs_nothing(served, owner, intake):
    """Without the digest of a page, or with one of another map, nothing is signed."""
    before = signed(served)
    for told in ({}, {"shown": ""}, {"shown": "sha256:" + "0" * 64}):
        owner.post(f"{intake}/sign", **told)
        assert owner.status == 400, told
        assert 'data-slug="console.map-moved"' in owner.page, told
    assert signed(served) == before


def test_c1_a_confirmation_holds_for_what_was_seen(owner, clerk, intake):
    """Of a column that somebody changed meanwhile nothing is confirmed unseen; another's change to another column stands in nobody's way."""
    clerk.get(f"{intake}?show=all")
    seen = clerk.field("shown")
    owner.post(f"{intake}/change", do="class", table="shown", column="手机", **{"class": "record.other"}, show="all")
    clerk.post(f"{intake}/change", do="confirm", table="shown", column="手机", shown=seen)
    assert clerk.status == 400
    assert "Changed by" in column(clerk.page, "手机")
    clerk.post(f"{intake}/change", do="confirm-all", table="shown", shown=seen)
    assert clerk.status == 400
    clerk.post(f"{intake}/change", do="confirm", table="shown", column="备注", shown=seen, show="all")
    assert clerk.status == 200
    assert 'data-slug="console.map-moved"' not in clerk.page


def test_c1_what_was_undone_is_signed_as_it_was_shown(owner, clerk, intake):
    """Who changes and takes it back leaves the map that was shown: the page shown before signs it."""
    seen = owner.field("shown")
    clerk.get(f"{intake}?show=all")
    clerk.post(f"{intake}/change", do="sensitive", table="shown", column="备注", show="all")
    clerk.post(f"{intake}/change", do="undo", table="shown")
    owner.post(f"{intake}/sign", shown=seen)
    assert "The data map is signed" in owner.page


def test_c1_a_rule_of_the_house_is_signed_as_it_was_read(served, owner, tmp_path: Path):
    """A draft that somebody put anew under the same name after the page came is not signed by it."""
    lawyer = joined(served, owner, "songwen", "lawyer")
    officer = joined(served, owner, "zhouning", "privacy")
    texts = [LOOSE, LOOSE + "# another\n"]
    draft = tmp_path / "pipia.yaml"
    for text in texts:
        draft.write_text(text, encoding="utf-8")
        (lawyer if text == LOOSE else officer).get("/laws")
        (lawyer if text == LOOSE else officer).upload("/laws", "file", draft, step="draft", place="cn", folder="house")
        if text == LOOSE:
            lawyer.get("/laws")
            number, seen = lawyer.field("draft"), lawyer.field("shown")
    assert seen == "sha256:" + hashlib.sha256(LOOSE.encode()).hexdigest()
    lawyer.post("/laws", step="sign", draft=number, shown=seen)
    assert lawyer.status == 400
    assert 'data-slug="console.text-moved"' in lawyer.page
    assert "songwen</p>" not in lawyer.page
    assert "# another" in lawyer.page
    lawyer.post("/laws", step="sign", draft=number, shown=lawyer.field("shown"))
    assert lawyer.status == 200
    assert "signed by songwen" in lawyer.page


def test_c1_a_second_person_is_asked_for_what_the_first_was_shown(owner):
    """Asking carries what the page showed; a form of another rehearsal, or of none, asks nobody for anything."""
    text = html.unescape(re.search(r'<textarea[^>]*name="text"[^>]*>(.*?)</textarea>', owner.get("/access/policy"), re.DOTALL)[1]).strip()  # fmt: skip
    owner.post("/access/policy", step="look", text=text + "\n# one\n")
    seen = owner.field("content")
    assert seen.startswith("sha256:")
    for told in (
        {"text": text.replace("grant_days = 90", "grant_days = 91") + "\n# two\n", "content": seen},
        {"text": text + "\n# one\n"},
    ):
        owner.post("/access/policy", step="ask", **told)
        assert 'data-slug="console.moved"' in owner.page, told
        assert "# two" not in owner.get("/access/policy")
    owner.post("/access/policy", step="ask", text=text + "\n# one\n", content=seen)
    assert "# one" in owner.get("/access/policy")


def column(page: str, name: str) -> str:
    """The row of that column."""
    return re.search(rf'<tr class="col" data-column="{name}">.*?</tr>', page, re.DOTALL)[0]
