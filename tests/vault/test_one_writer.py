"""One writer per vault: a second one waits, is then refused clearly, and a killed one shuts nobody out."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from custody import services
from custody.adapters.stores import alone as locks
from custody.adapters.stores.sql import SqlStore
from custody.base.errors import Unavailable

HOLDER = """
import sys, time
from custody.adapters.stores.sql import SqlStore
with SqlStore(sys.argv[1]).alone("company/main"):
    print("held", flush=True)
    time.sleep(60)
"""
WRITERS = {
    "backup", "backup_forget", "compact", "correction_new", "correction_send", "correction_take", "deal_abort", "deal_windup", "destroy", "erase", "erase_part", "handover_control", "hold_add", "hold_release", "keys_backup", "recall", "recalls_due", "receive", "recovery_deposit", "recovery_open", "rekey", "release", "release_delta",
    "request_pass", "request_take", "reseal", "restore_finish", "retention_run", "retention_set", "revise", "seal", "ship", "vault_new", "vault_renew",
}  # fmt: skip


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Where a store lies."""
    url = f"sqlite:///{tmp_path}/core.db"
    SqlStore(url).close()
    return url


@pytest.fixture
def holder(url: str):
    """Another process that holds the vault."""
    with subprocess.Popen([sys.executable, "-c", HOLDER, url], stdout=subprocess.PIPE, text=True) as held:
        assert held.stdout is not None
        assert held.stdout.readline() == "held\n"
        yield held
        held.kill()


@pytest.mark.usefixtures("holder")
def test_c11_a_second_writer_is_refused_clearly(url: str, monkeypatch: pytest.MonkeyPatch):
    """It is told `vault.busy`, may try again, and never came in."""
    monkeypatch.setattr(locks, "WAIT_SECONDS", 0.3)
    with pytest.raises(Unavailable) as refused, SqlStore(url).alone("company/main"):
        pytest.fail("two writers")
    assert (refused.value.slug, refused.value.retry) == ("vault.busy", True)


@pytest.mark.usefixtures("holder")
def test_another_vault_is_free(url: str):
    """The name is the vault's, not the house's."""
    with SqlStore(url).alone("company/other"):
        pass


def test_c11_a_killed_writer_shuts_nobody_out(url: str, holder: subprocess.Popen):
    """The kernel frees the name in the moment of death."""
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    with SqlStore(url).alone("company/main"):
        pass


def test_a_second_writer_waits_for_the_first(url: str):
    """Within the ten seconds it comes in after the first, not beside it."""
    seen: list[str] = []

    def second():
        with SqlStore(url).alone("company/main"):
            seen.append("second")

    waiting = threading.Thread(target=second)
    with SqlStore(url).alone("company/main"):
        waiting.start()
        time.sleep(0.3)
        seen.append("first")
    waiting.join()
    assert seen == ["first", "second"]


End = Callable[[str], None]
"""Has the server end the session that holds a name."""


@pytest.fixture
def server(store_server: tuple[str, Path]) -> Iterator[tuple[SqlStore, SqlStore, End]]:
    """One home at a database server, as two processes see it; and what ends the session of one."""
    plain, secret = store_server
    url, password = f"{plain}?schema=alone", secret.read_bytes().strip()
    first, second = SqlStore(url, password), SqlStore(url, password)

    def end(name: str) -> None:
        holding = f"FROM pg_locks WHERE granted AND (classid::bigint << 32 | objid::bigint) = {locks._number(name)}"
        with second.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            assert connection.execute(sa.text(f"SELECT pg_terminate_backend(pid) {holding}")).scalar_one()
            while connection.execute(sa.text(f"SELECT 1 {holding}")).first():
                time.sleep(0.05)

    yield first, second, end
    first.close()
    second.close()


def add(store: SqlStore, name: str) -> None:
    with store.write() as tx:
        tx.add("counter", [{"name": name, "value": 1}])


@pytest.mark.part("postgresql")
def test_c11_who_lost_the_name_writes_nothing_more(server: tuple[SqlStore, SqlStore, End]):
    """The server ended the session that held it: a second writer comes in and writes; the first is refused at its next transaction, and leaves quietly."""
    first, second, end = server
    with first.alone("company/main"):
        add(first, "before")
        end("company/main")
        with pytest.raises(Unavailable) as refused:
            add(first, "alone again")
        with second.alone("company/main"):
            add(second, "second")
            with pytest.raises(Unavailable) as again:
                add(first, "beside")
    assert (refused.value.slug, again.value.slug) == ("vault.busy", "vault.busy")
    add(first, "free")  # whoever holds nothing is asked for nothing
    with first.read() as tx:
        assert {row["name"] for row in tx.find("counter")} >= {"before", "second", "free"}
        assert not {row["name"] for row in tx.find("counter")} & {"alone again", "beside"}


@pytest.mark.part("postgresql")
def test_c11_the_next_holder_waits_for_a_transaction_that_saw_its_name_held(
    server: tuple[SqlStore, SqlStore, End],
):
    """It began before the session ended, so it may commit; whoever comes next looks at nothing before it has."""
    first, second, end = server
    seen = list[bool]()

    def come() -> None:
        with second.alone("company/other"), second.read() as tx:
            seen.append(tx.count("counter", name="late") == 1)

    with first.alone("company/other"):
        with first.write() as tx:
            end("company/other")
            coming = threading.Thread(target=come)
            coming.start()
            time.sleep(0.5)
            assert not seen
            tx.add("counter", [{"name": "late", "value": 1}])
        coming.join()
    assert seen == [True]


def test_every_service_that_writes_a_vault_holds_it():
    """The list of those that do is this one; a new one must be added on purpose."""
    places = Path(services.__file__).parent.glob("*.py")
    held = {
        words.split("def ")[1].split("(")[0]
        for place in places
        for words in place.read_text(encoding="utf-8").split("@sole_writer")[1:]
    }
    assert held == WRITERS
