"""Attacks on the console and on what it reads: each is refused, and the answer says nothing of use."""

import http.client
import io
import re
import sqlite3
import urllib.parse
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.core.signing import TimestampSigner

from custody import wiring
from custody.base.errors import CustodyError, Unavailable
from custody.ports.source import Batch
from tests.web.serving import Served, found
from tests.web.visitor import Visitor

SECRET = "一句自己的话就好记"
PAGES = ("/", "/people", "/customers", "/access", "/ledger", "/data", "/people/parties", "/account/sessions/")


@pytest.fixture(scope="module")
def owner(served: Served) -> Visitor:
    """Who founded the home."""
    return found(Visitor(served.base), served.first, SECRET)


def test_no_page_runs_what_is_not_ours(owner: Visitor):
    """The policy allows scripts by nonce and nothing inline; no page needs more; nobody frames one."""
    for path in ("/account/login/", *PAGES):
        owner.get(path)
        assert owner.status == 200, path
        policy = str(owner.said["Content-Security-Policy"])
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert owner.said["X-Frame-Options"] == "DENY"
        assert not re.search(r"""<[^>]+\son\w+=|\sstyle=["']|javascript:""", owner.page), path
        assert all("nonce=" in one for one in re.findall(r"<script[^>]*>", owner.page)), path
        assert owner.said["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    ["/account/login/", "/people", "/customers", "/access", "/people/parties", "/passphrase", "/account/logout/"],
)
def test_a_form_of_another_site_does_nothing(served: Served, owner: Visitor, path: str):
    """Without the page's token, with a wrong one, and from another origin."""
    page = owner.get("/people")
    for token, referer in (("", served.base), ("x" * 64, served.base), ("own", "https://evil.example/")):
        owner.page = (
            page.replace(
                'name="csrfmiddlewaretoken" value="', 'name="csrfmiddlewaretoken" value="' if token == "own" else "x"
            )
            if token == "own"
            else f'name="csrfmiddlewaretoken" value="{token}"'
        )
        owner.headers = {"Referer": referer, "Origin": referer.rstrip("/")}
        owner.post(path, do="ask", tier="sensitive", handle="mallory", shown="x", role="owner")
        assert owner.status == 403, (path, token, referer)
    owner.headers = {}
    assert "mallory" not in owner.get("/people")


def test_a_session_that_somebody_chose_is_not_the_one_that_is_signed_in(served: Served, owner: Visitor):  # noqa: ARG001 - the account must be there
    """Signing in begins a new session, also in a browser where somebody had planted one that was live: it stays a stranger's."""
    planted = "0123456789abcdefghijklmnopqrstuv"
    signed = _signer(served).sign_object({"custody_identity": [0, 0]}, compress=True)
    with closing(sqlite3.connect(served.home / "console.db", timeout=60)) as base:
        base.execute("INSERT INTO django_session VALUES (?, ?, datetime('now', '+1 day'))", [planted, signed])
        base.commit()
    victim = Visitor(served.base)
    victim.plant("custody_session", planted)
    victim.sign_in("suhe", SECRET)
    assert "/account/login/" not in victim.at
    attacker = Visitor(served.base)
    attacker.headers = {"Cookie": f"custody_session={planted}"}
    attacker.get("/people")
    assert "/account/login/" in attacker.at
    victim.get("/people")
    assert victim.at.endswith("/people")


def test_d1_whoever_is_dismissed_is_out_at_once(served: Served, owner: Visitor):
    """A rehearsal ends nothing; then an open session, the passphrase and the grant to act are worth nothing. Nobody ends themselves."""
    owner.get("/people")
    owner.post("/people", shown="林默", handle="linmo", role="department")
    once = re.search(r'id="once">([^<]+)<', owner.page)
    assert once is not None
    clerk = Visitor(served.base)
    clerk.sign_in("linmo", once[1])
    clerk.get("/passphrase")
    clerk.post("/passphrase", old=once[1], new=SECRET + "又一句", again=SECRET + "又一句")
    assert clerk.get("/people").count("linmo") > 0
    owner.get("/people/linmo/end")
    assert "/account/login/" not in (clerk.get("/people"), clerk.at)[1]
    owner.post("/people/linmo/end", step="do")
    assert owner.at.endswith("/people")
    clerk.get("/people")
    assert "/account/login/" in clerk.at
    clerk.sign_in("linmo", SECRET + "又一句")
    assert "/account/login/" in clerk.at
    owner.get("/people/suhe/end")
    assert 'data-slug="principal.self"' in owner.page


def test_use_of_a_session_is_noted_once_a_minute_and_renews_it(served: Served, owner: Visitor):  # noqa: ARG001 - the account must be there
    """A page writes nothing about the session that the page before it wrote; one that was noted long ago is renewed by the next."""
    visitor = Visitor(served.base)
    visitor.sign_in("suhe", SECRET)  # the newest session ends last
    ends = {(visitor.get("/people"), _session(served)[1])[1] for _ in range(10)}
    assert len(ends) < 10  # each of them would have to take a minute
    signer = _signer(served)
    said = signer.unsign_object(_session(served)[0])
    with closing(sqlite3.connect(served.home / "console.db", timeout=60)) as base:
        old = signer.sign_object({**said, "custody_seen": 0}, compress=True)
        base.execute("UPDATE django_session SET session_data = ?, expire_date = datetime('now', '+5 minutes')", [old])
        base.commit()
    before = _session(served)[1]
    assert "/account/login/" not in visitor.at
    visitor.get("/people")
    assert _session(served)[1] > before


