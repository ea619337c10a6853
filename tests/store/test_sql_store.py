"""The core store keeps what it acknowledged and nothing of what was rolled back, on SQLite and on PostgreSQL alike."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.exc import InvalidRequestError

from custody.adapters.stores import alone, sqlite
from custody.base.errors import CustodyError, Unavailable

JOB = {"key": "k", "id": "job_1", "kind": "x", "state": "done", "started_at": "", "result": b"\0\xff"}
HOLDER = """
import sys, time
from custody.adapters.stores.sql import SqlStore
with SqlStore(sys.argv[1], sys.argv[2].encode() or None).alone("company/main"):
    print("held", flush=True)
    time.sleep(60)
"""
MANY = 300  # enough for the bulk path


def test_rows_come_back_as_they_went_in(store):
    """Bytes, text and numbers survive the store, one by one and in bulk; what is left out has its default."""
    bulk = [{"vault": "v", "id": n.to_bytes(16), "kind": f"种{n}", "slots": bytes([n % 256])} for n in range(MANY)]
    with store.write() as tx:
        assert tx.add("job", [JOB]) == 1
        assert tx.add("subject", bulk) == MANY
        assert tx.add("segment", [{"vault": "v", "id": str(n), "bytes": 2**62 + n} for n in range(MANY)]) == MANY
    with store.read() as tx:
        assert tx.find("job", key="k") == [JOB]
        found = tx.find("subject", order=("id",), vault="v")
        assert [(row["kind"], row["slots"]) for row in found] == [(row["kind"], row["slots"]) for row in bulk]
        assert {(row["state"], row["facts"], row["members"]) for row in found} == {("", b"", b"")}
        assert list(tx.scan("subject", order=("id",), vault="v")) == found
        assert list(tx.columns("subject", ("id", "kind"), order=("id",))) == [(row["id"], row["kind"]) for row in found]
        assert sorted(tx.columns("segment", ("bytes",), vault="v")) == [(2**62 + n,) for n in range(MANY)]
        assert tx.count("subject", vault="other") == 0


@pytest.mark.parametrize("more", [1, MANY])
def test_a_column_that_no_table_has_is_refused(store, more: int):
    """One by one and in bulk, in whichever row it stands: what a row says is kept or the write fails."""
    rows = [{"name": str(n), "value": n} for n in range(more)]
    rows[-1]["valeu"] = 1
    with pytest.raises(InvalidRequestError), store.write() as tx:
        tx.add("counter", rows)
    with store.read() as tx:
        assert tx.count("counter") == 0


def test_many_are_looked_up_at_once(store):
    """Whoever is asked for and there comes back once, however many are asked for; nobody else does."""
    rows = [{"vault": vault, "id": n.to_bytes(16), "slots": bytes([n % 256])} for n in range(3_000) for vault in "vw"]
    with store.write() as tx:
        tx.add("subject", rows)
    wanted = [n.to_bytes(16) for n in range(1, 6_000, 2)]
    with store.read() as tx:
        found = sorted(tx.among("subject", ("id", "slots"), "id", wanted, vault="v"))
        assert list(tx.among("subject", ("id",), "id", [], vault="v")) == []
    assert found == [(n.to_bytes(16), bytes([n % 256])) for n in range(1, 3_000, 2)]


def test_order_is_that_of_bytes(store):
    """Texts are ordered as their bytes are, whatever language the server speaks."""
    names = ["a", "B", "Z", "z", "ä", "_", "中", "a b", "ab"]
    with store.write() as tx:
        tx.add("counter", [{"name": name, "value": 1} for name in names])
    with store.read() as tx:
        assert [row["name"] for row in tx.find("counter", order=("name",))] == sorted(names, key=str.encode)


def test_no_more_rows_than_asked_for(store):
    """The first few in either direction, and all where there are fewer."""
    with store.write() as tx:
        tx.add("counter", [{"name": f"{n:03}", "value": n // 2} for n in range(MANY)])
    with store.read() as tx:
        assert [row["name"] for row in tx.first("counter", 3, order=("-name",))] == ["299", "298", "297"]
        two = tx.first("counter", 4, order=("value", "-name"))
        assert [row["name"] for row in two] == ["001", "000", "003", "002"]
        assert len(tx.first("counter", MANY + 1, order=())) == MANY
        assert tx.first("counter", 0, order=("name",)) == []


def test_an_exception_rolls_everything_back(store):
    """Nothing of a failed transaction stays."""

    def fail():
        with store.write() as tx:
            tx.add("counter", [{"name": str(n), "value": n} for n in range(MANY)])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with store.read() as tx:
        assert tx.count("counter") == 0


@pytest.mark.parametrize("more", [0, MANY])
def test_a_second_row_with_the_same_key_is_refused(store, more: int):
    """A key exists once, and the refusal says nothing of the row."""
    with store.write() as tx:
        tx.add("counter", [{"name": "a", "value": 1}])
    rows = [*({"name": str(n), "value": n} for n in range(more)), {"name": "a", "value": 2}]
    with pytest.raises(Unavailable) as refused, store.write() as tx:
        tx.add("counter", rows)
    assert refused.value.slug == "store.conflict"
    with store.read() as tx:
        assert tx.find("counter") == [{"name": "a", "value": 1}]


def test_change_and_drop_report_how_many_rows_they_met(store):
    """Compare-and-swap can be checked."""
    with store.write() as tx:
        tx.add("counter", [{"name": str(n), "value": n} for n in range(MANY)])
        assert tx.change("counter", {"value": 2}, name="1", value=1) == 1
        assert tx.change("counter", {"value": 3}, name="1", value=1) == 0
        assert tx.drop_many("counter", [{"name": str(n)} for n in range(5, 200)]) == 195
        assert tx.drop("counter", name="3") == 1
        assert tx.drop("counter", name="3") == 0
        assert tx.count("counter") == MANY - 196


def test_a_reader_sees_one_state_and_writes_nothing(store):
    """What is committed meanwhile is not seen, and does not wait."""
    with store.write() as tx:
        tx.add("counter", [{"name": "a", "value": 1}])
    with store.read() as before:
        assert before.count("counter") == 1
        with store.write() as tx:
            tx.add("counter", [{"name": "b", "value": 1}])
        assert before.count("counter") == 1
    with store.read() as tx:
        assert tx.count("counter") == 2


def test_rows_can_be_changed_while_they_are_streamed(store):
    """A stream shows the rows that were there when it began."""
    with store.write() as tx:
        tx.add("counter", [{"name": f"{n:05}", "value": n} for n in range(MANY)])
        seen = 0
        for row in tx.scan("counter", order=("name",)):
            assert tx.change("counter", {"value": -1}, name=row["name"]) == 1
            seen += 1
        assert (seen, tx.count("counter", value=-1)) == (MANY, MANY)


def test_a_stream_that_was_left_outlives_its_store_in_peace(at):
    """Whoever stops half way, for an error say, may let go of the rows after the store was closed."""
    store = at.open()
    with store.write() as tx:
        tx.add("counter", [{"name": f"{n:05}", "value": n} for n in range(MANY)])
    with store.read() as tx:
        left = [tx.columns("counter", ("name",)), tx.scan("counter", order=("name",))]
        assert all(next(stream) for stream in left)
    store.close()
    for stream in left:
        stream.close()


def test_writers_take_turns_and_lose_nothing(at):
    """Eight writers that read, add one and write back end with the sum."""

    def work(_: int) -> None:
        mine = at.open()
        for _turn in range(5):
            with mine.write() as tx:
                (row,) = tx.find("counter", name="n")
                tx.change("counter", {"value": row["value"] + 1}, name="n")
        mine.close()

    first = at.open()
    with first.write() as tx:
        tx.add("counter", [{"name": "n", "value": 0}])
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    with first.read() as tx:
        assert tx.find("counter")[0]["value"] == 40
    first.close()


def test_stores_made_at_once_are_made_once(at):
    """Several processes that open a new store together all find it whole."""
    with ThreadPoolExecutor(4) as pool:
        for opened in pool.map(lambda _: at.open(), range(4)):
            with opened.read() as tx:
                assert tx.count("vault") == 0
            opened.close()


def test_a_second_writer_waits_and_is_refused_then(at, monkeypatch):
    """After its time a second writer hears that the store is busy, and that trying again may help; readers never wait."""
    monkeypatch.setattr(sqlite, "_BUSY_SECONDS", 1)
    monkeypatch.setattr("custody.adapters.stores.postgres._BUSY", "1s")
    one, two = at.open(), at.open()
    with one.write() as tx:
        tx.add("counter", [{"name": "a", "value": 1}])
        with two.read() as other:
            assert other.count("counter") == 0
        with pytest.raises(Unavailable) as refused, two.write():
            raise AssertionError("two writers at once")
    assert (refused.value.slug, refused.value.retry) == ("store.busy", True)
    with two.write() as tx:
        assert tx.count("counter") == 1
    one.close()
    two.close()


def test_a_second_writer_that_waits_gets_its_turn(at):
    """It sees what the first one left."""
    one, two, done = at.open(), at.open(), []

    def second() -> None:
        with two.write() as tx:
            done.append(tx.count("counter"))

    with one.write() as tx:
        waiting = threading.Thread(target=second)
        waiting.start()
        tx.add("counter", [{"name": "a", "value": 1}])
    waiting.join(timeout=30)
    assert done == [1]
    one.close()
    two.close()


def test_a_name_has_one_holder_and_death_lets_it_go(at, monkeypatch):
    """While a process holds a name another one is refused; when it is killed the name is free at once."""
    monkeypatch.setattr(alone, "WAIT_SECONDS", 0.3)
    at.open().close()
    words = [sys.executable, "-c", HOLDER, at.url, (at.secret or b"").decode()]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        mine = at.open()
        with pytest.raises(Unavailable) as refused, mine.alone("company/main"):
            raise AssertionError("two holders at once")
        assert (refused.value.slug, refused.value.retry) == ("vault.busy", True)
        with mine.alone("company/other"), mine.write() as tx:
            tx.add("counter", [{"name": "a", "value": 1}])
        holder.kill()
        holder.wait()
        monkeypatch.setattr(alone, "WAIT_SECONDS", 10)
        with mine.alone("company/main"):
            pass
        mine.close()


def test_a_password_in_the_url_is_refused_unrepeated(at):
    """A URL holds no password, and no fault repeats one."""
    if at.secret is None:
        pytest.skip("a file has no password")
    with pytest.raises(CustodyError) as refused:
        type(at)(at.url.replace("owner@", "owner:geheim-1@")).open()
    assert refused.value.slug == "store.password-in-url"
    assert "geheim" not in repr(refused.value.envelope())
    with pytest.raises(Unavailable) as wrong:
        type(at)(at.url, b"falsch-2").open()
    assert wrong.value.slug == "store.failed"
    assert "falsch" not in repr(wrong.value.envelope()) + repr(wrong.value)
