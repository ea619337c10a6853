"""What every key provider does, held against the real thing of each (spec/vault.md §11)."""

import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from custody.base import ids
from custody.ports.keys import KeyProvider

KEY = bytes(range(32))
ASSURANCE = {"passphrase-file": "file", "pkcs11": "file", "aws-kms": "service", "transit": "service"}
SPARES = {
    "passphrase-file": "file-copies",
    "pkcs11": "token-backups",
    "aws-kms": "cancelling",
    "transit": "server-snapshots",
}


@pytest.fixture
def vault() -> str:
    return ids.new("vlt")


def test_a_key_comes_back_and_never_twice_alike(provider: KeyProvider, vault: str):
    """What was wrapped unwraps to itself; two wraps of one key differ."""
    ref = provider.create(vault, 1)
    one, two = provider.wrap(ref, KEY), provider.wrap(ref, KEY)
    assert provider.unwrap(ref, one) == provider.unwrap(ref, two) == KEY
    assert one != two
    assert KEY not in one


def test_creating_finds_what_is_there(provider: KeyProvider, vault: str):
    """Creating again finds the same root; finding makes none."""
    assert provider.find(vault, 1) == []
    ref = provider.create(vault, 1)
    assert provider.create(vault, 1) == ref
    assert list(provider.find(vault, 1)) == [ref]
    assert provider.find(vault, 2) == []
    assert provider.state(ref) == "live"


def test_threads_that_ask_at_once_are_all_answered(provider: KeyProvider, vault: str):
    """A console asks from several: none of them hears of another that a live root is gone, or that what opens it is wrong."""
    ref = provider.create(vault, 1)
    blob = provider.wrap(ref, KEY)
    asks: list[Callable[[], object]] = [lambda: provider.state(ref), lambda: provider.unwrap(ref, blob)] * 2

    def often(ask: Callable[[], object]) -> set[object]:
        return {ask() for _ in range(25)}

    with ThreadPoolExecutor(len(asks)) as pool:
        assert list(pool.map(often, asks)) == [{"live"}, {KEY}] * 2


def test_a_blob_belongs_to_its_root(provider: KeyProvider, vault: str, refuses):
    """Under another generation, changed, cut or foreign, it is refused by name."""
    one, two = provider.create(vault, 1), provider.create(vault, 2)
    blob = provider.wrap(one, KEY)
    flipped = blob[:-1] + bytes((blob[-1] ^ 1,))
    for ref, data in (
        (two, blob),
        (one, flipped),
        (one, blob[:-1]),
        (one, b""),
        (one, b"\xff\xfe"),
        (one, blob + b"\0"),
    ):
        with refuses("keys.blob"):
            provider.unwrap(ref, data)


def test_a_root_that_opens_is_not_set_aside(provider: KeyProvider, vault: str):
    """Whoever asks for it by mistake changes nothing, and the label stays taken."""
    ref = provider.create(vault, 1)
    blob = provider.wrap(ref, KEY)
    provider.set_aside(ref)
    assert provider.unwrap(ref, blob) == KEY
    assert provider.create(vault, 1) == ref
    assert list(provider.find(vault, 1)) == [ref]


def test_a_destroy_says_when_and_how_sure_and_may_be_repeated(provider: KeyProvider, vault: str, refuses):
    """The date follows the terms told before; afterwards nothing wraps or unwraps, and asking again says the same."""
    ref = provider.create(vault, 1)
    blob, terms = provider.wrap(ref, KEY), provider.terms(ref)
    now = datetime.now(UTC)
    first = provider.destroy(ref, now)
    assert abs(first.effective_at - now - terms.delay) < timedelta(minutes=2)
    assert provider.destroy(ref, now) == first
    assert first.assurance == terms.assurance == ASSURANCE[terms.provider]
    assert SPARES[terms.provider] in terms.spares
    assert provider.state(ref) == ("scheduled" if terms.delay else "gone")
    assert list(provider.find(vault, 1)) == ([ref] if terms.delay else []), "a stray that waits for its date is found"
    for call in (lambda: provider.unwrap(ref, blob), lambda: provider.wrap(ref, KEY)):
        with refuses("keys.gone"):
            call()
    assert provider.state(ref) != "live", "asking for a wrap made the root again"


def test_a_root_made_again_is_another_one(provider: KeyProvider, vault: str, refuses):
    """The same label after a destroy gives a new root that opens nothing of the old one's."""
    ref = provider.create(vault, 1)
    blob = provider.wrap(ref, KEY)
    provider.destroy(ref, datetime.now(UTC))
    again = provider.create(vault, 1)
    assert provider.state(again) == "live"
    with refuses("keys.blob"):
        provider.unwrap(again, blob)


def test_only_32_bytes_are_wrapped(provider: KeyProvider, vault: str, refuses):
    """A root is not a place for other secrets."""
    with refuses("keys.length"):
        provider.wrap(provider.create(vault, 1), b"short")


@pytest.mark.parametrize(
    "ref", ["", "x", "../up-1", "pkcs11:", "pkcs11:a/zz", "aws-kms:key", "transit:a/../b", "transit:"]
)
def test_what_is_no_reference_is_refused(provider: KeyProvider, ref: str, refuses):
    """A reference that is not of the provider's form reaches nothing outside it."""
    for call in (lambda: provider.state(ref), lambda: provider.wrap(ref, KEY), lambda: provider.unwrap(ref, KEY),
                 lambda: provider.destroy(ref, datetime.now(UTC))):  # fmt: skip
        with refuses("keys.ref"):
            call()


def test_nothing_secret_is_shown(provider: KeyProvider, vault: str):
    """Neither the provider nor its terms, printed, show a secret or a key."""
    key = secrets.token_bytes(32)
    provider.wrap(provider.create(vault, 1), key)
    shown = repr(provider) + repr(provider.terms())
    for secret in ("a passphrase", "13579024", key.hex(), "root-of-the-test"):
        assert secret not in shown
