"""Salts that die with a key: commitments about a person blind themselves when the person's slot is shredded (§14, A16).

The zero key is refused: it is what a shredded slot holds, and a salt made of it could be computed by anyone.
"""

import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from custody.base.errors import Broken
from custody.vault.keyid import KEY_BYTES, require_key
from custody.vault.labels import DETAIL, ENTRY_SALT, LEAF_SALT
from custody.vault.record import NONCE_BYTES


def entry_salt(audit_dek: bytes, entry: str) -> bytes:
    """The salt of a ledger entry that concerns the subject of `audit_dek`; 32 bytes, never stored.

    Raises Broken `vault.no-key`.
    """
    require_key(audit_dek)
    return hmac.digest(audit_dek, ENTRY_SALT + entry.encode(), "sha256")


def leaf_salt(dek: bytes) -> bytes:
    """The salt of the package leaf of this DEK; 32 bytes, never stored. Raises Broken `vault.no-key`."""
    require_key(dek)
    return hmac.digest(dek, LEAF_SALT, "sha256")


def leaf_commitment(dek: bytes, verdict: str, rules: str) -> bytes:
    """The commitment in a package leaf: whoever is given the DEK can open it, nobody else can guess it."""
    return hmac.digest(leaf_salt(dek), verdict.encode() + b"\0" + rules.encode(), "sha256")


def seal_detail(dek: bytes, entry: str, detail: bytes) -> bytes:
    """What an entry says of its subject, readable as long as the subject's slot is (§22). Raises Broken `vault.no-key`."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(_detail_key(dek)).encrypt(nonce, detail, entry.encode())


def open_detail(dek: bytes, entry: str, sealed: bytes) -> bytes:
    """Inverse of `seal_detail`. Raises Broken `vault.no-key`, `vault.tag`."""
    try:
        return AESGCM(_detail_key(dek)).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], entry.encode())
    except (InvalidTag, ValueError) as error:
        raise Broken("vault.tag", "The detail of an entry does not open under this key.", kind="altered") from error


def _detail_key(dek: bytes) -> bytes:
    require_key(dek)
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=DETAIL).derive(dek)
