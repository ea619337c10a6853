"""Roots in files under a passphrase (spec/vault.md §11). Destroying one is as sure as that nobody copied the file.

The folder is 0700 and carries a marker that keeps it out of `custody backup`; files are 0600; a destroyed root is
overwritten and synced before it is unlinked, which an SSD or a snapshot may defeat, and certificates say so
(assurance `file`). Without that marker the folder is a disk that is not mounted: of no root in it is said that it is gone, and where roots were
made before, none is made beneath it. The passphrase stays in memory as long as the provider, the key made from it for a minute (`shortly`);
no repr shows either. One Scrypt run serves all files of a folder, which share their salt.
"""

import os
import re
import secrets
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from custody.adapters.begun import Begun
from custody.adapters.files.local import sync_folder
from custody.adapters.keys.shortly import Shortly
from custody.base.errors import Broken, Malformed, Missing, Unavailable
from custody.ports.keys import Destroyed, RootState, Terms

TERMS: Final = Terms("passphrase-file", "file", timedelta(0), ("file-copies",), elsewhere=True)
MARKER: Final = "NO-BACKUP"
_ROOT: Final = b"custody/root/1\0"
_WRAP: Final = b"custody/root-wrap/1\0"
_LEAD: Final = struct.Struct(">4sBBBB16s")
_MAGIC: Final = b"CVRT"
_COST: Final = (15, 8, 1)
_NONCE_BYTES: Final = 12
_SEALED_BYTES: Final = 48
_KEY_BYTES: Final = 32
_FILE_BYTES: Final = _LEAD.size + _NONCE_BYTES + _SEALED_BYTES
_REF: Final = re.compile(r"[A-Za-z0-9_]{1,80}-[0-9]{1,20}", re.ASCII)
_PART: Final = ".part"
_LOST: Final = ".lost-"
"""Behind the name of a root file that opened no more when another root took its name."""
_STRETCHED: Final = Shortly[bytes]()


