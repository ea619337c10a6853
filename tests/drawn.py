"""Plays whose people have the same ids in every run of the tests, and other ones in each soak.

A subject's id is random, and its order decides who comes first: a test that picks somebody would pick somebody else
each time. The companies that several tests look at draw their ids from `--draw` instead (tests/conftest.py). The
product knows nothing of it: each half of such a play is this program, which is `custody` with ids from a seed.
"""

import random
import sys
from dataclasses import dataclass
from pathlib import Path

from custody.base import ids
from custody.cli.rehearsal.demo import Rehearsal
from custody.cli.rehearsal.half import Half


@dataclass(frozen=True, slots=True)
class Drawn(Rehearsal):
    """A rehearsal with ids of this draw."""

    draw: int = 0

    def half(self, name: str, other: str) -> Half:
        made = Rehearsal.half(self, name, other)
        made.command = (sys.executable, "-P", __file__, f"{self.draw} {name}")
        return made


def drawn(where: Path, customers: int, draw: int) -> Drawn:
    """One in silence, on the sample company."""
    return Drawn(where, None, customers, "en", lambda _: None, draw)


class _Ids:
    """What `ids` takes random bytes from, of a seed: keys and nonces have their own source and stay random."""

    def __init__(self, seed: str) -> None:
        self.token_bytes = random.Random(seed).randbytes


if __name__ == "__main__":
    from custody.__main__ import main

    ids.secrets = _Ids(sys.argv.pop(1))
    main()
