"""Keys that follow from a name, and ML-DSA signatures kept: a hedged signature is another one at each signing."""

import hashlib
import json
from pathlib import Path
from typing import Any, ClassVar

from custody.base.canonical import b64, unb64
from custody.base.errors import Broken
from custody.base.signing import Identity, Signatures, Signer, verify

Case = dict[str, Any]
KEPT = Path(__file__).resolve().parent / "signatures.json"


def seed(name: str, size: int = 32) -> bytes:
    """`size` bytes that everybody can make again."""
    blocks = (hashlib.sha256(f"custody vectors/{name}/{place}".encode()).digest() for place in range(-(-size // 32)))
    return b"".join(blocks)[:size]


class Steady(Signer):
    """A signer that gives the signature it gave before, as long as that verifies."""

    kept: ClassVar[dict[str, str]] = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    used: ClassVar[dict[str, str]] = {}

    def sign(self, message: bytes) -> Signatures:
        """Both signatures; the ML-DSA one from the file when it is there."""
        name = hashlib.sha256(self.identity.mldsa65 + message).hexdigest()
        made = super().sign(message)
        if name in self.used:
            return Signatures(made.ed25519, unb64(self.used[name]))
        if name in self.kept:
            before = Signatures(made.ed25519, unb64(self.kept[name]))
            made = before if holds(self.identity, message, before) else made
        self.used[name] = b64(made.mldsa65)
        return made


def holds(identity: Identity, message: bytes, signatures: Signatures) -> bool:
    """Whether both verify."""
    try:
        verify(identity, message, signatures)
    except Broken:
        return False
    return True


SELLER = Steady(seed("seller", 64))
STRANGER = Steady(seed("stranger", 64))
SPACE = "pty_" + "0" * 25 + "1"
OTHER = "pty_" + "0" * 25 + "2"
