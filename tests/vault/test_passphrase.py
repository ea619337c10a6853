"""Roots in files: made once, opened by their passphrase, gone when destroyed (spec/vault.md §11)."""

import os
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from custody.adapters.files.local import LocalFiles
from custody.adapters.keys.passphrase import MARKER, PassphraseProvider
from custody.ports.keys import KeyProvider

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SECRET = b"a passphrase"
VAULT = "vlt_00000000000000000000000000"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("roots") / "keys"


@pytest.fixture(scope="module")
def provider(folder: Path) -> KeyProvider:
    return PassphraseProvider(folder, SECRET)


def test_a_key_comes_back_from_another_process(folder: Path, provider: KeyProvider):
    """What one provider wrapped, a fresh one over the same folder unwraps."""
    ref, key = provider.create(VAULT, 1), secrets.token_bytes(32)
    blob = provider.wrap(ref, key)
    assert PassphraseProvider(folder, SECRET).unwrap(ref, blob) == key
    assert blob != provider.wrap(ref, key)


def test_creating_is_idempotent_by_label(folder: Path, provider: KeyProvider):
    """A second create finds the root and keeps it."""
    ref = provider.create(VAULT, 2)
    before = (folder / ref).read_bytes()
    assert provider.create(VAULT, 2) == ref
    assert PassphraseProvider(folder, SECRET).create(VAULT, 2) == ref
    assert (folder / ref).read_bytes() == before


def test_a_root_that_another_process_made_first_stays(folder: Path, provider: PassphraseProvider):
    """Between looking and writing another process may make the root: its root is the one that counts."""
    ref = provider.create(VAULT, 3)
    before = (folder / ref).read_bytes()
    provider._place(folder / ref, b"late")
    assert (folder / ref).read_bytes() == before
    assert not list(folder.glob("*.part"))


def test_folder_files_and_marker_have_their_modes(folder: Path, provider: KeyProvider):
    """The folder is its owner's alone, so are the files, and the marker keeps it out of backups."""
    ref = provider.create(VAULT, 4)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / ref).stat().st_mode & 0o777 == 0o600
    assert (folder / MARKER).is_file()


def test_roots_of_one_folder_share_their_salt(folder: Path, provider: KeyProvider):
    """One Scrypt run serves all files of a folder; roots and nonces differ."""
    one, two = ((folder / provider.create(VAULT, g)).read_bytes() for g in (5, 6))
    assert one[:24] == two[:24]
    assert one[24:] != two[24:]


def test_destroying_a_root_is_final_and_may_be_repeated(folder: Path, provider: KeyProvider, refuses):
    """After a destroy nothing opens, the state is gone, the answer says how sure that is."""
    ref = provider.create(VAULT, 7)
    blob = provider.wrap(ref, b"k" * 32)
    (folder / "second-name").hardlink_to(folder / ref)
    kept = (folder / "second-name").read_bytes()
    assert provider.state(ref) == "live"
    assert provider.destroy(ref, NOW) == provider.destroy(ref, NOW) == (NOW, "file")
    assert provider.state(ref) == "gone"
    assert (folder / "second-name").read_bytes() != kept
    (folder / "second-name").unlink()
    for call in (lambda: provider.unwrap(ref, blob), lambda: provider.wrap(ref, b"k" * 32)):
        with refuses("keys.gone"):
            call()


def test_a_root_made_again_opens_nothing_of_the_destroyed_one(provider: KeyProvider, refuses):
    """A generation made anew under the same label is another root."""
    ref = provider.create(VAULT, 8)
    blob = provider.wrap(ref, b"k" * 32)
    provider.destroy(ref, NOW)
    provider.create(VAULT, 8)
    with refuses("keys.blob"):
        provider.unwrap(ref, blob)


def test_a_blob_belongs_to_its_root(provider: KeyProvider, refuses):
    """A key wrapped under one generation does not open under another; blobs of any length are refused by name."""
    one, two = provider.create(VAULT, 9), provider.create(VAULT, 10)
    blob = provider.wrap(one, b"k" * 32)
    for data in (blob, b"", blob[:-1], blob + b"\0"):
        with refuses("keys.blob"):
            provider.unwrap(two, data)


def test_another_passphrase_opens_nothing(folder: Path, provider: KeyProvider, refuses):
    """The wrong passphrase is told as such."""
    ref = provider.create(VAULT, 11)
    with refuses("keys.passphrase"):
        PassphraseProvider(folder, b"another").wrap(ref, b"k" * 32)


