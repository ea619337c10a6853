"""What goes wrong at a key provider, told once for all of them: whose fault it is, and whether to try again.

Nothing is lost by any of these: a root is asked before a key stands under it, and every step that was cut off resumes.
"""

import importlib
from types import ModuleType

from custody.base.errors import Broken, Malformed, Missing, Unavailable

KEY_BYTES = 32
WRAP = b"custody/root-wrap/1\0"
"""What a wrapped key is bound to, before the reference of its root (spec/vault.md §11)."""


def out(provider: str) -> Unavailable:
    """It does not answer, or says that it cannot now."""
    return Unavailable("keys.out", "The key provider does not answer. Nothing was lost.", retry=True,
                       next="Bring it back and run the same command again.", where={"provider": provider})  # fmt: skip


def denied(provider: str) -> Unavailable:
    """It answers, and does not let this host do that: trying again changes nothing."""
    return Unavailable("keys.denied", "The key provider does not let this host in, or not do this.",
                       next="Let whoever runs it look at credentials and rights: docs/guide/providers.md.",
                       where={"provider": provider})  # fmt: skip


def gone() -> Missing:
    """The root is not there."""
    return Missing("keys.gone", "This root does not exist (any more).")


def no_blob() -> Broken:
    """A wrapped key that this root did not wrap."""
    return Broken("keys.blob", "This key is not under this root.", kind="altered")


def loose(provider: str) -> Broken:
    """A root that others could take out: destroying it would prove nothing."""
    return Broken("keys.policy", "This root can leave its provider, or came from outside it: destroying it would prove nothing.",
                  next="Let whoever runs it delete that key, and run the same command again.", where={"provider": provider})  # fmt: skip


def elsewhere(provider: str) -> Missing:
    """It lies at another account, region or server than the settings reach: nothing is known of it, least of all that it is gone."""
    return Missing("keys.provider", "A root lies elsewhere with this provider than custody.toml says: another account, region, server or mount.",
                   next="Put its settings back until no root is left there: docs/guide/providers.md.", where={"provider": provider})  # fmt: skip


def no_ref() -> Malformed:
    """Not a reference of this provider."""
    return Malformed("keys.ref", "This is not a reference to a root.")


def require_length(key: bytes) -> None:
    """A root is not a place for other secrets. Raises Malformed `keys.length`."""
    if len(key) != KEY_BYTES:
        raise Malformed("keys.length", "A root wraps keys of 32 bytes and nothing else.")


def bound(ref: str) -> bytes:
    """The associated data of what the root `ref` wraps."""
    return WRAP + ref.encode()


def extra(module: str, name: str) -> ModuleType:
    """A library that is an extra of the installation. Raises Unavailable `keys.extra`."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise Unavailable("keys.extra", "The library for this key provider is not installed.",
                          next=f"pip install 'custody[{name}]'") from error  # fmt: skip
