"""Salts that die with a key: commitments about a person blind themselves when the person's slot is shredded (§14, A16).

The zero key is refused: it is what a shredded slot holds, and a salt made of it could be computed by anyone.
"""

from custody.vault.keyid import require_key
from custody.vault.labels import ENTRY_SALT, LEAF_SALT
from custody.vault.suite import AES, Suite


def entry_salt(audit_dek: bytes, entry: str, suite: Suite = AES) -> bytes:
    """The salt of a ledger entry that concerns the subject of `audit_dek`; 32 bytes, never stored.

    Raises Broken `vault.no-key`.
    """
    require_key(audit_dek)
    return suite.mac(audit_dek, suite.label(ENTRY_SALT) + entry.encode())


def leaf_salt(dek: bytes, suite: Suite = AES) -> bytes:
    """The salt of the package leaf of this DEK; 32 bytes, never stored. Raises Broken `vault.no-key`."""
    require_key(dek)
    return suite.mac(dek, suite.label(LEAF_SALT))


def leaf_commitment(dek: bytes, verdict: str, rules: str, suite: Suite = AES) -> bytes:
    """The commitment in a package leaf: whoever is given the DEK can open it, nobody else can guess it."""
    return suite.mac(leaf_salt(dek, suite), verdict.encode() + b"\0" + rules.encode())
