"""The four key providers, each against the real thing, as fixtures; `provider` is all of them one after another."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path

import pytest

from custody.adapters.keys.kms import KmsProvider, account_of
from custody.adapters.keys.kms import client as kms_client
from custody.adapters.keys.passphrase import PassphraseProvider
from custody.adapters.keys.pkcs11 import Pkcs11Provider
from custody.adapters.keys.transit import TransitProvider
from custody.adapters.keys.transit_http import Server
from custody.base.errors import CustodyError
from custody.ports.keys import KeyProvider
from tests.adapters.keys import parties

KINDS = (
    "passphrase-file",
    pytest.param("pkcs11", marks=pytest.mark.part("softhsm")),
    pytest.param("aws-kms", marks=pytest.mark.part("kms")),
    pytest.param("transit", marks=pytest.mark.part("openbao")),
)


@pytest.fixture(scope="session")
def bao(tmp_path_factory: pytest.TempPathFactory) -> Iterator[parties.Bao]:
    with parties.openbao(tmp_path_factory.mktemp("bao")) as server:
        yield server


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, parties.Process]]:
    # AWS's own library finds these as it would find anybody's; moto takes any.
    os.environ.update(AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test")
    with parties.kms(tmp_path_factory.mktemp("aws")) as served:
        yield served


@pytest.fixture(scope="session")
def hsm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return parties.token(tmp_path_factory.mktemp("hsm"), "custody")


@pytest.fixture(scope="session")
def refuses() -> Callable[[str], AbstractContextManager[None]]:
    """`with refuses("keys.blob"):` holds when the block raises a custody error of that slug, and nothing else."""

    @contextmanager
    def _refuses(slug: str) -> Iterator[None]:
        with pytest.raises(CustodyError) as caught:
            yield
        assert caught.value.slug == slug

    return _refuses


@cache
def client(address: str) -> object:
    return kms_client("cn-north-1", address, None)


def account(address: str) -> Callable[[], str]:
    return lambda: account_of("cn-north-1", address, None)


@pytest.fixture(params=KINDS)
def provider(request: pytest.FixtureRequest, tmp_path: Path) -> KeyProvider:
    return made(str(request.param), request, tmp_path)


def made(kind: str, request: pytest.FixtureRequest, folder: Path) -> KeyProvider:
    """A provider of this kind, and its party behind it."""
    if kind == "pkcs11":
        return Pkcs11Provider(request.getfixturevalue("hsm"), "custody", lambda: parties.PIN)
    if kind == "aws-kms":
        address, _ = request.getfixturevalue("aws")
        return KmsProvider(lambda: client(address), account(address), 9)
    if kind == "transit":
        server = request.getfixturevalue("bao")
        secret = server.token("custody")
        return TransitProvider(Server(server.address, lambda: secret))
    return PassphraseProvider(folder / "roots", b"a passphrase")
