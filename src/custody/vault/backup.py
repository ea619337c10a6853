"""Backup objects: facts, keys and mirrored entries sealed under the backup key (spec/vault.md §19).

The backup key is no child of any root: a restore must read the journal before it knows which root is live. Each object
has a key of its own, so its chunks may count their nonces; a torn, continued or relabelled object does not open.
"""

import base64
import os
import secrets
import struct
from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum
from functools import partial
from typing import Final, NamedTuple

import msgpack
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from custody.base.errors import Broken, Malformed
from custody.vault.keyid import KEY_BYTES, require_key
from custody.vault.labels import BACKUP
from custody.vault.record import require_id
from custody.vault.segment import Origin, Sink

MAGIC: Final = b"CVBK\x01"
CHUNK: Final = 1 << 20
_HEAD: Final = struct.Struct(">5sB16sQ")
_LENGTH: Final = struct.Struct(">I")
_SALT: Final = 32
HEAD_BYTES: Final = _HEAD.size + _SALT
"""What an object begins with, different for each: what it says of itself, and its salt."""
_TAG: Final = 16

Packed = int | str | bytes | bool | None
Value = list[Packed | list[str]]


class Kind(IntEnum):
    """What an object holds."""

    FACTS = 1
    KEYS = 2
    ENTRY = 3


class Named(NamedTuple):
    """What an object says of itself, and what a reader asks it to be."""

    kind: Kind
    owner: bytes
    position: int

    def encode(self) -> bytes:
        """The 30 bytes before the salt."""
        require_id(self.owner)
        return _HEAD.pack(MAGIC, self.kind, self.owner, self.position)


def write(target: Sink, key: bytes, named: Named, values: Iterable[Value]) -> None:
    """Seal msgpack values, streamed: no more than a chunk is in memory."""
    _write(target, key, named, values, os.urandom(_SALT))


def read(source: Origin, key: bytes, named: Named, former: Sequence[bytes] = ()) -> Iterator[Value]:
    """Inverse of `write`, streamed; what it gave is provisional until it ends. `former`: keys of before, under which what was not written anew yet may be. Raises Broken `backup.object`."""
    unpacker = msgpack.Unpacker(raw=False, max_buffer_size=2**31 - 1)
    try:
        for chunk in _open(source, (key, *former), named):
            unpacker.feed(chunk)
            for value in unpacker:
                yield _listed(value)
        if unpacker.read_bytes(1):
            raise _broken()
    except (ValueError, TypeError, msgpack.UnpackException) as error:
        raise _broken() from error


def seal(key: bytes, named: Named, value: Value) -> bytes:
    """One value as an object in memory."""
    parts: list[bytes] = []
    write(_Parts(parts), key, named, [value])
    return b"".join(parts)


def unseal(key: bytes, named: Named, data: bytes, former: Sequence[bytes] = ()) -> Value:
    """Inverse of `seal`. Raises Broken `backup.object`."""
    values = list(read(_Memory(data), key, named, former))
    if len(values) != 1:
        raise _broken()
    return values[0]


def new_key() -> bytes:
    """32 random bytes."""
    return secrets.token_bytes(KEY_BYTES)


def keys_text(keys: Iterable[bytes]) -> bytes:
    """A file of backup keys: one on each line, the newest first."""
    return b"".join(base64.b32encode(key).rstrip(b"=") + b"\n" for key in keys)


def keys_of(text: bytes) -> list[bytes]:
    """Inverse of `keys_text`. Raises Malformed `backup.key`."""
    try:
        keys = [base64.b32decode(line.strip().upper() + b"====") for line in text.split(b"\n") if line.strip()]
    except ValueError as error:
        raise _no_key() from error
    if not keys or any(len(key) != KEY_BYTES for key in keys):
        raise _no_key()
    return keys


def _no_key() -> Malformed:
    return Malformed(
        "backup.key", "keys/backup.key does not hold a backup key.", next="Put the copy back that was kept apart."
    )


