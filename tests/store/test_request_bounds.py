"""Requests of a store of before: the recommended day is told apart from law, and what a law wants without delay is so again."""

import sqlalchemy as sa

from custody.adapters.stores import migrate
from custody.adapters.stores.schema import METADATA
from custody.adapters.stores.sql import database

BEFORE = (
    "id",
    "ref",
    "matter",
    "vault",
    "subject",
    "kind",
    "channel",
    "proof",
    "state",
    "received_at",
    "due_at",
    "rule",
    "closed_at",
    "position",
)
DAY = "2026-05-01T00:00:00.000000Z"
ROWS = (
    ("req_1", "copy", DAY, "CN-STD-35273-REQ", (1, "CN-RIGHT-45", "", "CN-RIGHT-45", DAY, DAY)),
    ("req_2", "object", DAY, "CN-STD-35273-REQ", (0, "", "", "", DAY, DAY)),
    ("req_3", "copy", DAY, "EU-ACCESS-15", (0, "", DAY, "EU-ACCESS-15", "", DAY)),
    ("req_4", "access", "", "CN-RIGHT-45", (1, "CN-RIGHT-45", "", "CN-RIGHT-45", "", "")),
    ("req_5", "explain", "", "", (0, "", "", "", "", "")),
)  # fmt: skip


def test_what_a_standard_hid_is_law_again(at):
    """On both stores: the columns come, and each request of before says what the law of its day said."""
    base = database(at.url, at.secret)
    migrate.upgrade(base, "0025_request_act")
    table = METADATA.tables["request"]
    with base.engine.begin() as connection:
        table.drop(connection)
        old = sa.Table(
            "request", sa.MetaData(), *(sa.Column(name, table.c[name].type, nullable=False) for name in BEFORE)
        )
        old.create(connection)
        connection.execute(old.insert(), [
            {**dict.fromkeys(BEFORE, ""), "id": name, "kind": kind, "due_at": due, "rule": rule, "subject": b"", "position": 0}
            for name, kind, due, rule, _ in ROWS
        ])  # fmt: skip
    migrate.upgrade(base)
    with base.engine.connect() as connection:
        for name, *_, expected in ROWS:
            row = connection.execute(sa.select(table).where(table.c.id == name)).mappings().one()
            assert (
                tuple(row[one] for one in ("at_once", "prompt", "due_at", "rule", "advised_at", "last_at")) == expected
            ), name
        assert {one["name"] for one in sa.inspect(connection).get_indexes("request")} == {
            one.name for one in table.indexes
        }
    base.engine.dispose()
