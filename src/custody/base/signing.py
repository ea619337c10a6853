"""A party's or person's signing identity: one Ed25519 and one ML-DSA-65 key, and both must verify (spec/identity.md)."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey, MLDSA65PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from custody.base.canonical import Json, b64, unb64
from custody.base.errors import Broken, Malformed

_LABEL: Final = b"custody/identity/1"
_SEAL: Final = b"custody/signing-key/1\0"
_COST: Final = 15
_ED_BYTES: Final = 32
_ML_BYTES: Final = 1952


@dataclass(frozen=True, slots=True)
class Identity:
    """Two public keys that stand for one signer. `id` names it in every statement."""

    ed25519: bytes
    mldsa65: bytes

    @property
    def id(self) -> str:
        """`sha256:` and the hash of label and both keys."""
        return "sha256:" + self._digest().hex()

    @property
    def fingerprint(self) -> str:
        """Eight groups of five digits, to be read out over the telephone (about 133 bits)."""
        digits = f"{int.from_bytes(self._digest()) % 10**40:040d}"
        return " ".join(digits[place : place + 5] for place in range(0, 40, 5))

    def to_json(self) -> dict[str, Json]:
        """Both keys as base64url."""
        return {"ed25519": b64(self.ed25519), "mldsa65": b64(self.mldsa65)}

    @classmethod
    def from_json(cls, value: Json) -> "Identity":
        """Raises Malformed `identity.form`."""
        if not isinstance(value, dict) or set(value) != {"ed25519", "mldsa65"}:
            raise _malformed()
        ed, ml = value["ed25519"], value["mldsa65"]
        if not isinstance(ed, str) or not isinstance(ml, str):
            raise _malformed()
        made = cls(unb64(ed), unb64(ml))
        if (len(made.ed25519), len(made.mldsa65)) != (_ED_BYTES, _ML_BYTES):
            raise _malformed()
        return made

    def _digest(self) -> bytes:
        return hashlib.sha256(_LABEL + self.ed25519 + self.mldsa65).digest()


@dataclass(frozen=True, slots=True)
class Signatures:
    """One signature of each key over the same message."""

    ed25519: bytes
    mldsa65: bytes


class Signer:
    """The private half. Both seeds together are 64 bytes; they leave this object only sealed."""

    def __init__(self, seeds: bytes) -> None:
        if len(seeds) != 64:
            raise Malformed("identity.seed", "A signing key is 64 bytes of seed.")
        self._seeds = seeds
        self._ed = Ed25519PrivateKey.from_private_bytes(seeds[:32])
        self._ml = MLDSA65PrivateKey.from_seed_bytes(seeds[32:])
        raw = serialization.Encoding.Raw, serialization.PublicFormat.Raw
        self.identity = Identity(self._ed.public_key().public_bytes(*raw), self._ml.public_key().public_bytes(*raw))

    @classmethod
    def generate(cls) -> "Signer":
        """A new key from the system's randomness."""
        return cls(secrets.token_bytes(64))

    def sign(self, message: bytes) -> Signatures:
        """Both signatures over `message`."""
        return Signatures(self._ed.sign(message), self._ml.sign(message))

    def seal_private(self, passphrase: bytes) -> bytes:
        """`label | log2 n u8 | salt 16 | nonce 12 | AES-256-GCM(seeds)`, key by Scrypt(n, 8, 1), AAD all before."""
        head = _SEAL + bytes([_COST]) + secrets.token_bytes(16) + secrets.token_bytes(12)
        return head + AESGCM(_stretch(passphrase, head)).encrypt(head[-12:], self._seeds, head)

    @classmethod
    def open_private(cls, blob: bytes, passphrase: bytes) -> "Signer":
        """Inverse of `seal_private`. Raises Malformed `identity.blob`, Broken `identity.passphrase`."""
        size = len(_SEAL) + 29
        head = blob[:size]
        if not blob.startswith(_SEAL) or len(blob) != size + 80 or not 14 <= head[len(_SEAL)] <= 20:
            raise Malformed("identity.blob", "This is not a sealed signing key.")
        try:
            return cls(AESGCM(_stretch(passphrase, head)).decrypt(head[-12:], blob[size:], head))
        except InvalidTag as error:
            raise Broken(
                "identity.passphrase", "The passphrase does not open this key.", kind="signature", next="Try it again."
            ) from error

    def __repr__(self) -> str:
        return f"Signer({self.identity.id})"


def verify(identity: Identity, message: bytes, signatures: Signatures) -> None:
    """Both signatures, or Broken `identity.signature`. Says nothing about which one failed."""
    try:
        Ed25519PublicKey.from_public_bytes(identity.ed25519).verify(signatures.ed25519, message)
        MLDSA65PublicKey.from_public_bytes(identity.mldsa65).verify(signatures.mldsa65, message)
    except (InvalidSignature, ValueError) as error:
        raise Broken("identity.signature", "A signature does not verify.", kind="signature") from error


def _stretch(passphrase: bytes, head: bytes) -> bytes:
    cost, salt = head[len(_SEAL)], head[len(_SEAL) + 1 : len(_SEAL) + 17]
    return Scrypt(salt=salt, length=32, n=2**cost, r=8, p=1).derive(passphrase)


def _malformed() -> Malformed:
    return Malformed("identity.form", "This is not a signing identity.")
