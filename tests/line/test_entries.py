"""G16: an act and its entry are committed together or not at all, whichever of the ledger's rows fails."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from custody.acts.desk import Desk
from custody.base.errors import Unavailable
from custody.ports.store import Store, Transaction
from custody.services.approve import approve
from custody.services.copy_declare import copy_declare
from custody.services.principal_new import principal_new
from tests.line.homes import desk_of

WORK: dict[str, Callable[[Desk], object]] = {
    "approve": lambda desk: approve(desk, "destroy", "sha256:" + "ab" * 32),
    "principal new": lambda desk: principal_new(desk, "newcomer", ["auditor"], b"secret"),
    "copy declare": lambda desk: copy_declare(desk, None, "a laptop", "other"),
}


class FailingTransaction:
    """A transaction whose store gives up when one table is written."""

    def __init__(self, inner: Transaction, table: str) -> None:
        self._inner, self._table = inner, table

    def __getattr__(self, name: str) -> object:
        found = getattr(self._inner, name)
        if name not in {"add", "change"}:
            return found

        def write(table: str, *words: object, **equal: object) -> object:
            if table == self._table:
                raise Unavailable("store.failed", "The disk is full.")
            return found(table, *words, **equal)

        return write


class FailingStore:
    """A store like that."""

    def __init__(self, inner: Store, table: str) -> None:
        self._inner, self._table = inner, table

    @contextmanager
    def write(self) -> Iterator[FailingTransaction]:
        with self._inner.write() as tx:
            yield FailingTransaction(tx, self._table)

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)


def rows(home: Path) -> dict[str, list[tuple]]:
    """Everything in the store."""
    store = sqlite3.connect(home / "core.db")
    names = [name for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {name: store.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}
    store.close()
    return found


@pytest.mark.parametrize("verb", WORK)
@pytest.mark.parametrize("table", ["ledger_entry", "opening", "ledger_head"])
def test_no_act_without_its_entry(played: Path, tmp_path: Path, verb: str, table: str):
    """When the ledger cannot be written nothing of the act stays; tried again, act and entry are both there."""
    home = Path(shutil.copytree(played / "seller", tmp_path / "seller"))
    before = rows(home)
    with desk_of(home, "suhe") as desk:
        with pytest.raises(Unavailable):
            WORK[verb](replace(desk, store=FailingStore(desk.store, table)))
        assert rows(home) == before
        WORK[verb](desk)
    after = rows(home)
    assert len(after["ledger_entry"]) == len(before["ledger_entry"]) + 1 == len(after["opening"])
    assert after["ledger_head"] != before["ledger_head"]


def test_no_entry_without_its_act(played: Path, tmp_path: Path):
    """When the act's own row cannot be written the ledger stays as it was."""
    home = Path(shutil.copytree(played / "seller", tmp_path / "seller"))
    before = rows(home)
    with desk_of(home, "suhe") as desk, pytest.raises(Unavailable):
        WORK["approve"](replace(desk, store=FailingStore(desk.store, "approval")))
    assert rows(home) == before
