"""Wrong passphrases: whoever guesses is stopped where they do it, and keeps nobody else out."""

import http.client
import urllib.request
from collections.abc import Iterator
from functools import partial

import pytest

from tests.access.staff import founded, passphrase
from tests.web.serving import Served, serve
from tests.web.visitor import Visitor

LOGIN = "/account/login/"
PEOPLE = {"zhouning": "privacy", "limo": "data", "songwen": "lawyer"}
NEW = "又一句自己的话就好记"


class _Elsewhere(urllib.request.HTTPHandler):
    """Connections from another address of this host."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self._from = (address, 0)

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(partial(http.client.HTTPConnection, source_address=self._from), req)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A company of a few people, with sign-ins of its own."""
    with serve(founded(tmp_path_factory.mktemp("guessing") / "home", PEOPLE)) as running:
        yield running


def from_(office: Served, address: str) -> Visitor:
    made = Visitor(office.base)
    opener = urllib.request.build_opener(_Elsewhere(address), urllib.request.HTTPCookieProcessor(made._jar))
    opener.addheaders = [("Accept-Language", "en")]
    made._open = opener.open
    return made


def guesses(visitor: Visitor, handle: str, times: int = 6) -> str:
    for number in range(times):
        visitor.sign_in(handle, f"a guess {number}")
    return visitor.page


def test_a_stranger_elsewhere_keeps_nobody_out(office: Served):
    """They are stopped, and whoever the name belongs to comes in; from where they guess, not even the right passphrase does."""
    stranger = from_(office, "127.0.0.2")
    assert "Too many failed login attempts" in guesses(stranger, "limo")
    stranger.sign_in("limo", passphrase("limo"))
    assert LOGIN in stranger.at
    owner = Visitor(office.base)
    owner.sign_in("limo", passphrase("limo"))
    assert LOGIN not in owner.at


def test_a_browser_that_was_signed_in_counts_by_itself(office: Served):
    """A neighbour at the same address, or many elsewhere, take no try from it; its own wrong ones end in it alone."""
    mine = from_(office, "127.0.0.3")
    mine.sign_in("songwen", passphrase("songwen"))
    assert LOGIN not in mine.at
    mine.get("/account/logout/")
    mine.post("/account/logout/")
    guesses(from_(office, "127.0.0.3"), "songwen")
    for number in range(4, 11):
        guesses(from_(office, f"127.0.0.{number}"), "songwen", 5)
    fresh = from_(office, "127.0.0.99")
    fresh.sign_in("songwen", passphrase("songwen"))
    assert LOGIN in fresh.at, "thirty an hour, wherever they come from"
    mine.sign_in("songwen", passphrase("songwen"))
    assert LOGIN not in mine.at
    mine.get("/account/logout/")
    mine.post("/account/logout/")
    assert "Too many failed login attempts" in guesses(mine, "songwen")


def test_an_open_window_is_no_place_to_guess_in(office: Served):
    """Five wrong old passphrases end the session, and the sixth is not looked at; whose it was is told when they sign in, and changes it as ever."""
    window = Visitor(office.base)
    window.sign_in("zhouning", passphrase("zhouning"))
    for number in range(5):
        window.get("/passphrase")
        window.post("/passphrase", old=f"a guess {number}", new=NEW, again=NEW)
        assert 'data-slug="identity.passphrase"' in window.page
    window.get("/passphrase")
    window.post("/passphrase", old=passphrase("zhouning"), new=NEW, again=NEW)
    assert LOGIN in window.at
    window.get("/people")
    assert LOGIN in window.at
    mine = Visitor(office.base)
    mine.sign_in("zhouning", passphrase("zhouning"))
    assert "wrong old passphrase" in mine.get("/inbox")
    mine.get("/passphrase")
    mine.post("/passphrase", old=passphrase("zhouning"), new=NEW, again=NEW)
    assert mine.at == f"{office.base}/"
