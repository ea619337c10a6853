"""Database servers: read-only, in one snapshot, as text, foreign keys and all, with nothing left out silently."""

from pathlib import Path

import pytest
from reading import whole

from custody.adapters.sources.database import open_database, parse
from custody.adapters.sources.opener import FileOpener
from custody.base.errors import CustodyError, Malformed, Unavailable
from custody.services.scan import scan

PG = (
    "CREATE SCHEMA IF NOT EXISTS crm",
    "CREATE TABLE crm.customer (id text PRIMARY KEY, name text, born date, spent numeric(30,10), seen timestamptz, photo bytea, tags text[], doc jsonb)",
    """INSERT INTO crm.customer VALUES
       ('0622', '王芳', '1990-01-05', 12345678901234567890.1234567890, '2024-01-05 10:00+08', '\\xff00', '{a,"b,c"}', '{"x": 1.10}'),
       ('0007', E'多行\n"备注"', NULL, NULL, NULL, NULL, NULL, NULL), ('0008', '', 'infinity', 0, NULL, '', '{}', 'null')""",
    'CREATE TABLE crm."Order" (no bigint, customer text REFERENCES crm.customer (id), "备注, 列" text)',
    "INSERT INTO crm.\"Order\" VALUES (12345678901234567, '0622', NULL), (2, '0007', '')",
    "CREATE TABLE crm.part (id int, y int) PARTITION BY RANGE (y)",
    "CREATE TABLE crm.part_1 PARTITION OF crm.part FOR VALUES FROM (0) TO (10)",
    "INSERT INTO crm.part VALUES (1, 1), (2, 2)",
    "CREATE TABLE crm.single (one text)",
    "INSERT INTO crm.single VALUES (NULL), (''), ('x')",
    "CREATE TABLE crm.hollow (a int)",
    "CREATE VIEW crm.seen AS SELECT * FROM crm.customer",
    "CREATE ROLE clerk LOGIN PASSWORD 'geheim-1'",
    "GRANT USAGE ON SCHEMA crm TO clerk",
    "GRANT SELECT ON crm.part, crm.single TO clerk",
    "ALTER TABLE crm.single ENABLE ROW LEVEL SECURITY",
)  # fmt: skip


@pytest.fixture(scope="module")
def crm(postgres):
    url, secret, run = postgres
    run(*PG)
    return url, secret, run


@pytest.mark.part("postgresql")
def test_postgres_gives_text_as_written(crm):
    """Codes keep their zeros, decimals their digits, NULL is not the empty text, quotes and newlines stay."""
    url, secret, _ = crm
    source = open_database(url, secret)
    heads = {head.name: head for head in source.heads()}
    assert heads["crm.customer"].primary_key == ("id",)
    assert [(key.column, key.to_table, key.to_column) for key in heads["crm.Order"].foreign_keys] == [("customer", "crm.customer", "id")]  # fmt: skip
    found, _ = whole(source, "crm.customer")
    assert found[1] == ("0007", '多行\n"备注"', None, None, None, None, None, None)
    assert found[2] == ("0008", "", "infinity", "0.0000000000", None, "\\x", "{}", "null")
    assert found[3] == ("0622", "王芳", "1990-01-05", "12345678901234567890.1234567890", "2024-01-05 02:00:00+00", "\\xff00", '{a,"b,c"}', '{"x": 1.10}')  # fmt: skip
    assert whole(source, "crm.Order")[0] == {1: ("12345678901234567", "0622", None), 2: ("2", "0007", "")}
    assert whole(source, "crm.single")[0] == {1: (None,), 2: ("",), 3: ("x",)}
    assert whole(source, "crm.part")[0] == {1: ("1", "1"), 2: ("2", "2")}
    assert whole(source, "crm.hollow")[0] == {}
    assert [(one.table, one.reason) for one in source.skipped()] == [("crm.seen", "table.view")]
    source.close()


@pytest.mark.part("postgresql")
def test_postgres_is_read_in_one_snapshot(crm):
    """Rows that come after the source was opened are in no later reading of it; nothing can be written through it."""
    url, secret, run = crm
    source = open_database(url, secret)
    before = whole(source, "crm.part")[0]
    run("INSERT INTO crm.part VALUES (3, 3)")
    assert whole(source, "crm.part")[0] == before
    for _ in source.read("crm.customer", lambda _: None):
        break  # a reader that stops halfway
    assert whole(source, "crm.part")[0] == before
    with source._reading() as cursor, pytest.raises(Exception, match="read-only"):
        cursor.execute("DELETE FROM crm.part")
    source.close()
    run("DELETE FROM crm.part WHERE id = 3")


@pytest.mark.part("postgresql")
def test_postgres_tells_what_it_may_not_read(crm):
    """A table without rights, and one whose policy hides rows, are told as not looked at, never read in part."""
    url, secret, _ = crm
    source = open_database(url.replace("owner@", "clerk@"), secret)
    assert [head.name for head in source.heads()] == ["crm.part"]
    assert {(one.table, one.reason) for one in source.skipped()} == {
        ("crm.Order", "table.denied"), ("crm.customer", "table.denied"), ("crm.hollow", "table.denied"),
        ("crm.seen", "table.view"), ("crm.single", "table.row-security"),
    }  # fmt: skip
    source.close()


