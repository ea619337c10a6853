"""One half of a rehearsal: a child process that runs this party's commands, fenced off from the other's home."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from custody.base.errors import CustodyError, Unavailable
from custody.cli.rehearsal.story import told

Out = dict[str, Any]
_LEFT_OUT = ("CUSTODY_HOME", "CUSTODY_STORE", "CUSTODY_AS", "CUSTODY_PASSPHRASE_FILE")


class HalfFailedError(CustodyError):
    """A command of the rehearsal failed; carries what it said."""


@dataclass(slots=True)
class Half:
    """`seller` or `buyer`: its home, the command its process is, and how long each of its commands took (seconds)."""

    name: str
    home: Path
    other: Path
    lang: str
    say: Callable[[str], None] = lambda _line: None
    command: tuple[str, ...] = (sys.executable, "-m", "custody")
    timings: list[tuple[str, float]] = field(default_factory=list)
    _process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        words = [*self.command, "batch", "--forbid", str(self.other)]
        environment = {name: value for name, value in os.environ.items() if name not in _LEFT_OUT}
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own words
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=environment
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        process = self._process
        assert process is not None
        assert process.stdin is not None
        process.stdin.close()
        process.wait(timeout=60)
        assert process.stdout is not None
        process.stdout.close()

    def secret(self, handle: str) -> Path:
        """Where a rehearsal keeps the passphrase of `handle`."""
        return self.home / "keys" / "principals" / f"{handle}.pass"

    def run(self, acting: str, *words: str, answers: tuple[int, ...] = (0,)) -> Out:
        """Run one command as `acting`. Raises HalfFailedError when the exit code is not among `answers`."""
        process = self._process
        assert process is not None
        assert process.stdin is not None
        assert process.stdout is not None
        call = [*words, "--home", str(self.home), "--lang", self.lang, "--as", acting]
        call += ["--passphrase-file", str(self.secret(acting))]
        started = time.monotonic()
        try:
            process.stdin.write(json.dumps(call, ensure_ascii=False) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except BrokenPipeError as error:
            raise _stopped(self.name) from error
        if not line:
            raise _stopped(self.name)
        self.timings.append((f"{self.name} {words[0]}", time.monotonic() - started))
        answer = json.loads(line)
        if answer["code"] not in answers:
            raise _failed(self.name, words[0], answer)
        out: Out = answer["out"]
        if story := told(self.name, words, out, self.timings[-1][1], self.lang):
            self.say(story)
        return out


def _stopped(name: str) -> Unavailable:
    return Unavailable(
        "demo.stopped", f"The {name}'s half stopped.", retry=True, next="Run the same command again: it resumes."
    )


def _failed(name: str, verb: str, answer: Out) -> HalfFailedError:
    fault = answer["out"].get("error", {})
    error = HalfFailedError(
        fault.get("slug", "demo.step"),
        f"{name}, {verb}: {fault.get('message', 'the answer was no')}",
        next=fault.get("next", ""),
        where=fault.get("where"),
    )
    error.exit_code = answer["code"]
    return error
