"""A root made anew for a key that came back without its old one, or for a list that nobody can read (spec/vault.md §11).

A root that was lost may turn up again, and what is left of it (a file that rotted, or whose passphrase nobody knows) lies under its
label. So what takes the place of a vault's has a label of its own, and what is found or not found there says nothing of the lost one.
A list has one label: what bars it is set aside, not destroyed.
"""

import hashlib

from custody.base.errors import Broken, Malformed, Unavailable
from custody.ports.keys import KeyProvider


def stand_in(vault: str, loss: str) -> str:
    """The label of what takes the place of a root of this vault; `loss` names by what it does, so that whoever is cut off finds it again."""
    return f"{vault}_r{hashlib.sha256(loss.encode()).hexdigest()[:16]}"


def wrap_anew(keys: KeyProvider, label: str, generation: int, key: bytes) -> tuple[str, bytes]:
    """(reference, `key` under it, read back) of a root with this label at the provider in use. Raises Unavailable `keys.readback`."""
    ref = keys.create(label, generation)
    try:
        wrapped = keys.wrap(ref, key)
    except (Broken, Malformed):
        keys.set_aside(ref)
        ref = keys.create(label, generation)
        wrapped = keys.wrap(ref, key)
    if keys.unwrap(ref, wrapped) != key:
        raise Unavailable("keys.readback", "The key provider did not return what it was given.")
    return ref, wrapped
