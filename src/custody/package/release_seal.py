"""Seal the keys of a release to the buyer's one-deal key, and open them (spec/package.md §5).

HPKE (RFC 9180) with ML-KEM-768 + X25519; the seal is bound to the manifest by its info. Page keys follow from the
release key alone, since the manifest holds the pages' hashes. The verifier does not import this module: it has no key.
"""

import hashlib
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

from custody.base.errors import Broken, Malformed
from custody.package import silent as silence
from custody.package.release import PAGE_BYTES, PUBLIC_BYTES, Manifest, PageEntry, encode, key_id
from custody.package.release import digest as sha256
from custody.package.suites import Aead, primitives

SHARE_BYTES: Final = 32
PRIVATE_BYTES: Final = 96
_KEM_PUBLIC: Final = 1184
_SUITE: Final = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
_INFO: Final = b"custody/release/1\0"
_KEY: Final = b"custody/release-key/1"
_PAGE: Final = b"custody/release-page/1"
_NO_KEY: Final = bytes(32)


class DealKey:
    """The buyer's key for one deal: 64-byte ML-KEM seed and 32-byte X25519 key. Deleted after the last release."""

    def __init__(self, private: bytes) -> None:
        if len(private) != PRIVATE_BYTES:
            raise Malformed("release.key", "A deal key is 96 bytes.")
        self._bytes = private
        self._kem = MLKEM768PrivateKey.from_seed_bytes(private[:64])
        self._ec = X25519PrivateKey.from_private_bytes(private[64:])
        self.public = self._kem.public_key().public_bytes_raw() + self._ec.public_key().public_bytes_raw()

    @classmethod
    def generate(cls) -> "DealKey":
        """A new key from the system's randomness."""
        return cls(secrets.token_bytes(PRIVATE_BYTES))

    def private(self) -> bytes:
        """The 96 bytes, to be kept only under a key of the identity provider."""
        return self._bytes

    @property
    def id(self) -> str:
        """What a manifest names as its recipient's key."""
        return key_id(self.public)

    def open(self, enc: bytes, info: bytes) -> bytes:
        """HPKE. Raises Broken `release.seal` (recipient)."""
        try:
            return _SUITE.decrypt(enc, hpke.MLKEM768X25519PrivateKey(self._kem, self._ec), info)
        except (InvalidTag, ValueError) as error:
            raise Broken("release.seal", "This release was not sealed for this key.", kind="recipient") from error

    def __repr__(self) -> str:
        return f"DealKey({self.id})"


@dataclass(frozen=True, slots=True)
class Released:
    """A sealed release, to be written as manifest.json and enc beside pages.bin; `share` is R2, held back."""

    manifest: Manifest
    data: bytes = field(repr=False)
    enc: bytes = field(repr=False)
    pages_sha256: str
    silent: bytes = field(default=b"", repr=False)


def seal(
    draft: Manifest,
    pages: Iterable[tuple[int, int, bytes]],
    target: BinaryIO,
    public: bytes,
    *,
    share: bytes | None = None,
    silent: Collection[bytes] = (),
) -> Released:
    """Seal (compartment, page, 32 KiB of slots), ascending, to the buyer's `public` key; pages go to `target`.

    `silent` are those whom nobody may contact, by id; where there are some, the manifest names the file that says so. Slots that are not to be handed over must be zero. With `share` (R2, 32 random bytes) opening needs both shares.
    Raises Malformed `release.recipient` when the draft names another key, `release.share`, `release.page`.
    """
    if draft.recipient.key != key_id(public) or len(public) != PUBLIC_BYTES:
        raise Malformed("release.recipient", "The draft names another key than the one to seal to.")
    if share is not None and len(share) != SHARE_BYTES:
        raise Malformed("release.share", "A share is 32 bytes.")
    first = secrets.token_bytes(SHARE_BYTES)
    root = release_key(draft, first, share)
    digest, entries = hashlib.sha256(), []
    for compartment, page, slots in pages:
        sealed = seal_page(draft, root, compartment, page, slots)
        target.write(sealed)
        digest.update(sealed)
        entries.append(PageEntry(compartment, page, hashlib.sha256(sealed).hexdigest(), live(slots)))
    closing = None if share is None else "sha256:" + hashlib.sha256(share).hexdigest()
    told = (
        seal_message(silence.encode(silent), public, silence.bound_to(draft.deal, draft.n, draft.package.id))
        if silent
        else b""
    )
    manifest = replace(draft, pages=tuple(entries), closing=closing, silent=sha256(told) if told else None)
    data = encode(manifest)
    enc = _SUITE.encrypt(first, _public(public), info(data))
    return Released(manifest, data, enc, digest.hexdigest(), told)