class PassphraseProvider:
    """See `ports.keys.KeyProvider`. Also raises Malformed `keys.ref`, `keys.file`, Broken `keys.passphrase`."""

    def __init__(self, folder: Path, passphrase: bytes, begun: Begun | None = None) -> None:
        self._folder, self._passphrase, self._begun = folder, passphrase, begun

    def terms(self, ref: str = "") -> Terms:  # noqa: ARG002 - all roots of a folder go alike
        return TERMS

    def find(self, vault: str, generation: int) -> Sequence[str]:
        ref = f"{vault}-{generation}"
        if not self._begun and not self._there() and not self._path(ref).exists():
            return []  # nothing was ever made here
        return [ref] if self.state(ref) == "live" else []

    def create(self, vault: str, generation: int) -> str:
        ref = f"{vault}-{generation}"
        path = self._path(ref)
        with _world():
            if not path.exists():
                self._prepare()
                self._place(path, self._sealed(ref))
        return ref

    def set_aside(self, ref: str) -> None:
        path = self._path(ref)
        try:
            self._root(ref)
        except (Broken, Malformed):
            with _world():
                path.rename(path.with_name(f"{ref}{_LOST}{secrets.token_hex(8)}"))
                sync_folder(self._folder)

    def wrap(self, ref: str, key: bytes) -> bytes:
        if len(key) != _KEY_BYTES:
            raise Malformed("keys.length", "A root wraps keys of 32 bytes and nothing else.")
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + AESGCM(self._root(ref)).encrypt(nonce, key, _WRAP + ref.encode())

    def unwrap(self, ref: str, blob: bytes) -> bytes:
        root = self._root(ref)
        if len(blob) != _NONCE_BYTES + _SEALED_BYTES:
            raise _no_blob()
        try:
            return AESGCM(root).decrypt(blob[:_NONCE_BYTES], blob[_NONCE_BYTES:], _WRAP + ref.encode())
        except InvalidTag as error:
            raise _no_blob() from error

    def destroy(self, ref: str, now: datetime) -> Destroyed:
        path = self._path(ref)
        with _world():
            # What was set aside goes first: whoever is cut off finds the root live, and goes on.
            named = (*self._folder.glob(f"{ref}{_LOST}*"), *([path] if path.exists() else ()))
            if not named:
                self._require()
            for each in named:
                _overwrite(each)
                for left in self._folder.glob(f"{ref}.*{_PART}"):
                    with suppress(FileNotFoundError):
                        _overwrite(left)  # what a change of the passphrase left: the root, in a file of its own
                sync_folder(self._folder)
        return Destroyed(now, TERMS.assurance)

    def unopened(self, label: str = "") -> Sequence[str]:
        # Ids are of one length, so that what stands in for a root (`_r…` behind the label) is no other's.
        mine = (f"{label}-", f"{label}_r") if label else ("",)
        return [ref for ref in self._refs() if ref.startswith(mine) and not self._opens(ref)]

    def reseal(self, passphrase: bytes) -> None:
        """Put every root under another passphrase, one file at a time, each replaced as a whole; safe to run again.

        One that opens under neither is passed over: it opened nothing before either, and `unopened` names it.
        """
        other = PassphraseProvider(self._folder, passphrase)
        if self._begun:
            self._require()  # else what lies on a disk that is away would stay under a passphrase that nobody keeps
        lead = _LEAD.pack(_MAGIC, 1, *_COST, secrets.token_bytes(16))
        for ref in self._refs():
            if self._opens(ref):
                self._replace(ref, _seal_root(other._key(lead), lead, ref, self._root(ref), os.urandom(_NONCE_BYTES)))

    def state(self, ref: str) -> RootState:
        with _world():
            try:
                data = self._path(ref).read_bytes()
            except FileNotFoundError:
                self._require()
                return "gone"
        # A destroy that a crash cut off between overwriting and unlinking leaves a file, and no root in it.
        return "live" if len(data) == _FILE_BYTES and data.startswith(_MAGIC) else "gone"

    def _path(self, ref: str) -> Path:
        if not _REF.fullmatch(ref):
            raise Malformed("keys.ref", "This is not a reference to a root.")
        return self._folder / ref

    def _refs(self) -> list[str]:
        with _world():
            names = [path.name for path in self._folder.iterdir()] if self._folder.is_dir() else []
        return sorted(name for name in names if _REF.fullmatch(name))

    def _opens(self, ref: str) -> bool:
        try:
            self._root(ref)
        except (Broken, Malformed):
            return False
        return True

    def _there(self) -> bool:
        with _world():
            return (self._folder / MARKER).is_file()

    def _require(self) -> None:
        """Raises Unavailable `keys.folder` where the folder is not the one that was made: what is not in it may lie on the disk that belongs there."""
        if not self._there():
            raise Unavailable("keys.folder", "The folder of the roots is not there, so nobody can say of one that it is gone.", retry=True,
                              next="Bring its disk back. Only if it is lost for good: make the folder with an empty file NO-BACKUP in it; then custody recovery open, or restore by sheets.")  # fmt: skip

    def _prepare(self) -> None:
        if self._begun:
            self._require()
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder.chmod(0o700)
        (self._folder / MARKER).write_bytes(b"Roots never enter a backup.\n")
        if self._begun is not None:
            self._begun.note()

    def _place(self, path: Path, data: bytes) -> None:
        """Durable under its name, or not there; a file that is there already stays: other keys may be under it."""
        part = path.with_name(f"{path.name}.{secrets.token_hex(8)}{_PART}")
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as target:
            target.write(data)
            target.flush()
            os.fsync(target.fileno())
        try:
            os.link(part, path)
        except FileExistsError:
            pass  # another process made this root first, and its root is the one that counts
        finally:
            part.unlink(missing_ok=True)
        sync_folder(self._folder)

    def _replace(self, ref: str, data: bytes) -> None:
        """Durable under its name; the old bytes are overwritten as far as a file system lets one."""
        path = self._path(ref)
        part = path.with_name(f"{path.name}.{secrets.token_hex(8)}{_PART}")
        with _world():
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as target, path.open("r+b") as before:
                target.write(data)
                target.flush()
                os.fsync(target.fileno())
                part.replace(path)
                sync_folder(self._folder)
                before.write(os.urandom(_FILE_BYTES))
                before.flush()
                os.fsync(before.fileno())

    def _sealed(self, ref: str) -> bytes:
        lead, nonce = self._shared_lead(), os.urandom(_NONCE_BYTES)
        return _seal_root(self._key(lead), lead, ref, secrets.token_bytes(_KEY_BYTES), nonce)

    def _shared_lead(self) -> bytes:
        cost = _LEAD.pack(_MAGIC, 1, *_COST, bytes(16))[:8]
        for path in sorted(self._folder.iterdir()):
            if _REF.fullmatch(path.name):
                lead = path.read_bytes()[: _LEAD.size]
                if lead.startswith(cost) and len(lead) == _LEAD.size:
                    return lead
        return cost + secrets.token_bytes(16)

    def _root(self, ref: str) -> bytes:
        path = self._path(ref)
        with _world():
            try:
                blob = path.read_bytes()
            except FileNotFoundError as error:
                self._require()
                raise Missing("keys.gone", "This root does not exist (any more).") from error
        lead, nonce, body = blob[: _LEAD.size], blob[_LEAD.size : _LEAD.size + _NONCE_BYTES], blob[-_SEALED_BYTES:]
        if len(blob) != _FILE_BYTES:
            raise _no_file(ref)
        try:
            return AESGCM(self._key(lead)).decrypt(nonce, body, _ROOT + lead + ref.encode())
        except InvalidTag as error:
            raise Broken(
                "keys.passphrase", "The passphrase does not open this root.", kind="altered", where={"root": ref}
            ) from error

    def _key(self, lead: bytes) -> bytes:
        return _STRETCHED.get(self._passphrase, lead, lambda: _stretched(lead, self._passphrase))


def _stretched(lead: bytes, passphrase: bytes) -> bytes:
    magic, version, log_n, r, p, salt = _LEAD.unpack(lead)
    # Bounds, because the file says the cost: a changed one may not take all memory or cost nothing.
    if magic != _MAGIC or version != 1 or not (14 <= log_n <= 20 and 1 <= r <= 16 and 1 <= p <= 4):
        raise _no_file()
    return Scrypt(salt=salt, length=_KEY_BYTES, n=2**log_n, r=r, p=p).derive(passphrase)


def _seal_root(key: bytes, lead: bytes, ref: str, root: bytes, nonce: bytes) -> bytes:
    return lead + nonce + AESGCM(key).encrypt(nonce, root, _ROOT + lead + ref.encode())


def _overwrite(path: Path) -> None:
    """The same inode, so that a second name left by a crash while creating holds nothing either; then its name goes."""
    with path.open("r+b") as target:
        target.write(os.urandom(max(path.stat().st_size, _FILE_BYTES)))
        target.flush()
        os.fsync(target.fileno())
    path.unlink()


@contextmanager
def _world() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unavailable(
            "keys.folder", "The folder of the roots cannot be read or written.", next="Check its owner and space."
        ) from error


def _no_blob() -> Broken:
    return Broken("keys.blob", "This key is not under this root.", kind="altered")


def _no_file(ref: str = "") -> Malformed:
    where = {"root": ref} if ref else {}
    return Malformed("keys.file", "This is not a root file of a version known here.", where=where)
