"""A migration that is killed at any statement has not happened; the next opening does it whole. One chain, on both stores."""

import os
import random
import signal
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine, event

from custody.acts.entries import positions
from custody.adapters.stores import migrate
from custody.adapters.stores.schema import METADATA
from custody.adapters.stores.sql import database
from custody.base import canonical
from tests.points import watched
from tests.store import older

SEED = 20260316
POINTS = 4
FIRST = "0001"
CHANGED = frozenset(("alembic_version", "lease", "entry_about"))
"""Where the migrations themselves write."""
FIRST = "0001"
CHANGED = frozenset(("alembic_version", "lease", "entry_about"))
"""Where the migrations themselves write."""
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a process that can be forked and killed")


def bring(at, revision: str) -> None:
    """Migrate, in this process."""
    base = database(at.url, at.secret)
    migrate.upgrade(base, revision)
    base.engine.dispose()


def killed_at(at, point: int, told: Path) -> bool:
    """Open the store in a process that dies after statement `point`; whether it died. `told` gets how many there are."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        met = [0]

        def after(*_: object) -> None:
            met[0] += 1
            if met[0] == point:
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(Engine, "after_cursor_execute", after)
        at.open().close()
        told.write_text(str(met[0]), encoding="utf-8")
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def stands(at) -> tuple[str | None, int]:
    """(revision, how many of our tables are there), as somebody sees who looks with other tools."""
    base = database(at.url, at.secret)
    with base.engine.connect() as connection:
        names = set(sa.inspect(connection).get_table_names()) & set(METADATA.tables)
        revision = migrate.MigrationContext.configure(connection).get_current_revision()
    base.engine.dispose()
    return revision, len(names)


def test_there_is_one_chain():
    """No two migrations follow the same one."""
    assert migrate.newest() is not None


@pytest.mark.parametrize("before", [None, FIRST])
def test_a_migration_that_is_killed_has_not_happened(at, before: str | None, tmp_path: Path):
    """From an empty store and from a full one of the first release, killed at a seeded few of its statements: no row is other than it was."""
    killed_everywhere(at, before, tmp_path, POINTS if at.secret is None else POINTS // 2)


@pytest.mark.soak
@pytest.mark.parametrize("before", [None, *(one.revision for one in older.scripts()[:-1])])
def test_every_statement_of_every_migration(at, before: str | None, tmp_path: Path):
    """From a full store of every earlier release, killed at every statement."""
    killed_everywhere(at, before, tmp_path, None)


def killed_everywhere(at, before: str | None, tmp_path: Path, few: int | None) -> None:
    """Kill the migration from `before` at a few of its statements, or at each; let it end, and compare with one that nobody killed."""
    # How many statements there are, and what comes of them, is learnt on another store, which is then thrown away.
    other = type(at)(at.url.replace("core.db", "other.db") if at.secret is None else f"{at.url}_other", at.secret)
    for one in (at, other) if before else ():
        older.make(one, before)
    old, rows, whole = stands(at), older.content(at), (migrate.newest(), len(METADATA.tables))
    assert old[0] == before
    assert not killed_at(other, 0, tmp_path / "told")
    total, wanted = int((tmp_path / "told").read_text(encoding="utf-8")), older.content(other)
    assert {name: wanted[name] for name in rows if name not in CHANGED} == {
        name: told for name, told in rows.items() if name not in CHANGED
    }
    for point in sorted(random.Random(SEED).sample(range(1, total + 1), min(few or total, total))):
        assert killed_at(at, point, tmp_path / "told")
        found = stands(at)
        assert found in (old, whole), point
        assert older.content(at) == (rows if found == old else wanted), point
    watched(
        f"migration from {before or 'nothing'} ({'sqlite' if at.secret is None else 'postgresql'})",
        min(few or total, total),
        total,
    )
    at.open().close()
    assert stands(at) == whole
    assert older.content(at) == wanted
    if before:
        assert {name for name in rows if not rows[name]} == set()


def test_opening_a_store_twice_migrates_once(at, tmp_path: Path):
    """The second opening finds the schema and asks for little more than its revision."""
    at.open().close()
    assert not killed_at(at, 0, tmp_path / "told")
    assert int((tmp_path / "told").read_text(encoding="utf-8")) < 8


def test_what_older_entries_are_about_is_noted_as_a_store_is_brought_up(at):
    """A ledger of an earlier release is found by key afterwards: by what its entries say, and by openings in clear."""
    bring(at, "0015_corrections")
    told = [
        ({"matter": "mat_1", "principal": "prn_1"}, b"{}"),
        ({}, b'{"matter":"mat_2"}'),
        ({"principal": "prn_1"}, b""),
    ]
    entries = [
        {"space": "s", "position": place, "entry": canonical.encode({"kind": "x", "says": says}), "hash": b""}
        for place, (says, _) in enumerate(told)
    ]
    base = database(at.url, at.secret)
    with base.engine.begin() as connection:
        connection.execute(sa.insert(METADATA.tables["ledger_entry"]), entries)
        openings = [{"space": "s", "position": place, "salt": b"", "detail": one[1]} for place, one in enumerate(told)]
        connection.execute(sa.insert(METADATA.tables["opening"]), openings)
    base.engine.dispose()
    store = at.open()
    with store.read() as tx:
        found = {
            key: positions(tx, "s", *key) for key in (("matter", "mat_1"), ("matter", "mat_2"), ("principal", "prn_1"))
        }
    store.close()
    assert list(found.values()) == [[0], [1], [2, 0]]


def test_nobody_is_shut_out_of_a_deal_as_a_store_is_brought_up(at):
    """Whoever acts in the company is a member of its deals afterwards: not who left, nor a machine, nor another company's; who sees every deal needs no row."""
    bring(at, "0030_guardian_paper")
    people = [("o", "p", "owner", ""), ("a", "p", "advisor", ""), ("d", "p", "data,department", ""), ("gone", "p", "data", "2026-01-01"),
              ("m", "p", "api,department", ""), ("other", "q", "data", "")]  # fmt: skip
    base = database(at.url, at.secret)
    with base.engine.begin() as connection:
        METADATA.tables["deal_member"].drop(connection, checkfirst=True)
        matters = [
            {"id": "m1", "party": "p", "kind": "deal"},
            {"id": "m2", "party": "p", "kind": "deal"},
            {"id": "i", "party": "p", "kind": "incident"},
        ]
        connection.execute(sa.insert(METADATA.tables["matter"]), matters)
        rows = [{"id": one, "party": party, "roles": roles, "revoked_at": gone} for one, party, roles, gone in people]
        connection.execute(sa.insert(METADATA.tables["principal"]), rows)
    base.engine.dispose()
    store = at.open()
    with store.read() as tx:
        found = [
            (row["matter"], row["principal"], row["ended_at"])
            for row in tx.find("deal_member", order=("matter", "principal"))
        ]
    store.close()
    assert found == [("m1", "a", ""), ("m1", "d", ""), ("m2", "a", ""), ("m2", "d", "")]