def seal_message(plain: bytes, public: bytes, bound_to: bytes) -> bytes:
    """HPKE of a whole message to the buyer's one-deal key, for `DealKey.open` with the same `bound_to`."""
    return _SUITE.encrypt(plain, _public(public), bound_to)


def info(manifest: bytes) -> bytes:
    """What binds a seal to its manifest."""
    return _INFO + hashlib.sha256(manifest).digest()


def release_key(manifest: Manifest, first: bytes, share: bytes | None) -> bytes:
    """R from R1 and, where there is one, R2."""
    label = _KEY + _deal(manifest)
    return HKDF(hashes.SHA256(), 32, salt=None, info=label).derive(first + (share or b""))


def seal_page(manifest: Manifest, root: bytes, compartment: int, page: int, slots: bytes) -> bytes:
    """`nonce 12 | ciphertext | tag 16`. Raises Malformed `release.page`."""
    if len(slots) != PAGE_BYTES:
        raise Malformed("release.page", "A page is 32 KiB of slots.")
    nonce = secrets.token_bytes(12)
    return nonce + _page_cipher(manifest, root, compartment, page).encrypt(
        nonce, slots, _page_aad(manifest, compartment, page)
    )


def open_page(manifest: Manifest, root: bytes, compartment: int, page: int, sealed: bytes) -> bytes:
    """Inverse of `seal_page`. Raises Broken `release.page`."""
    cipher = _page_cipher(manifest, root, compartment, page)
    try:
        return cipher.decrypt(sealed[:12], sealed[12:], _page_aad(manifest, compartment, page))
    except (InvalidTag, ValueError) as error:
        raise Broken(
            "release.page",
            "A page does not open.",
            kind="altered",
            next="With an escrowed closing, check that the second share is the one that was published.",
        ) from error


def live(slots: bytes) -> int:
    """How many slots hold a key."""
    return sum(slots[place : place + 32] != _NO_KEY for place in range(0, len(slots), 32))


def _page_cipher(manifest: Manifest, root: bytes, compartment: int, page: int) -> Aead:
    known = primitives(manifest.suite)
    info = b"page" + bytes((compartment,)) + page.to_bytes(4)
    return known.aead(HKDFExpand(known.hash_of_hkdf(), 32, info).derive(root))


def _page_aad(manifest: Manifest, compartment: int, page: int) -> bytes:
    origin = bytes.fromhex(manifest.origin.vault)
    place = bytes((compartment,)) + page.to_bytes(4)
    return _PAGE + bytes((manifest.suite,)) + origin + _deal(manifest) + place


def _deal(manifest: Manifest) -> bytes:
    name = manifest.deal.encode("ascii")
    return bytes((len(name),)) + name + manifest.n.to_bytes(4)


def _public(public: bytes) -> hpke.MLKEM768X25519PublicKey:
    try:
        kem = MLKEM768PublicKey.from_public_bytes(public[:_KEM_PUBLIC])
        return hpke.MLKEM768X25519PublicKey(kem, X25519PublicKey.from_public_bytes(public[_KEM_PUBLIC:]))
    except ValueError as error:
        raise Malformed("release.key", "The buyer's key is not a key.") from error
