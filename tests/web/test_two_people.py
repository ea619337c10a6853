"""What cannot be undone takes two people, two keys and two codes: a rehearsal up to shipping, then the console."""

import base64
import hmac
import html
import http.cookiejar
import re
import struct
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from custody.cli.rehearsal.demo import Play, Rehearsal
from custody.cli.rehearsal.half import Out
from tests.web.serving import Served, serve

STEP = 30


class ReadyError(Exception):
    """The rehearsal is where the console takes over."""


class UpToShipping(Play):
    """Everything up to the gate by command; the ceremonies are left to the console."""

    def _approved(self, who: str, second: str, act: str, deal: str) -> Out:  # noqa: ARG002 - the rehearsal's own signature
        raise ReadyError(deal)


class Visitor:
    """Somebody with a browser that keeps cookies; no script runs in it."""

    def __init__(self, base: str) -> None:
        self.base, self.page, self.status, self.at, self.secret, self.used = base, "", 0, "", "", 0
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        opener = urllib.request.build_opener(jar)
        opener.addheaders = [("Accept-Language", "en")]
        self._open = opener.open

    def get(self, path: str) -> str:
        return self._go(urllib.request.Request(self.base + path))

    def post(self, path: str, **form: str) -> str:
        """Send a form with the token of the page before it."""
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.page)
        data = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1] if token else "", **form}).encode()
        return self._go(urllib.request.Request(self.base + path, data, {"Referer": self.base + path}))

    def upload(self, path: str, name: str, file: Path) -> str:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.page)
        assert token is not None
        parts = [b'--x\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n' + token[1].encode()]
        parts.append(
            f'--x\r\nContent-Disposition: form-data; name="{name}"; filename="{file.name}"\r\n\r\n'.encode()
            + file.read_bytes()
        )
        kind = {"Content-Type": "multipart/form-data; boundary=x"}
        return self._go(urllib.request.Request(self.base + path, b"\r\n".join(parts) + b"\r\n--x--\r\n", kind))

    def sign_in(self, handle: str, passphrase: str) -> str:
        self.get("/account/login/")
        return self.post("/account/login/", login=handle, password=passphrase)

    def second_factor(self) -> None:
        """Set up the authenticator app."""
        self.get("/account/2fa/totp/activate/")
        found = re.search(r'id="authenticator_secret"[^>]*value="(\w+)"', self.page)
        assert found is not None
        self.secret = found[1]
        self.post("/account/2fa/totp/activate/", code=self.code())

    def code(self) -> str:
        """The six digits; each is good once, half a minute early or late, so the next one is that of the next half minute."""
        step = max(int(time.time()) // STEP - 1, self.used + 1)
        while step > int(time.time()) // STEP + 1:
            time.sleep(1)
        self.used = step
        digest = hmac.digest(
            base64.b32decode(self.secret + "=" * (-len(self.secret) % 8)), struct.pack(">Q", step), "sha1"
        )
        place = digest[-1] & 15
        return f"{(struct.unpack_from('>I', digest, place)[0] & 0x7FFFFFFF) % 1_000_000:06d}"

    def field(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page)
        return html.unescape(found[1]) if found else ""

    def _go(self, request: urllib.request.Request) -> str:
        try:
            answer = self._open(request, timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            self.status, self.at, self.page = answer.status, answer.geturl(), answer.read().decode()
        return self.page


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A seller whose customers are decided and whose buyer has sent an invitation; (folder, deal)."""
    where = tmp_path_factory.mktemp("two") / "demo"
    with pytest.raises(ReadyError) as ready:
        Rehearsal(where, None, 200, "en", lambda _: None).run(UpToShipping)
    return where, str(ready.value)


@pytest.fixture(scope="module")
def office(company: tuple[Path, str]) -> Iterator[Served]:
    """The console of the seller's home."""
    with serve(company[0] / "seller") as running:
        yield running


def passphrase(where: Path, handle: str) -> str:
    return (where / "seller" / "keys" / "principals" / f"{handle}.pass").read_text(encoding="utf-8").strip()


@pytest.fixture(scope="module")
def owner(company: tuple[Path, str], office: Served) -> Visitor:
    """The owner, signed in with a second factor."""
    made = Visitor(office.base)
    made.sign_in("suhe", passphrase(company[0], "suhe"))
    made.second_factor()
    return made


@pytest.fixture(scope="module")
def privacy(company: tuple[Path, str], office: Served) -> Visitor:
    """The privacy officer, signed in with a second factor."""
    made = Visitor(office.base)
    made.sign_in("zhouning", passphrase(company[0], "zhouning"))
    made.second_factor()
    return made


def test_a_wrong_passphrase_and_nobody_look_the_same(office):
    """Neither signs in, and neither page tells which it was."""
    pages = []
    for handle in ("suhe", "nobody"):
        visitor = Visitor(office.base)
        page = visitor.sign_in(handle, "not the passphrase")
        assert "/account/login/" in visitor.at
        pages.append(re.sub(r'value="[^"]*"|nonce="[^"]*"', "", page))
    assert pages[0] == pages[1]


def test_nobody_passes_without_signing_in(office, company):
    """Every page of a deal, of data, of people and of the ledger leads a stranger to the sign-in page."""
    for path in (
        "/",
        f"/deals/{company[1]}",
        f"/deals/{company[1]}/release",
        "/data",
        "/people",
        "/people/card",
        "/ledger",
        "/copies",
    ):
        visitor = Visitor(office.base)
        visitor.get(path)
        assert "/account/login/" in visitor.at, path


def test_a_form_without_its_token_is_refused(owner):
    """A request that another site makes a browser send changes nothing."""
    owner.page = ""
    owner.post("/people", shown="x", handle="x", role="owner")
    assert owner.status == 403


def test_shipping_and_release_take_two_people(owner, privacy, company):
    """The first asks, the second confirms by an own key and code, the first types the reference: then, and only then, it happens."""
    where, deal = company
    owner.get(f"/deals/{deal}")
    owner.upload(f"/deals/{deal}/invite", "invite", where / "handover" / "invite.dsse.json")
    assert owner.status == 200
    ceremony(owner, privacy, deal, "ship")
    page = ceremony(owner, privacy, deal, "release")
    assert list((where / "seller" / "matters" / deal / "handover").rglob("manifest.json"))
    assert deal in page


def ceremony(owner: Visitor, privacy: Visitor, deal: str, act: str) -> str:
    """One act by two people; before the second has confirmed, the first cannot do it."""
    path = f"/deals/{deal}/{act}"
    owner.get(path)
    content = owner.field("content")
    assert content.startswith("sha256:"), owner.page
    if act == "release":
        owner.post(path, step="do", content=content, ref=deal, code=owner.code())
        assert "A second person has not approved" in owner.page
        owner.get(path)
    owner.post(path, step="ask", content=content)
    privacy.get(path)
    assert privacy.field("content") == content
    privacy.post(path, step="approve", content=content, code="000000")
    owner.get(path)
    assert 'value="do"' not in owner.page
    privacy.get(path)
    privacy.post(path, step="approve", content=content, code=privacy.code())
    owner.get(path)
    assert 'value="do"' in owner.page
    owner.post(path, step="do", content=content, ref="D-0000", code="000000")
    assert owner.at.endswith(act)
    owner.get(path)
    page = owner.post(path, step="do", content=content, ref=deal, code=owner.code())
    assert owner.at.endswith(deal), page
    return page
