"""Salts that die with a key: commitments about a person blind themselves when the person's slot is shredded (A16)."""

import hmac
from typing import Final

_ENTRY: Final = b"custody/salt/1"
_LEAF: Final = b"custody/leaf/1"


def entry_salt(audit_dek: bytes, entry: str) -> bytes:
    """The salt of a ledger entry that concerns the subject of `audit_dek`; 32 bytes, never stored."""
    return hmac.digest(audit_dek, _ENTRY + entry.encode(), "sha256")


def leaf_commitment(dek: bytes, verdict: str, rules: str) -> bytes:
    """The commitment in a package leaf: whoever is given the DEK can open it, nobody else can guess it."""
    salt = hmac.digest(dek, _LEAF, "sha256")
    return hmac.digest(salt, verdict.encode() + b"\0" + rules.encode(), "sha256")