def _write(target: Sink, key: bytes, named: Named, values: Iterable[Value], salt: bytes) -> None:
    head = named.encode() + salt
    cipher = _cipher(key, head)
    target.write(head)
    waiting, number = bytearray(), 0
    pack = msgpack.Packer(use_bin_type=True).pack
    for value in values:
        waiting += pack(value)
        while len(waiting) > CHUNK:
            target.write(_chunk(cipher, head, number, bytes(waiting[:CHUNK]), last=False))
            del waiting[:CHUNK]
            number += 1
    target.write(_chunk(cipher, head, number, bytes(waiting), last=True))


def _open(source: Origin, keys: Sequence[bytes], named: Named) -> Iterator[bytes]:
    head = source.read(HEAD_BYTES)
    if len(head) != HEAD_BYTES or head[: _HEAD.size] != named.encode():
        raise _broken()
    cipher, number, last = _cipher(keys[0], head), 0, False
    while not last:
        lead = source.read(_LENGTH.size)
        size = _LENGTH.unpack(lead)[0] if len(lead) == _LENGTH.size else 0
        if not _TAG <= size <= CHUNK + _TAG:
            raise _broken()
        sealed = source.read(size)
        if len(sealed) != size:
            raise _broken()
        if not number and len(keys) > 1:
            cipher = next(
                (one for one in map(partial(_cipher, head=head), keys) if _is_under(one, head, sealed)), cipher
            )
        # Only a full chunk can be followed by another one, and the nonce says which one is the last.
        last = len(sealed) < CHUNK + _TAG or _is_last(cipher, head, number, sealed)
        yield _unseal(cipher, head, number, sealed, last=last)
        number += 1
    if source.read(1):
        raise _broken()


def _is_under(cipher: AESGCM, head: bytes, sealed: bytes) -> bool:
    """Whether a first chunk is of this key, last or not."""
    return _is_last(cipher, head, 0, sealed) or _opens(cipher, head, _nonce(0, last=False), sealed)


def _is_last(cipher: AESGCM, head: bytes, number: int, sealed: bytes) -> bool:
    return _opens(cipher, head, _nonce(number, last=True), sealed)


def _opens(cipher: AESGCM, head: bytes, nonce: bytes, sealed: bytes) -> bool:
    try:
        cipher.decrypt(nonce, sealed, head)
    except InvalidTag:
        return False
    return True


def _unseal(cipher: AESGCM, head: bytes, number: int, sealed: bytes, *, last: bool) -> bytes:
    try:
        return cipher.decrypt(_nonce(number, last=last), sealed, head)
    except InvalidTag as error:
        raise _broken() from error


def _chunk(cipher: AESGCM, head: bytes, number: int, plain: bytes, *, last: bool) -> bytes:
    sealed = cipher.encrypt(_nonce(number, last=last), plain, head)
    return _LENGTH.pack(len(sealed)) + sealed


def _nonce(number: int, *, last: bool) -> bytes:
    return bytes((last, 0, 0, 0)) + number.to_bytes(8)


def _cipher(key: bytes, head: bytes) -> AESGCM:
    require_key(key)
    info = BACKUP + head[: _HEAD.size]
    return AESGCM(HKDF(SHA256(), KEY_BYTES, salt=head[_HEAD.size :], info=info).derive(key))


def _listed(value: object) -> Value:
    if not isinstance(value, list):
        raise _broken()
    return value


class _Parts:
    def __init__(self, parts: list[bytes]) -> None:
        self._parts = parts

    def write(self, data: bytes, /) -> None:
        self._parts.append(data)


class _Memory:
    def __init__(self, data: bytes) -> None:
        self._data, self._place = data, 0

    def read(self, size: int, /) -> bytes:
        self._place += size
        return self._data[self._place - size : self._place]


def _broken() -> Broken:
    return Broken("backup.object", "This is not a whole backup object of this key, kind, owner and position.",
                  kind="altered", next="Try another copy, or the key that it was made under.")  # fmt: skip
