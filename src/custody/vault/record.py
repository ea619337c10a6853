"""Sealed records: 48 bytes of header, nonce, ciphertext, tag (spec/vault.md §4).

The header and the origin vault are authenticated, so a record opens only as what it says it is: this subject, this
record number, this revision, this schema, of this vault. The key id is checked before the tag: one ciphertext that
opens under two keys to two texts can be made in a few lines, and it is refused here.
"""

import os
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from custody.base.errors import Broken, Malformed
from custody.vault.payload import pad, unpad
from custody.vault.suite import SUITE_AES, key_id, require_suite

MAGIC: Final = b"CV"
VERSION: Final = 1
HEADER: Final = struct.Struct(">2sBBBBHI16sI16s")
NONCE_BYTES: Final = 12
OVERHEAD: Final = HEADER.size + NONCE_BYTES + 16
_LABEL: Final = b"custody/record/1\0"


@dataclass(frozen=True, slots=True)
class Header:
    """What stands in clear before a record: nothing of it is personal, the subject id is random."""

    suite: int
    compartment: int
    schema: int
    revision: int
    subject: bytes
    record: int
    key_id: bytes

    def encode(self) -> bytes:
        """The 48 bytes."""
        return HEADER.pack(
            MAGIC,
            VERSION,
            self.suite,
            self.compartment,
            0,
            self.schema,
            self.revision,
            self.subject,
            self.record,
            self.key_id,
        )


def parse(sealed: bytes) -> Header:
    """Read a header. Raises Malformed `vault.record`, `vault.suite`."""
    if len(sealed) < OVERHEAD + 1 or sealed[:2] != MAGIC or sealed[2] != VERSION or sealed[5] != 0:
        raise Malformed("vault.record", "This is not a sealed record of a version known here.")
    _, _, suite, compartment, _, schema, revision, subject, record, key = HEADER.unpack_from(sealed)
    require_suite(suite)
    return Header(suite, compartment, schema, revision, subject, record, key)


def seal(origin: bytes, items: Iterable[tuple[Header, bytes, bytes]], *, count: int) -> Iterator[bytes]:
    """Seal (header, DEK, payload) items of the vault `origin` (16 bytes); nonces come from one draw of `count`.

    Nonces are random, never counted: a restored backup would rewind a counter and repeat one.
    """
    prefix, nonces = _LABEL + origin, os.urandom(NONCE_BYTES * count)
    for place, (header, dek, payload) in enumerate(items):
        nonce = nonces[place * NONCE_BYTES : (place + 1) * NONCE_BYTES]
        if len(nonce) != NONCE_BYTES:
            raise Malformed("vault.count", "More records came than nonces were drawn for.")
        head = header.encode()
        yield head + nonce + AESGCM(dek).encrypt(nonce, pad(payload), prefix + head)


def open_record(origin: bytes, dek: bytes, sealed: bytes) -> tuple[Header, bytes]:
    """(header, payload). Raises Malformed, or Broken `vault.key`, `vault.tag`."""
    header = parse(sealed)
    if key_id(dek) != header.key_id:
        raise Broken("vault.key", "This is not the key that sealed the record.", kind="altered")
    head, nonce, body = sealed[:48], sealed[48:60], sealed[60:]
    try:
        return header, unpad(AESGCM(dek).decrypt(nonce, body, _LABEL + origin + head))
    except InvalidTag as error:
        raise Broken("vault.tag", "A record was changed after it was sealed.", kind="altered") from error


def new_header(
    compartment: int, schema: int, subject: bytes, record: int, dek_id: bytes, *, revision: int = 1
) -> Header:
    """A header of suite 1."""
    return Header(SUITE_AES, compartment, schema, revision, subject, record, dek_id)
