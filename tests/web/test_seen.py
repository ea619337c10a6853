"""A session's first page, and the one after each minute, may be a file: what is noted then does not stand in its way."""

import io
import sqlite3
import zipfile
from contextlib import closing

from custody.base.signing import Signer
from custody.web.keyring import Keyring
from tests.web.company import DEAL
from tests.web.visitor import Visitor


def test_the_first_page_of_a_session_may_be_a_file(seller):
    """Whoever signs in and goes straight to a download gets it: when the session was used is noted with that answer."""
    visitor = Visitor(seller.served.base, follows=False)
    visitor.sign_in("zhouning", seller.passphrase("zhouning"))
    assert visitor.status == 302, visitor.page
    if "/2fa/" in (onward := str(visitor.said["Location"])):
        visitor.get(onward)
        visitor.post(onward, code=seller.code("zhouning"))
    data = visitor.file(f"/deals/{DEAL}/ledger-part.zip")
    assert zipfile.ZipFile(io.BytesIO(data)).namelist()


def test_with_a_second_factor_too(seller):
    """The digits are one page more; the file is the first after them all the same."""
    seller.code("zhouning")
    test_the_first_page_of_a_session_may_be_a_file(seller)


def test_rows_that_are_held_for_too_long_are_no_fault_of_custody(seller):
    """Whoever signs in while another process writes, longer than a writer waits, reads that it is busy; afterwards they are let in."""
    visitor = Visitor(seller.served.base)
    with closing(sqlite3.connect(seller.served.home / "console.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        visitor.sign_in("limo", seller.passphrase("limo"))
        assert (visitor.status, visitor.said["Retry-After"]) == (503, "10")
        assert "Too busy just now" in visitor.page
        other.execute("ROLLBACK")
    visitor.sign_in("limo", seller.passphrase("limo"))
    assert visitor.status == 200


def test_a1_a_page_that_asks_by_itself_keeps_no_key_open(monkeypatch):
    """A window left open on a long job asks every second: its key is forgotten as long after the last page that somebody opened as any other."""
    now = [0.0]
    monkeypatch.setattr("custody.web.keyring.time.monotonic", lambda: now[0])
    ring = Keyring(10)
    name = ring.put("prn_1", Signer.generate())
    asked = [(8.0, True), (16.0, False), (17.9, False), (18.1, False)]
    held = []
    for at, used in asked:
        now[0] = at
        held.append(ring.get(name, "prn_1", used=used) is not None)
    assert held == [True, True, True, False]