@pytest.mark.parametrize("before", [None, FIRST, "0032_deal_member"])
def test_a_store_that_is_brought_up_has_every_index(at, before: str | None):
    """Also of tables that an earlier release made."""
    if before:
        older.make(at, before)
    at.open().close()
    base = database(at.url, at.secret)
    names = {name: {one["name"] for one in sa.inspect(base.engine).get_indexes(name)} for name in METADATA.tables}
    base.engine.dispose()
    assert names == {name: {one.name for one in table.indexes} for name, table in METADATA.tables.items()}


def test_whether_a_key_was_erased_is_asked_of_an_index(at):
    """Each key of a later release is asked for: by passages over all that was ever erased here a second part of a million people took hours."""
    at.open().close()
    base = database(at.url, at.secret)
    explain, table = "EXPLAIN" if at.secret else "EXPLAIN QUERY PLAN", METADATA.tables["erasure"]
    asked = sa.select(table.c.key_id).where(table.c.vault == "v", table.c.key_id.in_([b"1" * 16, b"2" * 16]))
    said = asked.compile(base.engine, compile_kwargs={"render_postcompile": True})
    with base.engine.begin() as connection:
        if at.secret:
            connection.execute(sa.text("SET LOCAL enable_seqscan = off"))  # the table is empty
        plan = str(
            connection.exec_driver_sql(
                f"{explain} {said}",
                said.construct_params()
                if at.secret
                else tuple(said.construct_params()[name] for name in said.positiontup),
            ).all()
        )
    base.engine.dispose()
    assert "ix_erasure_vault_key_id" in plan
