"""What is scheduled runs by itself while the console is up: `custody due`, in a process of its own, as the home's own timer.

A process of its own: a night's compaction takes no turn from a page, and may be killed anywhere (docs/threat-model.md). What failed
or was missed is entered in the ledger by the run itself. A timer of the host beside it does no harm: one run at a time.
"""

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Final

from django.conf import settings

from custody import wiring
from custody.acts.timing import SECRETS, handle_of
from custody.web.faultlog import mark, note

_OURS: Final = "CUSTODY_"
_SHARED: Final = ("CUSTODY_STORE", "CUSTODY_STORE_PASSWORD_FILE", "CUSTODY_LOG")
"""What the run must share with the console: it works on the same rows, and notes its faults in the same place. Who acts, and how the console is served, is not its business."""
_FIRST: Final = 300.0
"""Seconds from the start to the first run, where the period is longer: a console that is up for half an hour a day runs what is due, too."""
_STOP: Final = threading.Event()
_AT_IT: Final[list[subprocess.Popen[bytes]]] = []


def start() -> None:
    """Begin, in a thread of this process; the first run is some minutes after, so that whoever has just begun is not disturbed."""
    if settings.TIMER:
        threading.Thread(target=_watch, args=(settings.TIMER,), name="timer", daemon=True).start()


def stop() -> None:
    """The console ends: so does what runs now, and the next run resumes it."""
    _STOP.set()
    for process in _AT_IT:
        process.terminate()


def _watch(every: float) -> None:
    wait = min(every, _FIRST)
    while not _STOP.wait(wait):
        wait = every
        try:
            if run() and not _STOP.is_set():  # who stops the console stops a run as well, and the next one resumes it
                mark("due: a run of what is scheduled did not end well")
        except Exception as error:  # noqa: BLE001 - the thread outlives any one fault; its kind is noted, never its message
            note(error)


def run() -> int | None:
    """Everything that is due, once; the exit code, None where the home has no timer."""
    home = Path(settings.HOME)
    secret = _secret(home) if wiring.is_home(home) else None
    if secret is None:
        return None
    words = [sys.executable, "-m", "custody", "due", "--home", str(home), "--as", secret.stem, "--passphrase-file", str(secret), "--json"]  # fmt: skip
    kept = {name: value for name, value in os.environ.items() if name in _SHARED or not name.startswith(_OURS)}
    with subprocess.Popen(words, env=kept, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:  # noqa: S603 - our own interpreter and our own words
        _AT_IT.append(process)
        try:
            return process.wait()
        finally:
            _AT_IT.remove(process)


def _secret(home: Path) -> Path | None:
    """The passphrase of the newest timer: those before it were ended."""
    found = [one for one in home.glob(SECRETS) if handle_of(one.name)]
    return max(found, key=lambda one: int(one.stem.partition("-")[2] or 1), default=None)
