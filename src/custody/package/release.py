"""Releases: the manifest of a set of keys, and where its files lie (spec/package.md §5). No key is needed here."""

import hashlib
from dataclasses import dataclass, field
from typing import Annotated, Final, Literal

from custody.base import canonical
from custody.base.errors import Malformed
from custody.package.contents import LeafTable
from custody.package.shape import LEFT_OUT, Deal, Digest, Form, Hex16, Hex32, Instant, dump, load

FORMAT: Final = "custody/release/1"
KEM: Final = "MLKEM768_X25519/HKDF_SHA256/AES_256_GCM"
MANIFEST: Final = "manifest.json"
ENVELOPE: Final = "released.dsse.json"
ENC: Final = "enc"
PAGES: Final = "pages.bin"
PROOF: Final = "proof"
SHARE: Final = "share"
SILENT: Final = "silent"
FILES: Final = (MANIFEST, ENVELOPE, ENC, PAGES, PROOF, SHARE, SILENT)
SLOTS: Final = 1024
PAGE_BYTES: Final = SLOTS * 32
SEALED_PAGE: Final = 12 + PAGE_BYTES + 16
ENC_BYTES: Final = 1120 + 32 + 16
PUBLIC_BYTES: Final = 1216
_KEY_ID: Final = b"custody/deal-key/1\0"


@dataclass(frozen=True, slots=True)
class PackageRef:
    """The package whose keys these are, and those shipped after it."""

    id: Digest
    deltas: tuple[Digest, ...] = ()


@dataclass(frozen=True, slots=True)
class Recipient:
    """The buyer's key for this deal, the invite that sent it, its nonce."""

    key: Digest
    invite: Digest
    nonce: Hex32


@dataclass(frozen=True, slots=True)
class Origin:
    """The vault, its generation and keyring head when the keys were read."""

    vault: Hex16
    g: int
    head: Hex32


@dataclass(frozen=True, slots=True)
class PageEntry:
    """One sealed page: its hash and how many of its slots hold a key."""

    compartment: int
    page: int
    sha256: Hex32
    live: int


@dataclass(frozen=True, slots=True)
class RecallEntry:
    """One slot whose key the buyer is ordered to shred."""

    compartment: int
    page: int
    slot: int
    key_id: Hex16


@dataclass(frozen=True, slots=True)
class GateRef:
    """The gate statement and the ledger position up to which objections were overlaid."""

    sha256: Digest
    as_of: int


@dataclass(frozen=True, slots=True)
class LogHead:
    """Origin, size and root of a ledger."""

    origin: Annotated[str, Form(r"[!-~]{1,200}")]
    size: int
    root: Hex32


@dataclass(frozen=True, slots=True)
class Manifest:
    """Release `n` of a deal. A draft has neither pages nor closing; the seal fills them."""

    format: Literal["custody/release/1"]
    deal: Deal
    n: int
    previous: Digest | None
    kind: Literal["full", "delta", "recall"]
    package: PackageRef
    seller: Digest
    buyer: Digest
    recipient: Recipient
    origin: Origin
    suite: Literal[1, 2]
    kem: Literal["MLKEM768_X25519/HKDF_SHA256/AES_256_GCM"]
    leaves: LeafTable
    gate: GateRef
    counts: dict[str, int]
    checkpoint: LogHead
    issued_at: Instant
    expires_at: Instant
    pages: tuple[PageEntry, ...] = ()
    recall: tuple[RecallEntry, ...] = ()
    closing: Digest | None = None
    silent: Digest | None = field(default=None, metadata=LEFT_OUT)

    def __post_init__(self) -> None:
        """Raises Malformed `release.manifest` for what no release can be."""
        places = [(one.compartment, one.page) for one in self.pages]
        recalled = [(one.compartment, one.page, one.slot) for one in self.recall]
        fits = (
            1 <= self.n < 2**32
            and places == sorted(set(places))
            and recalled == sorted(set(recalled))
            and all(one.compartment < 256 and one.page < 2**32 and one.live <= SLOTS for one in self.pages)
            and (self.kind == "recall" or not self.recall)
            and not (self.kind == "recall" and (self.pages or self.closing or self.silent))
            and (self.n == 1) <= (self.previous is None)
        )
        if not fits:
            raise Malformed("release.manifest", "This manifest contradicts itself.")

    @property
    def live(self) -> int:
        """Keys in this release."""
        return sum(one.live for one in self.pages)


def encode(manifest: Manifest) -> bytes:
    """`manifest.json`."""
    return canonical.encode(dump(manifest))


def decode(data: bytes) -> Manifest:
    """Read a manifest. Raises Malformed `shape.*`, `canonical.*`, `release.manifest`."""
    found = load(Manifest, canonical.decode(data))
    if encode(found) != data:
        raise Malformed("release.manifest", "This manifest does not have its only form.")
    return found


def digest(data: bytes) -> str:
    """`sha256:hex`."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def key_id(public: bytes) -> str:
    """The digest that names a deal key."""
    return digest(_KEY_ID + public)


def folder_name(n: int) -> str:
    """Where release n lies: `release-0001`."""
    return f"release-{n:04d}"
