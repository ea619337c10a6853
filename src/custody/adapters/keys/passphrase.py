"""Roots in files under a passphrase. Destroying one is as sure as that nobody copied the file: assurance `file`.

The folder carries a marker that keeps it out of `custody backup`; files are 0600; a destroyed root is overwritten and
synced before it is unlinked, which an SSD or a snapshot may defeat, and certificates say so.
"""

import os
import secrets
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from custody.adapters.files.local import LocalFiles, sync_folder
from custody.base.errors import Broken, Missing
from custody.ports.keys import Destroyed

_LABEL: Final = b"custody/root/1\0"
_SALT: Final = "salt"
_MARKER: Final = "NO-BACKUP"


class PassphraseProvider:
    """See `ports.keys.KeyProvider`. One Scrypt run per instance, over a salt of the folder."""

    assurance: Final = "file"

    def __init__(self, folder: Path, passphrase: bytes) -> None:
        self._folder, self._files, self._passphrase = folder, LocalFiles(folder), passphrase
        self._cached: bytes | None = None

    def create(self, vault: str, generation: int) -> str:
        ref = f"{vault}-{generation}"
        if not (self._folder / ref).exists():
            nonce, label = os.urandom(12), _LABEL + ref.encode()
            body = AESGCM(self._key()).encrypt(nonce, secrets.token_bytes(32), label)
            self._files.write(ref, nonce + body, secret=True)
        return ref

    def wrap(self, ref: str, key: bytes) -> bytes:
        nonce = os.urandom(12)
        return nonce + AESGCM(self._root(ref)).encrypt(nonce, key, _LABEL)

    def unwrap(self, ref: str, blob: bytes) -> bytes:
        try:
            return AESGCM(self._root(ref)).decrypt(blob[:12], blob[12:], _LABEL)
        except (InvalidTag, ValueError) as error:
            raise Broken("keys.blob", "This key is not under this root.", kind="altered") from error

    def destroy(self, ref: str, now: datetime) -> Destroyed:
        path = self._folder / ref
        if path.exists():
            with path.open("r+b") as target:
                target.write(os.urandom(path.stat().st_size))
                target.flush()
                os.fsync(target.fileno())
            path.unlink()
            sync_folder(self._folder)
        return Destroyed(now, self.assurance)

    def state(self, ref: str) -> str:
        return "live" if (self._folder / ref).exists() else "gone"

    def _root(self, ref: str) -> bytes:
        path = self._folder / ref
        if not path.exists():
            raise Missing("keys.gone", "This root does not exist (any more).")
        blob = path.read_bytes()
        try:
            return AESGCM(self._key()).decrypt(blob[:12], blob[12:], _LABEL + ref.encode())
        except InvalidTag as error:
            raise Broken("keys.passphrase", "The passphrase does not open this root.", kind="altered") from error

    def _key(self) -> bytes:
        if self._cached is None:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            salt = self._folder / _SALT
            if not salt.exists():
                self._files.write(_MARKER, b"Roots never enter a backup.\n")
                self._files.write(_SALT, secrets.token_bytes(16), secret=True)
            stretch = Scrypt(salt=salt.read_bytes(), length=32, n=2**15, r=8, p=1)
            self._cached = stretch.derive(self._passphrase)
        return self._cached
