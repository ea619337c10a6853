"""One writer per vault: a second one waits, is then refused clearly, and a killed one shuts nobody out."""

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

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
    "backup", "compact", "correction_new", "correction_send", "correction_take", "deal_windup", "destroy", "erase", "erase_part", "handover_control", "hold_add", "hold_release", "recall", "receive", "recovery_deposit", "recovery_open", "rekey", "release", "release_delta",
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


def test_every_service_that_writes_a_vault_holds_it():
    """The list of those that do is this one; a new one must be added on purpose."""
    places = Path(services.__file__).parent.glob("*.py")
    held = {
        words.split("def ")[1].split("(")[0]
        for place in places
        for words in place.read_text(encoding="utf-8").split("@sole_writer")[1:]
    }
    assert held == WRITERS
