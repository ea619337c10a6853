"""Both kinds of store, so that one suite holds both to one contract."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from custody.adapters.stores.sql import SqlStore
from tests.servers import postgres, store_server  # noqa: F401 - fixtures of the tests beside it


@dataclass(frozen=True)
class At:
    """Where a store of a test lies."""

    url: str
    secret: bytes | None = None

    def open(self) -> SqlStore:
        """Open it, which migrates it."""
        return SqlStore(self.url, self.secret)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.part("postgresql"))])
def at(request: pytest.FixtureRequest, tmp_path: Path) -> At:
    """A place where no store is yet."""
    if request.param == "sqlite":
        return At(f"sqlite:///{tmp_path}/core.db")
    url, secret = request.getfixturevalue("store_server")
    return At(f"{url}?schema=t_{secrets.token_hex(6)}", secret.read_bytes().strip())


@pytest.fixture
def store(at: At) -> Iterator[SqlStore]:
    """A fresh store."""
    opened = at.open()
    yield opened
    opened.close()
