"""Every label of the vault in one place: what keeps one use of a key apart from another (spec/vault.md §17).

No label is the beginning of another one; a test holds that.
"""

from collections.abc import Mapping
from typing import Final

KEY_ID: Final = b"custody/key-id/1\0"
RECORD: Final = b"custody/record/1\0"
PAGE: Final = b"custody/page/1"
WRAP: Final = b"custody/wrap/1"
KEYRING: Final = b"custody/keyring/1\0"
INDEX: Final = b"custody/index/1\0"
ENTRY_SALT: Final = b"custody/salt/1"
LEAF_SALT: Final = b"custody/leaf/1"
BACKUP: Final = b"custody/backup/1\0"
ESCROW: Final = b"custody/escrow/1\0"
INDEX_KEY: Final = b"custody/index-key/1"
HOLDER: Final = b"custody/holder/1\0"
SUPPRESSION: Final = b"custody/suppression/1\0"

LATER: Final[Mapping[bytes, bytes]] = {
    WRAP: b"custody/wrap/2",
    KEYRING: b"custody/keyring/2\0",
    INDEX: b"custody/index/2\0",
    INDEX_KEY: b"custody/index-key/2",
    ENTRY_SALT: b"custody/salt/2",
    LEAF_SALT: b"custody/leaf/2",
}
"""The same uses from suite 2 on; the suite's number follows (§2)."""