@pytest.mark.part("postgresql")
def test_a_scan_of_a_database_names_no_user_and_no_password(crm):
    """Neither the result, the data map nor an error holds the user or the password."""
    url, secret, _ = crm
    found = scan(FileOpener(password=secret), [url])
    text = repr(found.datamap) + repr(found.result)
    assert "crm.customer" in text
    assert "geheim" not in text
    assert "owner@" not in text
    with pytest.raises(Unavailable) as refused:
        open_database(url.replace("owner@", "nobody-known@"), secret)
    assert refused.value.slug == "source.unreachable"
    assert "nobody-known" not in repr(refused.value.envelope())


SHOP = (
    "CREATE TABLE customer (id varchar(20) PRIMARY KEY, name varchar(50), born date, spent decimal(40,10), on_ bit(8), raw blob, doc json, at point)",
    "INSERT INTO customer VALUES ('0622', '王𠮷', '0000-00-00', 1.5, b'10000001', x'ff00', '{\"a\": 1}', ST_GeomFromText('POINT(1 2)')), ('0007', NULL, NULL, NULL, NULL, NULL, NULL, NULL)",
    "CREATE TABLE `or``der` (no bigint unsigned, customer varchar(20), FOREIGN KEY (customer) REFERENCES customer (id))",
    "INSERT INTO `or``der` VALUES (18446744073709551615, '0622')",
    "CREATE VIEW seen AS SELECT id FROM customer",
    "CREATE TABLE hollow (a int)",
)  # fmt: skip


@pytest.fixture(scope="module")
def shop(mariadb):
    url, secret, run = mariadb
    run("SET sql_mode=''", *SHOP, database="shop")
    return url, secret, run


@pytest.mark.part("mariadb")
def test_mariadb_gives_text_as_written(shop):
    """Zero dates, decimals and unsigned numbers are the server's own text; bytes are bytes; NULL is none."""
    url, secret, _ = shop
    source = open_database(url, secret)
    heads = {head.name: head for head in source.heads()}
    assert [(key.column, key.to_table, key.to_column) for key in heads["shop.or`der"].foreign_keys] == [("customer", "shop.customer", "id")]  # fmt: skip
    found, _ = whole(source, "shop.customer")
    assert found[1] == ("0007", None, None, None, None, None, None, None)
    assert found[2] == ("0622", "王𠮷", "0000-00-00", "1.5000000000", "129", b"\xff\x00", '{"a": 1}', "POINT(1 2)")
    assert whole(source, "shop.or`der")[0] == {1: ("18446744073709551615", "0622")}
    assert whole(source, "shop.hollow")[0] == {}
    assert [(one.table, one.reason) for one in source.skipped()] == [("shop.seen", "table.view")]
    source.close()


@pytest.mark.part("mariadb")
def test_mariadb_is_read_in_one_snapshot(shop):
    """Rows that come after the source was opened are in no later reading; nothing can be written through it."""
    url, secret, run = shop
    source = open_database(url, secret)
    before = whole(source, "shop.or`der")[0]
    run("INSERT INTO `or``der` VALUES (1, '0007')", database="shop")
    for _ in source.read("shop.customer", lambda _: None):
        break
    assert whole(source, "shop.or`der")[0] == before
    with source._session.cursor() as cursor, pytest.raises(Exception, match=r"READ ONLY|denied"):
        cursor.execute("DELETE FROM hollow")
    source.close()


@pytest.mark.part("mariadb")
def test_a_wrong_password_is_told_without_it(shop, tmp_path: Path):
    """Being refused by a server is an error of the world that holds neither user nor password."""
    url, _, _ = shop
    wrong = tmp_path / "wrong"
    wrong.write_text("falsch-9\n")
    wrong.chmod(0o600)
    with pytest.raises(Unavailable) as refused:
        open_database(url, wrong)
    assert refused.value.slug == "source.unreachable"
    assert "falsch" not in repr(refused.value.envelope())
    assert "reader" not in repr(refused.value.envelope())


@pytest.mark.parametrize(
    ("url", "slug"),
    [
        ("postgresql://me:secret@127.0.0.1/shop", "source.password-in-url"),
        ("oracle://me@127.0.0.1/shop", "source.url"),
        ("mysql://me@127.0.0.1", "source.url"),
        ("mysql://me@127.0.0.1/shop?password=secret", "source.url"),
        ("mysql://me@127.0.0.1:x/shop", "source.url"),
        ("mysql://me@127.0.0.1/shop?tls=maybe", "source.url"),
    ],
)
def test_a_url_that_is_not_of_the_form_is_refused(url: str, slug: str):
    """A password in a URL, an unknown server, a missing database and unknown settings are refused, unrepeated."""
    with pytest.raises(Malformed) as refused:
        parse(url, None)
    assert refused.value.slug == slug
    assert "secret" not in repr(refused.value.envelope())


def test_a_password_file_that_others_can_read_is_refused(tmp_path: Path):
    """A password must stand in a file that its owner alone can read."""
    loose = tmp_path / "loose"
    loose.write_text("x\n")
    loose.chmod(0o644)
    with pytest.raises(CustodyError) as refused:
        parse("mysql://me@127.0.0.1/shop", loose)
    assert refused.value.slug == "home.passphrase"


def test_other_hosts_are_reached_encrypted():
    """Beyond this host the connection is encrypted unless the URL says otherwise; the label holds no user."""
    assert parse("mysql://me@db.example.net/shop", None).tls == "on"
    assert parse("mysql://me@127.0.0.1/shop", None).tls == "off"
    server = parse("postgresql://me@db.example.net:6000/shop?tls=verify", None)
    assert (server.tls, server.label) == ("verify", "postgresql://db.example.net:6000/shop")
