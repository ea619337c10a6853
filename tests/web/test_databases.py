"""A database is brought in by a form: scanned, reviewed, sealed; its password is on no disk (E5)."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.web.serving import Served, found
from tests.web.visitor import Visitor

SECRET = "一句自己的话就好记"
ASKED = """
import sys
import django
django.setup()
from django.http import QueryDict
from custody.base.errors import CustodyError
from custody.web.console.databases import url_of
try:
    print(url_of(QueryDict(sys.argv[1])))
except CustodyError as error:
    print(error.slug)
"""
FORGOTTEN = """
import sys
import time
from pathlib import Path
import django
django.setup()
from custody.base.errors import CustodyError
from custody.web.console import databases
folder = Path(sys.argv[1])
databases.keep(folder, "postgresql://reader@db:5432/shop", "a password")
print(databases.targets(folder)[1], databases.lacks(folder))
databases.HELD_SECONDS = 0.5
databases.hold(folder, "typed again")
print(databases.targets(folder)[1])
time.sleep(1.5)
print(databases.lacks(folder), databases._HELD.known)
try:
    databases.targets(folder)
except CustodyError as error:
    print(error.slug)
"""
FORM = "kind=postgresql&host={host}&port={port}&database=shop&user=reader"


@pytest.fixture(scope="module")
def owner(served: Served) -> Visitor:
    """Who founded the home."""
    return found(Visitor(served.base), served.first, SECRET)


@pytest.mark.part("postgresql")
def test_e5_a_database_comes_in_like_a_file(served: Served, owner: Visitor, postgres):
    """Scanned by the form, the rows read again when they are sealed; user and password stand in no row, map, ledger or log, the password in no file; mistyped it is typed again."""
    url, secret, run = postgres
    password = secret.read_text(encoding="utf-8").strip()
    run("CREATE DATABASE shop")
    run('CREATE TABLE members ("会员号" text, "姓名" text, "手机" text, "国家" text)', database="shop")
    run(
        "INSERT INTO members SELECT 'QH00' || n, '王芳', '139001300' || n, 'CN' FROM generate_series(10, 59) AS n",
        database="shop",
    )
    form = {
        "kind": "postgresql",
        "host": "127.0.0.1",
        "port": str(urlsplit(url).port),
        "database": "shop",
        "user": "owner",
    }
    owner.get("/data")
    owner.post("/data", **form, password="not the password")
    page = brought(owner)
    assert "source.unreachable" in settled(owner, page)
    owner.get(page)
    owner.post(f"{page}/again", password=password)
    assert "members" in settled(owner, page)
    owner.get(page)
    owner.post(f"{page}/discard")
    assert not list((served.home / "tmp" / "intake").iterdir())
    owner.post("/data", **form, password=password)
    page = brought(owner)
    assert "members" in settled(owner, page)
    (kept,) = (served.home / "tmp" / "intake").iterdir()
    assert {one.name: one.stat().st_mode & 0o777 for one in kept.iterdir()} == {"source": 0o600}
    assert holding(served.home, password) == []
    owner.post(f"{page}/change", do="confirm-all", table="public.members", shown=owner.field("shown"))
    owner.post(f"{page}/sign", shown=owner.field("shown"))
    owner.post("/recovery", do="waive", vault="main", intake=page.rpartition("/")[2])
    owner.get(page)
    owner.post(f"{page}/seal", vault="main")
    assert re.search(r"Rows met.*?<b>50</b>.*?<b>50</b>.*?<b>0</b>", settled(owner, page), re.DOTALL), owner.page
    assert not kept.exists()
    assert holding(served.home, password) == []


def brought(owner: Visitor) -> str:
    """Where the newest of what was brought in is."""
    found = re.search(r'href="(/data/[0-9a-f]{32})"', owner.get("/data"))
    assert found is not None, owner.page
    return found[1]


def settled(owner: Visitor, page: str) -> str:
    """That page, or the job's, when no job is at work on it any more."""
    late = time.monotonic() + 180
    while time.monotonic() < late:
        owner.get(page)
        if "hx-get" not in owner.page:
            return owner.page
        time.sleep(0.3)
    raise AssertionError(owner.page)


def holding(home: Path, secret: str) -> list[Path]:
    return [one for one in home.rglob("*") if one.is_file() and secret.encode() in one.read_bytes()]


@pytest.mark.parametrize(("hosts", "servers", "form", "told"), [
    ("", "", FORM.format(host="db", port=5433), "postgresql://reader@db:5433/shop"),
    ("", "", FORM.format(host="db", port="") + "&tls=verify", "postgresql://reader@db:5432/shop?tls=verify"),
    ("console.example", "", FORM.format(host="127.0.0.1", port=5432), "console.server"),
    ("console.example", "", FORM.format(host="169.254.169.254", port=80), "console.server"),
    ("console.example", "db:5432", FORM.format(host="db", port=5432), "postgresql://reader@db:5432/shop"),
    ("console.example", "db:5432", FORM.format(host="db", port=5433), "console.server"),
    ("console.example", "db:5432", FORM.format(host="db:5432/x?@evil", port=5432), "console.database"),
    ("", "", FORM.format(host="user:pw@db", port=5432), "console.database"), ("", "", FORM.format(host="db", port=99999), "console.database"),
    ("", "", FORM.format(host="db", port=1).replace("postgresql", "sqlite"), "console.database"),
    ("", "", FORM.format(host="db", port=1).replace("shop", "a/../b?socket=/run"), "postgresql://reader@db:1/a%2F..%2Fb%3Fsocket%3D%2Frun"),
])  # fmt: skip
def test_e5_a_form_asks_no_server_that_it_may_not(tmp_path, hosts, servers, form, told):
    """On the host itself whatever the host reaches; through a proxy only servers that its own people named, by name and port; no part of a form becomes another part of the address."""
    env = {
        **os.environ,
        "CUSTODY_HOME": str(tmp_path),
        "CUSTODY_CONSOLE_HOSTS": hosts,
        "CUSTODY_CONSOLE_DATABASES": servers,
        "DJANGO_SETTINGS_MODULE": "custody.web.settings",
    }
    done = subprocess.run([sys.executable, "-c", ASKED, form], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == told


def test_e5_a_password_is_forgotten_a_while_after_it_was_used(tmp_path):
    """Then memory has it no more, nothing is read, and it is asked for again; the folder never held it."""
    env = {**os.environ, "CUSTODY_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "custody.web.settings"}
    words = [sys.executable, "-c", FORGOTTEN, str(tmp_path / "intake")]
    done = subprocess.run(words, env=env, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["a password False", "typed again", "True {}", "console.forgotten"]
    assert [one.name for one in (tmp_path / "intake").iterdir()] == ["source"]
