"""G24: the seal of a release needs both halves of the deal key, so breaking one of the two schemes opens nothing."""

import pytest

from custody.base.errors import Broken
from custody.package import release_seal
from custody.package.release_seal import DealKey


@pytest.mark.parametrize("half", ["ML-KEM", "X25519"])
def test_one_half_of_the_key_opens_nothing(half: str):
    """With the true X25519 key and another ML-KEM key, or the other way round, the seal stays closed."""
    mine, other = DealKey.generate(), DealKey.generate()
    info = b"custody/release/1\0" + b"\1" * 32
    sealed = release_seal._SUITE.encrypt(b"r" * 32, release_seal._public(mine.public), info)
    assert mine.open(sealed, info) == b"r" * 32
    mixed = (
        mine.private()[:64] + other.private()[64:] if half == "ML-KEM" else other.private()[:64] + mine.private()[64:]
    )
    with pytest.raises(Broken) as caught:
        DealKey(mixed).open(sealed, info)
    assert caught.value.slug == "release.seal"


@pytest.mark.parametrize("at", [0, 500, 1087, 1088, 1119, 1120, 1167])
def test_every_part_of_the_seal_counts(at: int):
    """A changed byte of the ML-KEM ciphertext, of the X25519 share, of what is sealed or of its tag is refused."""
    mine, info = DealKey.generate(), b"custody/release/1\0" + b"\2" * 32
    sealed = bytearray(release_seal._SUITE.encrypt(b"r" * 32, release_seal._public(mine.public), info))
    assert len(sealed) == 1168
    sealed[at] ^= 1
    with pytest.raises(Broken):
        mine.open(bytes(sealed), info)
