"""What anybody may type, wherever it can be typed: no page breaks by it, on SQLite nor on PostgreSQL, and nothing is kept by halves."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.access.staff import founded, passphrase
from tests.web.company import Company
from tests.web.serving import Served, serve
from tests.web.test_permissions import routes
from tests.web.typed import Typing, names_of_queries
from tests.web.visitor import Visitor

LONG = "ouyang-zhuge-xiaoming-hangzhou"
"""A sign-in name longer than a deal's reference."""
PEOPLE = {"zhouning": "privacy", "limo": "data", LONG: "department"}
STORES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.part("postgresql"))]


@contextmanager
def kept_in(store: str, home: Path, request: pytest.FixtureRequest) -> Iterator[Served]:
    """The console of this home, whose own rows lie in that store."""
    if store == "sqlite":
        with serve(home) as running:
            yield running
        return
    url, secret, run = request.getfixturevalue("postgres")
    name = f"texts_{home.parent.name.replace('-', '_')}"
    run(f"CREATE DATABASE {name}")
    passfile = home.parent / "pgpass"
    passfile.write_text(f"*:*:*:owner:{secret.read_text().strip()}\n")
    passfile.chmod(0o600)
    with serve(home, CUSTODY_CONSOLE_STORE=url.replace("/postgres", f"/{name}") + f"?passfile={passfile}") as running:
        yield running


@pytest.fixture(params=STORES)
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A company of a few people."""
    with kept_in(request.param, founded(tmp_path_factory.mktemp("office") / "home", PEOPLE), request) as running:
        yield running


@pytest.fixture(params=STORES)
def copied(
    request: pytest.FixtureRequest, seller: Company, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Served, Company]]:
    """The seller up to the gate, in a home of its own: what is typed here stays here."""
    home, mine = tmp_path_factory.mktemp("texts") / "seller", seller.where / "seller"
    shutil.copytree(mine, home, ignore=shutil.ignore_patterns("core.db*", "console.db*"))
    with closing(sqlite3.connect(mine / "core.db")) as one, closing(sqlite3.connect(home / "core.db")) as other:
        one.backup(other)
    with kept_in(request.param, home, request) as running:
        yield running, seller


def enters(office: Served, handle: str) -> Visitor:
    made = Visitor(office.base)
    made.sign_in(handle, passphrase(handle))
    return made


def asks(owner: Visitor, handle: str) -> None:
    """A second role for somebody."""
    page = f"/people/{handle}/roles"
    owner.get(page)
    owner.post(page, step="look", role=["department", "data"])
    owner.post(page, step="ask", role=["department", "data"], content=owner.field("content"))


def test_a1_who_may_confirm_is_told_whatever_the_name_is(office: Served):
    """The role of somebody with a long sign-in name: asked without a fault, and it stands in the second person's inbox."""
    owner, second = enters(office, "suhe"), enters(office, "zhouning")
    asks(owner, LONG)
    assert owner.status == 200
    assert f"/people/{LONG}/roles" in second.get("/inbox")


def test_what_is_typed_is_kept_as_one_line_that_can_be_seen(office: Served):
    """Names of people and channels: without signs that turn the line about, and a name of nothing else is none; an address of mail no longer than one may be."""
    owner = enters(office, "suhe")
    owner.get("/people")
    owner.post("/people", shown="\u202eWang\u200b Fang", handle="wangfang", role="department")
    assert "Wang Fang" in owner.get("/people")
    owner.post("/people", shown="\u202e\u200b", handle="unseen", role="department")
    assert "Nothing of this name can be seen" in owner.page
    assert "unseen" not in owner.get("/people")
    owner.get("/channels")
    owner.post("/channels", do="mine", mail="a" * 300 + "@example.com")
    assert 'data-slug="notify.mail"' in owner.page
    owner.post("/channels", do="new", kind="webhook", name="\u202e", url="https://hooks.example.com/x", people="1")
    assert 'data-slug="notify.name"' in owner.page


def test_nobody_is_asked_by_halves(tmp_path: Path):
    """Where those who confirm cannot be told, nothing is asked: the page says so, and the next try asks them."""
    with serve(founded(tmp_path / "home", PEOPLE)) as running:
        owner, second = enters(running, "suhe"), enters(running, "zhouning")
        with closing(sqlite3.connect(running.home / "console.db")) as rows:
            rows.execute("CREATE TRIGGER full BEFORE INSERT ON console_notice BEGIN SELECT RAISE(ABORT, 'full'); END")
            rows.commit()
            asks(owner, "limo")
            assert owner.status == 500
            assert rows.execute("SELECT count(*) FROM console_ask").fetchone() == (0,)
            rows.execute("DROP TRIGGER full")
            rows.commit()
        asks(owner, "limo")
        assert owner.status == 200
        assert "/people/limo/roles" in second.get("/inbox")


def test_no_page_breaks_by_what_is_typed(copied: tuple[Served, Company], tmp_path: Path):
    """Every route with a NUL and with far too much in its path and its query, and every form's every field likewise: no fault of custody's own."""
    served, company = copied
    typing = Typing(Visitor(served.base), "suhe", company.passphrase("suhe"))
    patterns = routes(tmp_path)
    queries = names_of_queries()
    assert len(patterns) > 90
    assert len(queries) > 15
    typing.addresses(patterns, queries)
    typing.forms(patterns)
    assert typing.sent > 300
    assert typing.faults == []
