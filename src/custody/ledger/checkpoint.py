"""C2SP tlog-checkpoints with two signature lines, both demanded (spec/ledger.md §5).

The Ed25519 line is the one stock verifiers read. The ML-DSA-65 line has a type of our own (0xff and a name), which
they skip. Key ids are the first four bytes of SHA-256(name, 0x0A, type, public key), as signed notes define them.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import Final

from custody.base.errors import Broken, Malformed
from custody.base.signing import Identity, Signatures, Signer, verify

_ED: Final = b"\x01"
_ML: Final = b"\xffcustody/ml-dsa-65/1"
_TEXT: Final = re.compile(
    r"([^\s+\x00-\x1f]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n\n((?:— [^\s+\x00-\x1f]+ [A-Za-z0-9+/=]+\n){2})"
)
_ORIGIN: Final = "custody.example/ledger/"
_PART: Final = "custody.example/ledger-part/"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log: `root` over its first `size` entries."""

    origin: str
    size: int
    root: bytes


def origin(space: str) -> str:
    """The origin line of a space's ledger, which is its keys' name in signed notes too."""
    return _ORIGIN + space


def part_origin(space: str, deal: str) -> str:
    """The origin line of a part that is given of a ledger (§7a): another than its own, so that the head of a part passes for none of the whole."""
    return f"{_PART}{space}/{deal}"


def sign(checkpoint: Checkpoint, signer: Signer) -> str:
    """The signed note."""
    body = _body(checkpoint)
    made = signer.sign(body.encode())
    name, identity = checkpoint.origin, signer.identity
    first = _line(name, _ED, identity.ed25519, made.ed25519)
    return f"{body}\n{first}{_line(name, _ML, identity.mldsa65, made.mldsa65)}"


def open_note(text: str, identity: Identity) -> Checkpoint:
    """Verify both lines. Raises Malformed `checkpoint.form`, Broken `checkpoint.signature`."""
    found, lines = _parse(text)
    signatures = []
    for kind, key in ((_ED, identity.ed25519), (_ML, identity.mldsa65)):
        wanted = key_id(found.origin, kind, key)
        matching = [blob[4:] for name, blob in lines if name == found.origin and blob[:4] == wanted]
        if len(matching) != 1:
            raise _unsigned()
        signatures.append(matching[0])
    try:
        verify(identity, _body(found).encode(), Signatures(*signatures))
    except Broken as error:
        raise _unsigned() from error
    return found


def looks_like(data: bytes) -> bool:
    """Whether a file begins as a checkpoint of a ledger of ours does; nothing is believed yet."""
    return data.startswith(_ORIGIN.encode())


def peek(text: str) -> Checkpoint:
    """What a checkpoint says, without trust in it."""
    return _parse(text)[0]


def key_id(name: str, kind: bytes, key: bytes) -> bytes:
    """The four bytes by which a note names a key."""
    return hashlib.sha256(name.encode() + b"\n" + kind + key).digest()[:4]


def verifier_key(name: str, identity: Identity) -> str:
    """The Ed25519 key as stock tools take it: `name+hash+base64`."""
    data = _ED + identity.ed25519
    return f"{name}+{key_id(name, _ED, identity.ed25519).hex()}+{base64.b64encode(data).decode()}"


def _unsigned() -> Broken:
    return Broken("checkpoint.signature", "A checkpoint lacks a signature of this party.", kind="signature")


def _body(checkpoint: Checkpoint) -> str:
    return f"{checkpoint.origin}\n{checkpoint.size}\n{base64.b64encode(checkpoint.root).decode()}\n"


def _line(name: str, kind: bytes, key: bytes, signature: bytes) -> str:
    return f"— {name} {base64.b64encode(key_id(name, kind, key) + signature).decode()}\n"


def _parse(text: str) -> tuple[Checkpoint, list[tuple[str, bytes]]]:
    match = _TEXT.fullmatch(text)
    if match is None:
        raise Malformed("checkpoint.form", "This is not a checkpoint.")
    origin, size, root, tail = match.groups()
    try:
        rows = [line[2:].split(" ") for line in tail.splitlines()]
        lines = [(name, _exact(blob)) for name, blob in rows]
        return Checkpoint(origin, int(size), _exact(root)), lines
    except (binascii.Error, ValueError) as error:
        raise Malformed("checkpoint.form", "This is not a checkpoint.") from error


def _exact(text: str) -> bytes:
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError("not the only form")
    return data
