"""A process that plays acts in forks of itself, each of which dies where it is told; it has no threads, so that a fork is whole.

One JSON object a line in: play, where, told, at (0: do not die). One out: the points passed by name, or killed, or the fault.
"""

import json
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import Any

from tests.points import everywhere
from tests.portal.plays import PLAYS, perform

END = "end"
"""Everything is done, and nobody was told."""


def main() -> None:
    """Play what is asked until nobody asks."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what an act prints is no answer
    for line in sys.stdin:
        asked = json.loads(line)
        answers.write(json.dumps(_forked(asked)) + "\n")
        answers.flush()


def _forked(asked: dict[str, Any]) -> dict[str, Any]:
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            _child(asked, tell)
            os._exit(0)
        except BaseException:  # noqa: BLE001 - whatever it is, the child must not go on to serve
            os.write(tell, traceback.format_exc().encode())
            os._exit(9)
    os.close(tell)
    with os.fdopen(told, encoding="utf-8") as pipe:
        said = pipe.read()
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        return {"killed": os.WTERMSIG(status) == signal.SIGKILL, "points": [], "fault": ""}
    fault = said if os.WEXITSTATUS(status) else ""
    return {"killed": False, "points": [] if fault else said.split(), "fault": fault}


def _child(asked: dict[str, Any], tell: int) -> None:
    met = list[str]()

    def point(name: str) -> None:
        met.append(name)
        if len(met) == asked["at"]:
            os.kill(os.getpid(), signal.SIGKILL)

    everywhere(point)
    perform(PLAYS[asked["play"]], Path(asked["where"]), asked["told"])
    point(END)
    os.write(tell, " ".join(met).encode())


if __name__ == "__main__":
    main()
