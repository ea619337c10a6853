"""The core store keeps what it acknowledged and nothing of what was rolled back."""

from pathlib import Path

import pytest

from custody.adapters.stores.sql import SqlStore
from custody.base.errors import Unavailable


@pytest.fixture
def store(tmp_path: Path):
    """A fresh store in a file."""
    opened = SqlStore(f"sqlite:///{tmp_path}/core.db")
    yield opened
    opened.close()


def test_rows_come_back_as_they_went_in(store: SqlStore):
    """Bytes, text and numbers survive the store."""
    with store.write() as tx:
        assert (
            tx.add(
                "job",
                [{"key": "k", "id": "job_1", "kind": "x", "state": "done", "started_at": "", "result": b"\0\xff"}],
            )
            == 1
        )
    with store.read() as tx:
        assert tx.find("job", key="k")[0]["result"] == b"\0\xff"


def test_an_exception_rolls_everything_back(store: SqlStore):
    """Nothing of a failed transaction stays."""

    def fail():
        with store.write() as tx:
            tx.add("counter", [{"name": "a", "value": 1}])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with store.read() as tx:
        assert tx.count("counter") == 0


def test_a_second_row_with_the_same_key_is_refused(store: SqlStore):
    """A key exists once."""
    with store.write() as tx:
        tx.add("counter", [{"name": "a", "value": 1}])
    with pytest.raises(Unavailable) as refused, store.write() as tx:
        tx.add("counter", [{"name": "a", "value": 2}])
    assert refused.value.slug == "store.conflict"


def test_change_reports_how_many_rows_it_met(store: SqlStore):
    """Compare-and-swap can be checked."""
    with store.write() as tx:
        tx.add("counter", [{"name": "a", "value": 1}])
        assert tx.change("counter", {"value": 2}, name="a", value=1) == 1
        assert tx.change("counter", {"value": 3}, name="a", value=1) == 0


def test_opening_a_store_twice_migrates_once(tmp_path: Path):
    """The second opening finds the schema and leaves it alone."""
    for _ in range(2):
        SqlStore(f"sqlite:///{tmp_path}/core.db").close()
