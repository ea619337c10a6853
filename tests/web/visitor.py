"""Somebody with a browser that keeps cookies and runs no script: what a request needs, and nothing of the page's look."""

import base64
import csv
import email.message
import hmac
import html
import http.cookiejar
import io
import re
import struct
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from python_calamine import CalamineWorkbook

SESSION = "custody_session"
STEP = 30
BOUNDARY = "-" * 20 + "part-of-a-form"  # no signed file holds it by chance
IN_HAND = 20  # seconds from here to where the digits are looked at, on a slow host


class _Stays(urllib.request.HTTPRedirectHandler):
    """Goes nowhere by itself."""

    def redirect_request(self, *_: object) -> None:
        return None


class Visitor:
    """Somebody with a browser that keeps cookies; no script runs in it."""

    def __init__(self, base: str, *, follows: bool = True) -> None:
        self.base, self.page, self.status, self.at, self.secret, self.used = base, "", 0, "", "", 0
        self.headers: dict[str, str] = {}
        self.said = email.message.Message()
        self._jar = http.cookiejar.CookieJar()
        ways = () if follows else (_Stays(),)
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._jar), *ways)
        opener.addheaders = [("Accept-Language", "en")]
        self._open = opener.open

    def window(self) -> "Visitor":
        """Another window, in the same session: no page is open in it, and it is in nobody's language yet."""
        made = Visitor(self.base)
        for cookie in self._jar:
            if cookie.name == SESSION:
                made._jar.set_cookie(cookie)
        return made

    def cookie(self, name: str) -> str:
        return next(one.value or "" for one in self._jar if one.name == name)

    def plant(self, name: str, value: str) -> None:
        """A cookie that somebody else put into this browser."""
        host = str(urllib.parse.urlsplit(self.base).hostname)
        self._jar.set_cookie(http.cookiejar.Cookie(0, name, value, None, False, host, False, False, "/", True, False, None, True, None, None, {}))  # fmt: skip

    def get(self, path: str) -> str:
        return self._go(urllib.request.Request(self.base + path))

    def sheet(self, path: str, form: str = "csv") -> list[list[object]]:
        """A page's table as its file says it, the head first."""
        with self._open(f"{self.base}{path}{'&' if '?' in path else '?'}as={form}", timeout=60) as answer:
            data = answer.read()
        if form == "csv":
            return [list(row) for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))]
        return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()

    def post(self, path: str, **form: str | list[str]) -> str:
        """Send a form with the token of the page before it."""
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.page)
        data = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1] if token else "", **form}, doseq=True).encode()
        return self._go(urllib.request.Request(self.base + path, data, {"Referer": self.base + path}))

    def file(self, path: str, *, posted: bool = False) -> bytes:
        """What a page gives as a file, by a form of its own with the token of the page before it, or by its address alone."""
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.page)
        data = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1] if token else ""}).encode() if posted else None
        request = urllib.request.Request(self.base + path, data, {"Referer": self.base + path})
        with self._open(request, timeout=120) as answer:
            assert "attachment" in answer.headers["Content-Disposition"]
            return bytes(answer.read())

    def led_on(self, seconds: float = 60) -> str:
        """Where a job leads when it is over."""
        until = time.monotonic() + seconds
        while "/work/" in self.at and "/part" in self.page and time.monotonic() < until:
            time.sleep(0.2)
            self.get(self.at.removeprefix(self.base))
        return self.page

    def upload(self, path: str, name: str, file: Path, **form: str) -> str:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.page)
        assert token is not None
        line = f"--{BOUNDARY}\r\nContent-Disposition: form-data; "
        fields = {"csrfmiddlewaretoken": token[1], **form}
        parts = [f'{line}name="{one}"\r\n\r\n{value}'.encode() for one, value in fields.items()]
        parts.append(f'{line}name="{name}"; filename="{file.name}"\r\n\r\n'.encode() + file.read_bytes())
        kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        return self._go(
            urllib.request.Request(self.base + path, b"\r\n".join([*parts, f"--{BOUNDARY}--\r\n".encode()]), kind)
        )

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
        """The six digits."""
        self.used = next_step(self.used)
        return six_digits(self.secret, self.used)

    def field(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page)
        return html.unescape(found[1]) if found else ""

    def _go(self, request: urllib.request.Request) -> str:
        for name, value in self.headers.items():
            request.add_header(name, value)
        try:
            answer = self._open(request, timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            self.status, self.at, self.said, self.page = (
                answer.status,
                answer.geturl(),
                answer.headers,
                answer.read().decode(errors="replace"),
            )
        return self.page


def next_step(used: int) -> int:
    """Whose digits are good now: each half minute's are good once, half a minute early or late, and not all but over."""
    while True:
        now = int(time.time())
        step = max((now + IN_HAND) // STEP - 1, used + 1)
        if step <= now // STEP + 1:
            return step
        time.sleep(0.5)


def six_digits(secret: str, step: int) -> str:
    """RFC 6238 by the standard library."""
    digest = hmac.digest(base64.b32decode(secret + "=" * (-len(secret) % 8)), struct.pack(">Q", step), "sha1")
    place = digest[-1] & 15
    return f"{(struct.unpack_from('>I', digest, place)[0] & 0x7FFFFFFF) % 1_000_000:06d}"
