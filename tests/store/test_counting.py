"""What the store says it holds is what it holds, after any writes, and is not found out by counting."""

from collections import Counter
from random import Random

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine, event

from custody.adapters.stores.schema import METADATA
from custody.adapters.stores.sql import database
from tests.store.test_migrations import bring

SEED = 20261126
KINDS, STATES = ("customer", "staff", ""), ("live", "erased", "")


def write(tx, chance: Random) -> None:
    """One write of some kind, of one person or of many."""
    vault, state = chance.choice("vw"), chance.choice(STATES)
    match chance.randrange(5):
        case 0:
            names = {chance.randrange(10**9).to_bytes(16) for _ in range(chance.choice((1, 40, 300)))}
            tx.add(
                "subject",
                [{"vault": vault, "id": name, "kind": chance.choice(KINDS), "state": state} for name in names],
            )
        case 1:
            tx.change("subject", {"state": state, "facts": b"x"}, vault=vault, kind=chance.choice(KINDS))
        case 2:
            found = tx.first("subject", 1, order=("-id",), vault=vault)
            tx.change(
                "subject",
                {"state": state, "kind": chance.choice(KINDS)},
                vault=vault,
                id=found[0]["id"] if found else b"",
            )
        case 3:
            tx.drop("subject", vault=vault, state=state)
        case _:
            found = tx.first("subject", 3, order=("id",), vault=vault)
            tx.drop_many("subject", [{"vault": vault, "id": row["id"]} for row in found])


def write_and_fail(store, chance: Random) -> None:
    """A write that is rolled back."""
    with store.write() as tx:
        write(tx, chance)
        raise LookupError


def agree(tx) -> None:
    """By every column or some, the numbers are those of the rows."""
    rows = tx.find("subject")
    for vault in "vwx":
        told = Counter(str(row["kind"]) for row in rows if row["vault"] == vault)
        assert tx.counts("subject", "kind", vault=vault) == dict(sorted(told.items()))
        assert tx.count("subject", vault=vault) == told.total()
        for kind in KINDS:
            mine = [row for row in rows if (row["vault"], row["kind"]) == (vault, kind)]
            assert tx.count("subject", vault=vault, kind=kind, state="live") == sum(
                row["state"] == "live" for row in mine
            )
    assert tx.count("subject") == len(rows)


def test_the_count_is_that_of_the_rows_after_any_writes(store):
    """Added, changed, dropped, one by one and in bulk, also within the transaction that writes; what was rolled back never counts."""
    chance = Random(SEED)
    for n in range(40):
        with store.write() as tx:
            write(tx, chance)
            if n % 3 == 0:
                agree(tx)
            write(tx, chance)
        with pytest.raises(LookupError):
            write_and_fail(store, chance)
        with store.read() as tx:
            agree(tx)


def test_a_count_reads_no_row_of_the_table(store):
    """However many customers and messages there are, the question touches neither."""
    with store.write() as tx:
        tx.add("subject", [{"vault": "v", "id": n.to_bytes(16), "kind": "customer", "state": "live"} for n in range(9)])
        tx.add("sending", [{"campaign": "c", "subject": n.to_bytes(16), "state": "sent"} for n in range(5)])
    asked = list[str]()

    def note(*told: object) -> None:
        asked.append(str(told[2]))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        with store.read() as tx:
            assert tx.count("subject", vault="v", kind="customer", state="live") == 9
            assert tx.count("sending", campaign="c", state="sent") == 5
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert not [text for text in asked if "FROM subject" in text or "FROM sending" in text]


def test_a_restore_takes_no_count_from_elsewhere(store):
    """What a backup is told of the store has the people and not their number, which is kept anew as they come."""
    with store.read() as tx:
        assert {"subject", "sending"} <= tx.tables().keys()
        assert "row_count" not in tx.tables()


def test_an_older_store_is_counted_once(at):
    """A store of an earlier release says how many it holds as soon as it is opened."""
    bring(at, "0023_residency_exception")
    base = database(at.url, at.secret)
    rows = [
        {"vault": "v", "id": n.to_bytes(16), "kind": "customer", "state": "live" if n else "erased"} for n in range(7)
    ]
    with base.engine.begin() as connection:
        connection.execute(sa.insert(METADATA.tables["subject"]), rows)
    base.engine.dispose()
    store = at.open()
    with store.read() as tx:
        assert tx.count("subject", vault="v", state="live") == 6
        agree(tx)
    store.close()


def test_what_is_on_file_is_counted_by_kind_and_place(store):
    """Added, dropped and changed: the kept numbers are those of the rows, and no row of a person is read."""
    chance, asked = Random(SEED), list[str]()
    rows = {
        (chance.choice("mn"), bytes([chance.randrange(40)]), chance.choice((-1, 1)), chance.choice("ab"))
        for _ in range(200)
    }
    names = ("matter", "subject", "compartment", "type")
    with store.write() as tx:
        tx.add("evidence", [dict(zip(names, row, strict=True)) for row in rows])
        for gone in range(9):
            tx.drop("evidence", matter="m", subject=bytes([gone]), type="a")
    left = [row for row in rows if not (row[0] == "m" and row[1][0] < 9 and row[3] == "a")]

    def note(*told: object) -> None:
        asked.append(str(told[2]))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        with store.read() as tx:
            found = tx.groups("evidence", ("type", "compartment"), matter="m")
            assert tx.count("evidence", matter="m", compartment=-1) == sum(
                row[0] == "m" and row[2] == -1 for row in left
            )
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert found == Counter((row[3], row[2]) for row in left if row[0] == "m")
    assert not [text for text in asked if "FROM evidence" in text]
