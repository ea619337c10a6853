"""The console's settings: a database of its own on a server, a proxy before it; and what it says of its health."""

import json
import sqlite3

import pytest

from tests.web.serving import found, serve
from tests.web.visitor import Visitor

OWN = "书屋门前有一棵老树"


@pytest.mark.part("postgresql")
def test_its_rows_may_lie_on_postgresql(postgres, tmp_path):
    """Accounts live on the server and outlive the process; the home has no console.db, and no setting holds the password."""
    url, secret, run = postgres
    run("CREATE DATABASE console")
    passfile = tmp_path / "pgpass"
    passfile.write_text(f"*:*:*:owner:{secret.read_text().strip()}\n")
    passfile.chmod(0o600)
    store = url.replace("/postgres", "/console") + f"?passfile={passfile}"
    home = tmp_path / "home"
    with serve(home, CUSTODY_CONSOLE_STORE=store) as running:
        assert "No data yet" in found(Visitor(running.base), running.first, OWN).page
    with serve(home, CUSTODY_CONSOLE_STORE=store) as running:
        visitor = Visitor(running.base)
        visitor.sign_in("suhe", OWN)
        assert visitor.at == running.base + "/"
    assert not (home / "console.db").exists()


def test_behind_a_proxy_it_speaks_tls_alone(tmp_path):
    """By another name nothing passes without TLS before it; cookies are secure, the answer asks for TLS from then on; health stays plain."""
    with serve(tmp_path / "home", CUSTODY_CONSOLE_HOSTS="console.example") as running:
        visitor = Visitor(running.base)
        visitor.headers = {"Host": "console.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}
        visitor.get(running.first)
        assert visitor.status == 200
        assert "max-age=31536000" in visitor.said["Strict-Transport-Security"]
        cookies = visitor.said.get_all("Set-Cookie")
        assert cookies
        assert all("Secure" in one and "HttpOnly" in one for one in cookies)
        visitor.headers = {"Host": "elsewhere.example", "X-Forwarded-Proto": "https"}
        visitor.get("/health")
        assert visitor.status == 400
        visitor.headers = {"Host": "console.example"}
        visitor.get("/health")
        assert visitor.status == 200


def test_it_says_whether_it_is_alive_and_ready(tmp_path):
    """Alive is the process; ready tells whether a home was made; neither tells more."""
    with serve(tmp_path / "home") as running:
        visitor = Visitor(running.base)
        assert json.loads(visitor.get("/health")) == {"ok": True}
        assert json.loads(visitor.get("/ready")) == {"ok": True, "home": False}
        found(visitor, running.first, OWN)
        assert json.loads(visitor.get("/ready")) == {"ok": True, "home": True}
        assert sqlite3.connect(running.home / "console.db").execute(
            "SELECT count(*) FROM console_person"
        ).fetchone() == (1,)
        aside = (running.home / "core.db").rename(running.home / "aside.db")
        (running.home / "core.db").mkdir()  # whatever a store is that does not open
        told = json.loads(visitor.get("/ready"))
        assert (visitor.status, told) == (503, {"ok": False, "home": True})
        (running.home / "core.db").rmdir()
        aside.rename(running.home / "core.db")
        assert json.loads(visitor.get("/ready")) == {"ok": True, "home": True}


def test_every_page_forbids_what_it_does_not_need(tmp_path):
    """Content policy by nonce, no frames, no sniffing, no cache, no referrer to others."""
    with serve(tmp_path / "home") as running:
        visitor = Visitor(running.base)
        visitor.get(running.first)
        said = visitor.said
        assert "'unsafe" not in said["Content-Security-Policy"]
        assert "default-src 'none'" in said["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in said["Content-Security-Policy"]
        assert said["X-Frame-Options"] == "DENY"
        assert said["X-Content-Type-Options"] == "nosniff"
        assert said["Cache-Control"] == "no-store"
        assert said["Referrer-Policy"] == "same-origin"
