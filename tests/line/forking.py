"""A process that runs commands in forks of itself, each of which dies where it is told; it has no threads, so that a fork is whole.

One JSON object a line in: words, at (0: do not die). One out: code, out and the points passed; `code` is -9 when it was killed.
"""

import contextlib
import io
import json
import os
import sys
import traceback
from pathlib import Path
from signal import SIGKILL
from typing import Any

from custody import wiring
from custody.acts import lawbook
from custody.base.errors import Broken
from custody.cli.main import main
from tests.points import everywhere


def serve() -> None:
    """Run what is asked until nobody asks."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a command prints besides is no answer
    for line in sys.stdin:
        asked = json.loads(line)
        _warm(asked["words"])
        answers.write(json.dumps(_forked(asked["words"], asked["at"])) + "\n")
        answers.flush()


def _warm(words: list[str]) -> None:
    """Open the keys of the home once for all forks: deriving what opens one is slow on purpose."""
    keys = Path(words[words.index("--home") + 1]) / "keys"
    pairs = [(one, one.with_suffix(".pass")) for one in keys.glob("principals/*.key")]
    for key, secret in (*pairs, (keys / "party.key", keys / "host.pass")):
        if key.exists() and secret.exists():
            with contextlib.suppress(Broken):  # killed between a key and its passphrase: the command itself mends that
                wiring._signer(key.read_bytes(), wiring.passphrase(secret))
    lawbook.packs(wiring.laws())


def _forked(words: list[str], at: int) -> dict[str, Any]:
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(told)
            with os.fdopen(tell, "w", encoding="utf-8") as pipe:
                json.dump(_child(words, at), pipe)
            os._exit(0)
        except BaseException:  # noqa: BLE001 - whatever it is, the child must not go on to serve
            traceback.print_exc()
            os._exit(9)
    os.close(tell)
    with os.fdopen(told, encoding="utf-8") as pipe:
        said = pipe.read()
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        return {"code": -os.WTERMSIG(status), "out": {}, "points": []}
    return dict(json.loads(said))


def _child(words: list[str], at: int) -> dict[str, Any]:
    met = list[str]()

    def point(name: str) -> None:
        met.append(name)
        if len(met) == at:
            os.kill(os.getpid(), SIGKILL)

    everywhere(point)
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        code = main([*words, "--json"])
    point("end")
    return {"code": code, "out": json.loads(said.getvalue() or "{}"), "points": met}


if __name__ == "__main__":
    serve()
