"""A process that does what it is asked in forks of itself, each of which dies where it is told; it has no threads, so that a fork is whole.

One JSON object a line in: what is asked, and `at`, the point to die at (0: nowhere). One out: said, the points passed by name,
whether it was killed, and the traceback of what went wrong instead.
"""

import json
import os
import subprocess
import sys
import traceback
from collections.abc import Callable, Mapping
from signal import SIGKILL
from typing import Any

from tests.commands import ROOT, environment
from tests.points import everywhere

END = "end"
"""Everything is done, and nobody was told."""
Asked = Mapping[str, Any]


class Dying:
    """The process of a module whose `serve` it is, as a test sees it."""

    def __init__(self, module: str) -> None:
        env = environment(PYTHONPATH=f"{ROOT / 'src'}{os.pathsep}{ROOT}")
        self._process = subprocess.Popen(
            [sys.executable, "-m", module], env=env, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, at: int, **asked: object) -> dict[str, Any]:
        """Have it done; see the module for what comes back."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({**asked, "at": at}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, asked
        return dict(json.loads(line))

    def close(self) -> None:
        """It ends with its input."""
        self._process.communicate()


def serve(act: Callable[[Asked], object], warm: Callable[[Asked], object] = lambda _: None) -> None:
    """Do what is asked until nobody asks; `warm` is done before the fork, once for all of them."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what an act prints is no answer
    for line in sys.stdin:
        asked = json.loads(line)
        warm(asked)
        answers.write(json.dumps(_forked(act, asked)) + "\n")
        answers.flush()


def _forked(act: Callable[[Asked], object], asked: Asked) -> dict[str, Any]:
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(told)
            _tell(tell, _child(act, asked))
            os._exit(0)
        except BaseException:  # noqa: BLE001 - whatever it is, the child must not go on to serve
            _tell(tell, {"fault": traceback.format_exc()})
            os._exit(9)
    os.close(tell)
    with os.fdopen(told, encoding="utf-8") as pipe:
        said = pipe.read()
    status = os.waitpid(child, 0)[1]
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == SIGKILL
    return {"killed": killed, "points": [], "said": None, "fault": "", **(json.loads(said) if said else {})}


def _child(act: Callable[[Asked], object], asked: Asked) -> dict[str, object]:
    met = list[str]()

    def point(name: str) -> None:
        met.append(name)
        if len(met) == asked["at"]:
            os.kill(os.getpid(), SIGKILL)

    everywhere(point)
    said = act(asked)
    point(END)
    return {"said": said, "points": met}


def _tell(tell: int, said: Mapping[str, object]) -> None:
    with os.fdopen(tell, "w", encoding="utf-8") as pipe:
        json.dump(said, pipe)