def test_a_renamed_root_file_does_not_open(folder: Path, provider: KeyProvider, refuses):
    """An old root put in a newer one's place is refused: the reference is authenticated."""
    old, new = provider.create(VAULT, 12), provider.create(VAULT, 13)
    (folder / new).write_bytes((folder / old).read_bytes())
    with refuses("keys.passphrase"):
        provider.wrap(new, b"k" * 32)


@pytest.mark.parametrize("ref", ["", "../secret-1", "a/b-1", "vlt", "vlt-x", "vlt-1\n", f"{'v' * 200}-1"])
def test_a_reference_never_leads_outside_the_folder(ref: str, provider: KeyProvider, refuses):
    """A reference that is not of its form is refused by every method."""
    for call in (lambda: provider.state(ref), lambda: provider.destroy(ref, NOW), lambda: provider.wrap(ref, b"k" * 32),
                 lambda: provider.unwrap(ref, b"")):  # fmt: skip
        with refuses("keys.ref"):
            call()


def test_only_keys_of_32_bytes_are_wrapped(provider: KeyProvider, refuses):
    """A root is not a place for other secrets."""
    with refuses("keys.length"):
        provider.wrap(provider.create(VAULT, 14), b"short")


def test_a_folder_that_cannot_be_used_is_told(tmp_path: Path, refuses):
    """A file in the folder's place is the world's fault, told without a raw error."""
    (tmp_path / "taken").write_text("a file")
    with refuses("keys.folder"):
        PassphraseProvider(tmp_path / "taken", SECRET).create(VAULT, 1)


def test_the_repr_shows_no_secret(provider: KeyProvider):
    """Printing a provider shows neither passphrase nor folder contents."""
    assert "passphrase'" not in repr(provider)
    assert "a passphrase" not in repr(provider)


def test_a_root_that_was_overwritten_and_not_unlinked_is_gone(tmp_path: Path):
    """A destroy that was cut off between its two halves is no live root, and is finished by the next one."""
    held = PassphraseProvider(tmp_path / "keys", SECRET)
    ref = held.create(VAULT, 1)
    (tmp_path / "keys" / ref).write_bytes(secrets.token_bytes(84))
    assert held.state(ref) == "gone"
    held.destroy(ref, NOW)
    assert not (tmp_path / "keys" / ref).exists()


def test_what_a_change_of_the_passphrase_left_is_overwritten_with_its_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # fmt: skip
    """Killed before it took its name: a whole root under the new passphrase, which a destroy does not leave on the disk, nor a sweep take first."""
    folder = tmp_path / "roots"
    held = PassphraseProvider(folder, SECRET)
    ref = held.create(VAULT, 1)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", lambda *_: 1 // 0)
        patch.setattr(Path, "unlink", lambda *_, **__: None)
        with pytest.raises(ZeroDivisionError):
            held.reseal(b"another")
    (left,) = folder.glob("*.part")
    before = left.read_bytes()
    os.link(left, beside := tmp_path / "beside")
    os.utime(left, (0, 0))
    assert LocalFiles(tmp_path).sweep(timedelta(days=7)) == 0
    assert left.exists()
    held.destroy(ref, NOW)
    assert not left.exists()
    assert beside.read_bytes() != before


def test_a_file_that_opens_under_neither_passphrase_is_passed_over_and_named(tmp_path: Path, refuses):
    """Rotted or torn, it opened nothing before; all others stand under the new passphrase, also after a change that was cut off."""
    old, new = PassphraseProvider(tmp_path, SECRET), PassphraseProvider(tmp_path, b"another")
    refs = [old.create(VAULT, number) for number in range(1, 5)]
    blobs = {ref: old.wrap(ref, b"k" * 32) for ref in refs}
    data = bytearray((tmp_path / refs[0]).read_bytes())
    data[-1] ^= 1
    (tmp_path / refs[0]).write_bytes(data)
    (tmp_path / refs[1]).write_bytes(data[:50])
    assert old.unopened(VAULT) == old.unopened() == refs[:2]
    assert old.unopened(VAULT[:-1]) == []
    for _ in range(2):
        old.reseal(b"another")
        assert new.unopened() == refs[:2]
    assert [new.unwrap(ref, blobs[ref]) for ref in refs[2:]] == [b"k" * 32] * 2
    with refuses("keys.passphrase"):
        old.unwrap(refs[2], blobs[refs[2]])
