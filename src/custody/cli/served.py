"""A server of ours as a child process: it ends when whoever started it is told to end.

A service manager, `podman stop` or a script tell the process that they know, which is this one: without being told the server would
go on, with everybody's keys open and its home held. As the first process of a container this one would not even hear it.
"""

import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Final

_TOLD: Final = (signal.SIGTERM, signal.SIGHUP)
ENDED: Final = frozenset((0, -signal.SIGINT, -signal.SIGTERM, -signal.SIGHUP))
"""How a server ends that was told to."""


@contextmanager
def child(words: Sequence[str], env: Mapping[str, str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """The running server; a signal to end is passed on to it. It has ended when this is over."""
    waiting = list[int]()
    before = {one: signal.signal(one, lambda number, _: waiting.append(number)) for one in _TOLD}
    try:
        with subprocess.Popen(words, env=env) as process:  # noqa: S603 - our own interpreter and our own words

            def passed_on(number: int, _: FrameType | None) -> None:
                process.send_signal(number)

            for one in _TOLD:
                signal.signal(one, passed_on)
            for number in waiting:  # it came while the process was made
                process.send_signal(number)
            yield process
            process.wait()
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def served(words: Sequence[str]) -> int:
    """Run it to its end; the code with which it ended."""
    with child(words) as process:
        return process.wait()
