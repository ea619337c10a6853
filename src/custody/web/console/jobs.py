"""Jobs in this process: it holds the keys they need.

Each leaves a row that a page polls; a row left running by a
process that is gone is told as interrupted, and running the act again resumes it (design §9b). What two people began has
threads of its own, and so has what is sent at the pace of a relay: no reading of a large file, however many of them, holds up
a release, and no campaign a reading.
"""

import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from typing import Final

from django.db import connection

from custody.base.errors import CustodyError
from custody.web.console.models import Work
from custody.web.faultlog import note

_POOL: Final = ThreadPoolExecutor(max_workers=2, thread_name_prefix="job")
_OF_TWO: Final = ThreadPoolExecutor(max_workers=4, thread_name_prefix="of-two")
"""For what is `WHOLE`: its approvals run out, and nobody may stop what is before it."""
_UNHURRIED: Final = ThreadPoolExecutor(max_workers=4, thread_name_prefix="unhurried")
"""For what goes at the pace of somebody's relay, for a day perhaps, and sleeps most of it: it keeps no file from being read."""
_LOCK: Final = threading.Lock()
_STEP: Final = 2_000
_MOMENT, _LOOK = 1.0, 0.02
"""Seconds for which an answer waits for a job that may be short, and how often it looks."""
WHOLE: Final = frozenset((
    "ship", "ship-waiting", "release", "delta", "recall", "destroy", "deal-close", "deal-abort", "deal-windup", "deal-return", "recall-back", "retention-go", "gate", "handover-control",
))  # fmt: skip
"""Acts that are one: nobody stops them in the middle."""
SENDING: Final = frozenset(("campaign", "warn"))
"""What goes at a relay's pace."""
READINGS: Final = {"seal": 3}
"""How often a kind of job reads every row: sealing does to learn the keys, to seal, and to prove."""


Act = Callable[["Progress"], dict[str, object]]


@dataclass
class Turn:
    """A job's place: in which line, and whether it has come to a thread."""

    line: ThreadPoolExecutor
    left: Callable[[], object] = lambda: None
    """What it took hold of is let go of, where it does not come to its end."""
    begun: bool = False
    future: Future[None] | None = None


_RUNNING: Final = dict[str, Turn]()  # in the order in which they came


class StoppedError(CustodyError):
    """A person stopped the job."""


class Progress:
    """Counts what passes, writes it now and then, and stops when somebody asked for that."""

    def __init__(self, work: str, step: int = _STEP) -> None:
        self._work, self._step, self._done, self._told = work, step, 0, 0

    def __call__(self, more: int) -> None:
        self._done += more
        if self._done - self._told < self._step and self._told:
            return
        self._told = self._done
        Work.objects.filter(id=self._work).update(done=self._done)
        if Work.objects.filter(id=self._work, stop=True).exists():
            raise StoppedError("console.stopped", "Stopped.")


def start(
    kind: str, about: str, act: Act, *, back: str, by: str, total: int = 0, step: int = _STEP, left: Callable[[], object] = lambda: None
) -> Work:  # fmt: skip
    """Run `act` behind the page; an unfinished job of the same kind and matter is returned instead of a second one.

    `about` is words with colons between them: a deal's id or a campaign's reference among them keeps its page to who sees that deal. `back` is where
    its reader goes when it is done, `by` the principal who may stop it. It is told and may be stopped every `step`. `left` is called where the job was
    stopped, also before it began, refused, or failed in any other way: before it is told how it ended.
    """
    with _LOCK:
        known = Work.objects.filter(kind=kind, about=about, state="running", id__in=list(_RUNNING)).first()
        if known is not None:
            return known
        name, turn = secrets.token_hex(16), Turn(_line(kind), left)
        _RUNNING[name] = turn
        work = Work.objects.create(id=name, kind=kind, about=about, total=total, back=back, by=by)
        turn.future = turn.line.submit(copy_context().run, _run, work.id, act, step, left)
    return work


def _line(kind: str) -> ThreadPoolExecutor:
    if kind in WHOLE:
        return _OF_TWO
    return _UNHURRIED if kind in SENDING else _POOL


def before(work: Work) -> int:
    """How many jobs come before one that has not begun; 0 once it has, or when it is over."""
    with _LOCK:
        turn = _RUNNING.get(work.id)
        if turn is None or turn.begun:
            return 0
        names = list(_RUNNING)
        return sum(_RUNNING[one].line is turn.line for one in names[: names.index(work.id)])


def stop(work: Work) -> None:
    """Stop it at its next step; at once where it has not begun. What two people began goes on."""
    if work.kind in WHOLE:
        return
    with _LOCK:
        turn = _RUNNING.get(work.id)
        left = turn is not None and turn.future is not None and turn.future.cancel()
        if turn is not None and left:
            turn.left()  # while nobody can begin it anew
            del _RUNNING[work.id]
    Work.objects.filter(id=work.id, state="running").update(stop=True, **({"state": "stopped"} if left else {}))


def alive(work: Work) -> bool:
    """Whether this process still runs it."""
    return work.id in _RUNNING


def gone(work: Work) -> bool:
    """Whether it was left running by a process that is no more.

    How a job ended is written before this process lets go of it, so a row read while it still ran is asked for again.
    """
    if work.state != "running" or alive(work):
        return False
    work.refresh_from_db()
    return work.state == "running"


def underway(kind: str, about: str) -> Work | None:
    """The job of this kind about this matter that runs now."""
    return Work.objects.filter(kind=kind, about=about, state="running", id__in=list(_RUNNING)).first()


def soon(work: Work) -> Work | None:
    """The same if it is not over in a moment, None when it is done by then. Raises the fault of one that failed."""
    until = time.monotonic() + _MOMENT
    while alive(work) and time.monotonic() < until:
        time.sleep(_LOOK)
    work.refresh_from_db()
    error = fault(work)
    if error is not None:
        raise error
    return None if work.state == "done" else work


def last(kind: str, about: str) -> Work | None:
    """The newest job of a kind about a matter."""
    return Work.objects.filter(kind=kind, about=about).order_by("-at").first()


def fault(work: Work | None) -> CustodyError | None:
    """The error of a job that failed, as it was told."""
    if work is None or work.state != "failed":
        return None
    error = CustodyError.from_envelope({"slug": work.slug, **work.said})
    error.zh = str(work.said.get("zh") or "")
    return error


def _run(name: str, act: Act, step: int = _STEP, left: Callable[[], object] = lambda: None) -> None:
    values: dict[str, object]
    with _LOCK:
        if name in _RUNNING:
            _RUNNING[name].begun = True
    try:
        values = {"state": "done", "said": act(Progress(name, step))}
    except StoppedError:
        values = {"state": "stopped"}
    except CustodyError as error:
        values = {
            "state": "failed",
            "slug": error.slug,
            "said": {**error.envelope(), "of": type(error).__name__, "zh": error.zh},
        }
    except Exception as error:  # noqa: BLE001 - the last door of a thread: the kind of fault is kept, never its message
        note(error)
        values = {"state": "failed", "slug": "custody.fault", "said": {"kind": type(error).__name__}}
    try:
        if values["state"] != "done":
            left()
        Work.objects.filter(id=name).update(**values)
    finally:
        _RUNNING.pop(name, None)
        connection.close()
