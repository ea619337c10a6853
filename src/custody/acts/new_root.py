"""A root made anew for a key that came back without its old one, or for a list that nobody can read (spec/vault.md §11).

The label of the old root may be taken by what is left of it: a file that rotted, or whose passphrase nobody knows. Nothing can
stand under that, and nothing is asked of it; it is set aside, not destroyed, until its generation goes.
"""

from custody.base.errors import Broken, Malformed, Unavailable
from custody.ports.keys import KeyProvider


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
