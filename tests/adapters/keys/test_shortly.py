"""A stretched passphrase serves for its minute, for its own secret and salt, and is gone after."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from custody.adapters.keys import signers
from custody.adapters.keys.passphrase import PassphraseProvider
from custody.adapters.keys.shortly import Shortly
from custody.base.errors import Broken, CustodyError, Missing
from custody.base.signing import Signer


def test_a_key_is_made_once_for_each_secret_and_salt():
    """Another secret, another salt, and the same bytes cut at another place are other keys."""
    kept, made = Shortly(), list[bytes]()
    for secret, lead in ((b"ab", b"c"), (b"ab", b"c"), (b"x", b"c"), (b"ab", b"d"), (b"b", b"ca")):
        kept.get(secret, lead, lambda secret=secret, lead=lead: made.append(lead + secret) or lead + secret)
    assert made == [b"cab", b"cx", b"dab", b"cab"]


def test_a_key_is_forgotten_though_nobody_asks():
    """The timer takes it out."""
    kept = Shortly(seconds=0.01)
    assert kept.get(b"s", b"l", lambda: b"k") == b"k"
    until = time.monotonic() + 60
    while len(kept) and time.monotonic() < until:
        time.sleep(0.01)
    assert len(kept) == 0
    assert kept.get(b"s", b"l", lambda: b"again") == b"again"


def test_an_open_signing_key_is_forgotten_and_a_wrong_secret_never_finds_it(monkeypatch: pytest.MonkeyPatch):
    """Within its minute it is opened once; after it the file and the secret are needed again."""
    monkeypatch.setattr(signers, "_OPENED", kept := Shortly[Signer](seconds=0.3))
    blob = Signer.generate().seal_private(b"a secret of a token")
    assert signers.signer(blob, b"a secret of a token") is signers.signer(blob, b"a secret of a token")
    with pytest.raises(CustodyError):
        signers.signer(blob, b"another")
    until = time.monotonic() + 60
    while len(kept) and time.monotonic() < until:
        time.sleep(0.05)
    assert len(kept) == 0


def test_what_could_not_be_made_is_not_kept():
    """A fault is met again."""
    kept = Shortly()
    with pytest.raises(ZeroDivisionError):
        kept.get(b"s", b"l", lambda: bytes([1 // 0]))
    assert len(kept) == 0


def test_a_destroyed_root_and_a_wrong_passphrase_do_not_outlive_their_files(tmp_path: Path):
    """With everything remembered: a second provider opens at once, a destroyed root is gone, another passphrase opens nothing."""
    one = PassphraseProvider(tmp_path, b"first passphrase")
    ref = one.create("vlt_1", 1)
    blob = one.wrap(ref, b"k" * 32)
    assert PassphraseProvider(tmp_path, b"first passphrase").unwrap(ref, blob) == b"k" * 32
    with pytest.raises(Broken):
        PassphraseProvider(tmp_path, b"other passphrase").unwrap(ref, blob)
    one.reseal(b"second passphrase")
    with pytest.raises(Broken):
        PassphraseProvider(tmp_path, b"first passphrase").unwrap(ref, blob)
    two = PassphraseProvider(tmp_path, b"second passphrase")
    assert two.unwrap(ref, blob) == b"k" * 32
    two.destroy(ref, datetime(2026, 3, 1, tzinfo=UTC))
    with pytest.raises(Missing):
        PassphraseProvider(tmp_path, b"second passphrase").unwrap(ref, blob)
