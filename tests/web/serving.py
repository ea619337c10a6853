"""A running console for tests: `custody serve` on a home, and how somebody founds one."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.running import running
from tests.web.visitor import Visitor


@dataclass
class Served:
    """A running console."""

    home: Path
    base: str
    first: str


@contextmanager
def serve(home: Path, **settings: str) -> Iterator[Served]:
    """Start it, wait until it answers, and stop it. What is scheduled runs in a test that asks for it alone."""
    with running("serve", "--home", home, "--lang", "en", env={"CUSTODY_CONSOLE_TIMER": "0"} | settings) as (
        base,
        said,
    ):
        found = re.search(r"https?://[^/]+(/\S*)", said)
        assert found is not None, said
        yield Served(home, base, found[1])


def found(visitor: Visitor, first: str, passphrase: str) -> Visitor:
    """The first page of an empty machine, as its owner suhe fills it in."""
    visitor.get(first)
    visitor.post(
        "/welcome", name_zh="青禾书屋", place="CN", shown="苏禾", handle="suhe", passphrase=passphrase, again=passphrase
    )
    return visitor
