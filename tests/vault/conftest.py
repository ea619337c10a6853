"""What the vault's tests share: the one way to ask for a refusal."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from custody.base.errors import CustodyError
from tests.servers import postgres, store_server  # noqa: F401 - fixtures of the tests beside it

Refuses = Callable[[str], AbstractContextManager[None]]


@contextmanager
def _refuses(slug: str) -> Iterator[None]:
    with pytest.raises(CustodyError) as caught:
        yield
    assert caught.value.slug == slug


@pytest.fixture(scope="session")
def refuses() -> Refuses:
    """`with refuses("vault.tag"):` holds when the block raises a custody error of that slug, and nothing else."""
    return _refuses