def _signer(served: Served) -> TimestampSigner:
    """What the console signs its sessions with."""
    key = (served.home / "keys" / "console.key").read_text(encoding="ascii")
    return TimestampSigner(key=key, salt="django.contrib.sessions.SessionStore", fallback_keys=())


def _session(served: Served) -> tuple[str, str]:
    """(what it holds, when it ends) of the session that ends last."""
    with closing(sqlite3.connect(served.home / "console.db", timeout=60)) as base:
        row = base.execute("SELECT session_data, expire_date FROM django_session ORDER BY expire_date DESC").fetchone()
    return row[0], row[1]


def test_nobody_reaches_another_by_guessing_an_id(owner: Visitor):
    """What is not there and what is not this house's get the same answer."""
    for path in (
        "/deals/D-2026-9999",
        "/customers/sub_00000000000000000000000000",
        "/data/" + "0" * 32,
        "/work/" + "f" * 32,
        "/access/why/999999",
    ):
        owner.get(path)
        assert owner.status in {400, 404}, path
    owner.get("/deals/..%2f..%2fetc%2fpasswd")
    assert owner.status in {400, 404}


def test_what_is_too_large_is_refused(owner: Visitor, tmp_path: Path):
    """A card of megabytes, a form of thousands of fields."""
    card = tmp_path / "party.json"
    card.write_bytes(b"x" * 2**20)
    owner.get("/people/parties")
    assert 'data-slug="party.card"' in owner.upload("/people/parties", "card", card)
    owner.get("/people")
    owner.post("/people", **{f"f{number}": "x" for number in range(2_500)})
    assert owner.status == 400


def test_a_stranger_lays_nothing_on_the_disk(owner: Visitor):
    """A body larger than any form of theirs is refused by its announced length, before a byte of it is kept."""
    for size, status in ((2**16 + 1, 413), (2**10, 403)):
        link = http.client.HTTPConnection(urllib.parse.urlsplit(owner.base).netloc, timeout=30)
        link.putrequest("POST", "/account/login/")
        link.putheader("Content-Type", "multipart/form-data; boundary=x")
        link.putheader("Content-Length", str(size))
        link.endheaders()
        link.send(b"x" * 2**10)
        assert link.getresponse().status == status
        link.close()


def _workbook(path: Path, strings: str) -> Path:
    """A workbook whose shared strings are whatever somebody wants them to be."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        )
        parts.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        parts.writestr(
            "xl/workbook.xml",
            '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="members" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        parts.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        )
        parts.writestr("xl/sharedStrings.xml", strings)
        parts.writestr(
            "xl/worksheets/sheet1.xml",
            '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>1</v></c></row></sheetData></worksheet>',
        )
    path.write_bytes(made.getvalue())
    return path


def _read(target: str) -> Iterator[Batch]:
    for source in wiring.sources().open(target, lambda _: None):
        for head in source.heads():
            yield from source.read(head.name, lambda _: None)
        source.close()


def test_a_workbook_opens_no_other_file(tmp_path: Path):
    """An external entity and a nest of entities are never expanded."""
    (tmp_path / "secret.txt").write_text("TOPSECRET-4711", encoding="utf-8")
    lead = f'<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY x SYSTEM "file://{tmp_path}/secret.txt"><!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    body = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>phone</t></si><si><t>&x;&b;</t></si></sst>'
    book = _workbook(tmp_path / "members.xlsx", lead + body)
    try:
        told = "".join(str(batch.data.to_pylist()) for batch in _read(str(book)))
    except CustodyError as error:
        told = error.message
    assert "TOPSECRET" not in told
    assert "aaaaaaaaaa" not in told


@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest/meta-data/",
        "https://127.0.0.1/x.csv",
        "ftp://127.0.0.1/x.csv",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_x",
    ],
)
def test_a_source_is_a_file_or_a_database_and_no_other_address(address: str):
    """Nothing is fetched: such a source is refused by name before any connection is made."""
    with pytest.raises(CustodyError) as refused:
        wiring.sources().open(address, lambda _: None)
    assert not isinstance(refused.value, Unavailable), "nobody asked the network"


def test_a_table_name_is_never_a_command(tmp_path: Path):
    """A database whose tables are called like statements is read, and is what it was."""
    path, names = (
        tmp_path / "shop.db",
        ['a"; DROP TABLE kept; --', "b'); DELETE FROM kept; --", "kept", "c]x`y", 'd"" UNION SELECT 1'],
    )
    store = sqlite3.connect(path)
    for name in names:
        quoted = name.replace('"', '""')
        store.execute(f'CREATE TABLE "{quoted}" (phone TEXT, "x"" ; DROP TABLE kept; --" TEXT)')
        store.execute(f'INSERT INTO "{quoted}" VALUES (?, ?)', ("13800138000", "x"))
    store.commit()
    store.close()
    before = path.read_bytes()
    assert sum(len(batch.rows) for batch in _read(str(path))) == len(names)
    assert path.read_bytes() == before
