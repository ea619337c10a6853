"""C2SP tlog-proof@v1: that a ledger entry is in the tree of a checkpoint (spec/package.md §6).

`extra` carries the entry itself, so the proof can be read without the ledger. What the entry must say and whose
checkpoint it must be is the caller's to check.
"""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from custody.base import merkle
from custody.base.errors import Malformed

_TEXT: Final = re.compile(
    r"c2sp\.org/tlog-proof@v1\nextra ([A-Za-z0-9+/=]{1,8192})\nindex (0|[1-9][0-9]{0,15})\n"
    r"((?:[A-Za-z0-9+/]{43}=\n){0,63})\n([\s\S]{1,20000})"
)


@dataclass(frozen=True, slots=True)
class Proof:
    """An entry, its index, the audit path, and the signed checkpoint as text."""

    entry: bytes
    index: int
    path: tuple[bytes, ...]
    checkpoint: str


def encode(entry: bytes, index: int, path: Sequence[bytes], checkpoint: str) -> bytes:
    """The proof as a file; `checkpoint` is the signed note."""
    hashes = "".join(base64.b64encode(one).decode() + "\n" for one in path)
    extra = base64.b64encode(entry).decode()
    return f"c2sp.org/tlog-proof@v1\nextra {extra}\nindex {index}\n{hashes}\n{checkpoint}".encode()


def decode(data: bytes) -> Proof:
    """Raises Malformed `proof.form` for anything but the one form."""
    try:
        match = _TEXT.fullmatch(data.decode("utf-8"))
        if match is None:
            raise _form()
        extra, index, hashes, note = match.groups()
        path = tuple(base64.b64decode(one, validate=True) for one in hashes.splitlines())
        found = Proof(base64.b64decode(extra, validate=True), int(index), path, note)
    except ValueError as error:
        raise _form() from error
    if encode(found.entry, found.index, found.path, found.checkpoint) != data:
        raise _form()
    return found


def check(proof: Proof, size: int, root: bytes) -> None:
    """Raises Broken `merkle.inclusion`."""
    merkle.verify_inclusion(merkle.leaf_hash(proof.entry), proof.index, size, proof.path, root)


def _form() -> Malformed:
    return Malformed("proof.form", "This is not a tlog-proof.")
