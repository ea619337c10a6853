"""Many commands in one process, as a rehearsal gives them: starting one anew takes longer than most of them."""

import atexit
import contextlib
import io
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

from custody.cli.main import main

ROOT = Path(__file__).resolve().parents[1]


class Commands:
    """`custody batch` in a process of its own."""

    def __init__(self) -> None:
        words = [sys.executable, "-m", "custody", "batch"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
        self._process = subprocess.Popen(words, env=environment(), **pipes)

    def __call__(self, *words: object) -> tuple[int, dict]:
        """(exit code, what it printed) of one command."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([str(word) for word in words]) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"the process of the commands ended at {words[0]}"
        answer = json.loads(line)
        return answer["code"], answer["out"]

    def close(self) -> None:
        """The process ends with its input."""
        self._process.communicate()


def environment(**more: str) -> dict[str, str]:
    """What a command of ours runs in."""
    return {**os.environ, "PYTHONPATH": str(ROOT / "src"), **more}


def shared() -> Commands:
    """The one for whoever asks in the same folder and with the same environment, for as long as the tests run."""
    own = {name: text for name, text in os.environ.items() if not name.startswith("PYTEST_")}
    return _shared(Path.cwd(), tuple(sorted(own.items())))


@cache
def _shared(_folder: Path, _environment: tuple[tuple[str, str], ...]) -> Commands:
    made = Commands()
    atexit.register(made.close)
    return made


def here(home: Path, who: str, *words: object) -> tuple[int, dict]:
    """(exit code, what it printed) of one command as somebody of a home, in this process: a key that was opened once is not derived again."""
    secret, said = home / "keys" / "principals" / f"{who}.pass", io.StringIO()
    acting = ("--home", home, "--as", who, "--passphrase-file", secret, "--json", "--lang", "en")
    with contextlib.redirect_stdout(said):
        code = main([str(word) for word in (*words, *acting)])
    return code, json.loads(said.getvalue() or "{}")
