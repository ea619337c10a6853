"""Sealed records: 48 bytes of header, nonce, ciphertext, tag (spec/vault.md §4).

The header and the origin vault are authenticated, so a record opens only as what it says it is: this subject, this
record number, this revision, this schema, of this vault. The key id is checked before the tag: one ciphertext that
opens under two keys to two texts can be made in a few lines, and it is refused here.

`seal_records` is the bulk path; `seal` takes ready headers. Both draw the nonces of a batch at once. Memory: keys live
as long as the caller's references and OpenSSL's contexts do; nothing here keeps one after it returns.
"""

import os
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from cryptography.exceptions import InvalidTag

from custody.base.errors import Broken, Malformed
from custody.vault.labels import RECORD
from custody.vault.payload import LINEAR, PADS, pad, unpad
from custody.vault.suite import AES, NONCE_BYTES, TAG_BYTES, Suite, suite_of

MAGIC: Final = b"CV"
VERSION: Final = 1
HEADER: Final = struct.Struct(">2sBBBBHI16sI16s")
SUITE_AT: Final = 3
KEY_ID: Final = slice(32, 48)
"""Where a header says its suite and its key."""
OVERHEAD: Final = HEADER.size + NONCE_BYTES + TAG_BYTES
SHORTEST: Final = OVERHEAD + 64
COMPARTMENTS: Final = 16
MAX_RECORDS_PER_KEY: Final = 2**20
ID_BYTES: Final = 16


class Header(NamedTuple):
    """What stands in clear before a record: nothing of it is personal, the subject id is random."""

    suite: int
    compartment: int
    schema: int
    revision: int
    subject: bytes
    record: int
    key_id: bytes

    def encode(self) -> bytes:
        """The 48 bytes. Raises Malformed `vault.record` for a field out of range, `vault.suite`."""
        suite_of(self.suite)
        _require_compartment(self.compartment)
        # struct pads short byte fields and cuts long ones without a word, so lengths are looked at here.
        require_id(self.subject)
        require_id(self.key_id)
        if self.revision < 1:
            raise _out_of_range()
        numbers = (self.compartment, 0, self.schema, self.revision)
        try:
            return HEADER.pack(MAGIC, VERSION, self.suite, *numbers, self.subject, self.record, self.key_id)
        except struct.error as error:
            raise _out_of_range() from error


class Item(NamedTuple):
    """One record to be sealed; the key comes from its subject, the key id from the key."""

    schema: int
    subject: bytes
    record: int
    payload: bytes
    revision: int = 1

    def __repr__(self) -> str:
        return f"Item({self.schema}, record {self.record}, revision {self.revision})"  # what is sealed stands in no message


def parse(sealed: bytes) -> Header:
    """Read a header. Raises Malformed `vault.record`, `vault.suite`."""
    if len(sealed) < SHORTEST or sealed[:2] != MAGIC or sealed[2] != VERSION or sealed[5] != 0:
        raise Malformed("vault.record", "This is not a sealed record of a version known here.")
    _, _, suite, compartment, _, schema, revision, subject, record, key = HEADER.unpack_from(sealed)
    suite_of(suite)
    if compartment >= COMPARTMENTS or revision == 0:
        raise _out_of_range()
    return Header(suite, compartment, schema, revision, subject, record, key)


def seal_records(
    origin: bytes, compartment: int, dek_of: Callable[[bytes], bytes], items: Sequence[Item], *, suite: Suite = AES
) -> list[bytes]:
    """Seal a batch of one compartment, in order; `dek_of` gives the 32-byte DEK of a subject (`deks.__getitem__`).

    One draw gives all nonces, and one cipher serves adjacent records of a subject. Raises Broken
    `vault.no-key`, Malformed `vault.record`.
    """
    nonces = os.urandom(NONCE_BYTES * len(items))
    return _seal_batch((suite, origin, compartment), dek_of, items, nonces)


