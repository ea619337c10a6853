"""Blind index: tags by which a value can be found without being readable (spec/vault.md §13).

Equal values of one field have equal tags, so a tag table shows which rows share a value, and whoever holds the key can
try values. So: a key per vault, field, normaliser and epoch; tables that no backup holds; look-ups that are limited and
logged by the caller. Many people share a name, and how often a name stands in a country is known: the tag of a name is cut to
a bucket of many people, who are opened and compared. A value without a normal form has no tag, which is not "not found".
"""

import os
import re
from collections.abc import Callable, Mapping
from typing import Final

from cryptography.exceptions import InvalidTag

from custody.base.errors import Broken, Malformed
from custody.vault.keyid import KEY_BYTES, require_key
from custody.vault.labels import INDEX, INDEX_KEY
from custody.vault.normal import customer_number, email, id_number, name, phone
from custody.vault.record import require_id
from custody.vault.suite import AES, NONCE_BYTES, Suite, taken_apart

TAG_BYTES: Final = 16
WRAPPED_BYTES: Final = NONCE_BYTES + KEY_BYTES + 16
NEWEST: Final = {kind: f"{kind}/1" for kind in ("email", "phone", "id-number", "customer-number")} | {"name": "name/2"}
BUCKETED: Final = frozenset((NEWEST["name"],))
"""Of these a tag says only the bucket: whoever has it is opened and compared."""
BUCKET_BITS: Final = 16
"""The most bits of a tag that a bucket has."""
_TOGETHER: Final = 64
"""So many people at least share a bucket on average, where there are that many."""
_NAME: Final = re.compile(r"[a-z][a-z0-9._/-]*", re.ASCII)
_NORMALISERS: Final[Mapping[str, Callable[[str, str], str | None]]] = {
    "email/1": email,
    "phone/1": phone,
    "id-number/1": id_number,
    "customer-number/1": customer_number,
    "name/2": name,
}


def normalise(normaliser: str, value: str, region: str) -> str | None:
    """The normal form of `value`, or None when it has none. `region` (`CN`) is the vault's; only phones use it.

    Raises Malformed `index.name` for a normaliser that is not known.
    """
    if normaliser not in _NORMALISERS:
        raise Malformed("index.name", f"No normaliser is called {normaliser}.")
    return _NORMALISERS[normaliser](value, region)


def bucket_bits(people: int) -> int:
    """How many bits of a tag tell a bucket among so many people: 64 to 127 of them are in one, until 16 bits are too few."""
    return max(0, min(BUCKET_BITS, (people // _TOGETHER).bit_length() - 1))


class Tagger:
    """Makes the tags of one field of one vault in one epoch. Keeps its key inside; has no repr that shows it."""

    def __init__(
        self,
        index_key: bytes,
        vault: bytes,
        field: str,
        normaliser: str,
        epoch: int,
        *,
        region: str,
        suite: Suite = AES,
        bits: int = 0,
    ) -> None:
        """`bits` of a bucket, for a normaliser whose tags are cut to one."""
        if (
            normaliser not in _NORMALISERS
            or not _NAME.fullmatch(field)
            or not 0 <= epoch < 2**32
            or not 0 <= bits <= BUCKET_BITS
        ):
            raise Malformed("index.name", "A field, normaliser, epoch or bucket of an index is not of its form.")
        require_key(index_key)
        require_id(vault)
        info = suite.label(INDEX) + vault + field.encode() + b"\0" + normaliser.encode() + b"\0" + epoch.to_bytes(4)
        self._key, self._mac = suite.derive(index_key, info), suite.mac
        self._form, self._region = _NORMALISERS[normaliser], region
        self._mask = _mask(bits if normaliser in BUCKETED else 8 * TAG_BYTES)

    def tag(self, value: str) -> bytes | None:
        """The 16-byte tag, or None when the value has no normal form."""
        form = self._form(value, self._region)
        return None if form is None else self.tag_form(form)

    def tag_form(self, form: str) -> bytes:
        """The tag of a value that is normal already; all but its first bits are zero where it tells a bucket."""
        whole = int.from_bytes(self._mac(self._key, form.encode())[:TAG_BYTES])
        return (whole & self._mask).to_bytes(TAG_BYTES)


def wrap_key(vault: bytes, place: tuple[int, int], key: bytes, keyring: bytes, suite: Suite = AES) -> bytes:
    """The index key of (epoch, generation) under the keyring key of that generation: it dies with that (§13)."""
    require_key(key)
    return suite.wrap(keyring, os.urandom(NONCE_BYTES), key, (INDEX_KEY, _place(vault, *place)))


def unwrap_key(vault: bytes, place: tuple[int, int], wrapped: bytes, keyring: bytes) -> tuple[Suite, bytes]:
    """(suite of the index, its key): inverse of `wrap_key`. Raises Broken `index.key`, Malformed `vault.suite`."""
    require_key(keyring)
    try:
        suite, blob = taken_apart(wrapped, WRAPPED_BYTES)
        return suite, suite.unwrap(keyring, blob, (INDEX_KEY, _place(vault, *place)))
    except (InvalidTag, ValueError) as error:
        raise Broken("index.key", "The index key does not open under this generation.", kind="altered") from error


def _mask(bits: int) -> int:
    return ((1 << bits) - 1) << (8 * TAG_BYTES - bits)


def _place(vault: bytes, epoch: int, generation: int) -> bytes:
    require_id(vault)
    return vault + epoch.to_bytes(4) + generation.to_bytes(8)