def seal(origin: bytes, items: Iterable[tuple[Header, bytes, bytes]], *, count: int) -> Iterator[bytes]:
    """Seal (header, DEK, payload) items of the vault `origin` (16 bytes); nonces come from one draw of `count`.

    Raises Broken `vault.no-key`, `vault.key` (the header names another key), Malformed `vault.record`, `vault.count`.
    """
    nonces = os.urandom(NONCE_BYTES * count)
    for place, (header, dek, payload) in enumerate(items):
        nonce = nonces[place * NONCE_BYTES : (place + 1) * NONCE_BYTES]
        if len(nonce) != NONCE_BYTES:
            raise Malformed("vault.count", "More records came than nonces were drawn for.")
        yield _seal_one(origin, header, dek, payload, nonce)


def open_record(origin: bytes, dek: bytes, sealed: bytes) -> tuple[Header, bytes]:
    """(header, payload). Raises Malformed, or Broken `vault.no-key`, `vault.key`, `vault.tag`, `vault.padding`."""
    header = parse(sealed)
    suite = suite_of(header.suite)
    if suite.key_id(dek) != header.key_id:
        raise _other_key()
    head, nonce, body = sealed[:48], sealed[48:60], sealed[60:]
    try:
        return header, unpad(suite.cipher(dek).decrypt(nonce, body, RECORD + origin + head))
    except InvalidTag as error:
        raise Broken("vault.tag", "A record was changed after it was sealed.", kind="altered") from error


def new_header(
    compartment: int, schema: int, subject: bytes, record: int, dek_id: bytes, *, revision: int = 1, suite: Suite = AES
) -> Header:
    """A header; `dek_id` is the key id by the same suite."""
    return Header(suite.number, compartment, schema, revision, subject, record, dek_id)


def _seal_one(origin: bytes, header: Header, dek: bytes, payload: bytes, nonce: bytes) -> bytes:
    require_id(origin)
    suite = suite_of(header.suite)
    if suite.key_id(dek) != header.key_id:
        raise _other_key()
    head = header.encode()
    return head + nonce + suite.cipher(dek).encrypt(nonce, pad(payload), RECORD + origin + head)


def _seal_batch(
    where: tuple[Suite, bytes, int], dek_of: Callable[[bytes], bytes], items: Sequence[Item], nonces: bytes
) -> list[bytes]:
    # Nine tenths of sealing is the cost of calls, so nothing is called here that can stand in the loop.
    suite, origin, compartment = where
    require_id(origin)
    _require_compartment(compartment)
    prefix, place, sealed = RECORD + origin, 0, []
    pack_header, number = HEADER.pack, suite.number
    last: bytes | None = None
    for schema, subject, record, payload, revision in items:
        # Only the last cipher is kept: a dictionary of them costs more in cache misses than it saves in set-up.
        if subject != last:
            dek = dek_of(subject)
            last, key, cipher = subject, suite.key_id(dek), suite.cipher(dek)
            require_id(subject)
        if revision < 1:
            raise _out_of_range()
        try:
            head = pack_header(MAGIC, VERSION, number, compartment, 0, schema, revision, subject, record, key)
        except struct.error as error:
            raise _out_of_range() from error
        size = len(payload)
        padded = payload + PADS[~size & 63] if size < LINEAR else pad(payload)
        nonce = nonces[place : place + NONCE_BYTES]
        place += NONCE_BYTES
        sealed.append(head + nonce + cipher.encrypt(nonce, padded, prefix + head))
    return sealed


def _require_compartment(compartment: int) -> None:
    if not 0 <= compartment < COMPARTMENTS:
        raise _out_of_range()


def require_id(value: bytes) -> None:
    """Vault, segment and subject ids are 16 bytes. Raises Malformed `vault.record`."""
    if len(value) != ID_BYTES:
        raise _out_of_range()


def _out_of_range() -> Malformed:
    return Malformed("vault.record", "A field of a record's header is out of its range.")


def _other_key() -> Broken:
    return Broken("vault.key", "This is not the key that sealed the record.", kind="altered")
