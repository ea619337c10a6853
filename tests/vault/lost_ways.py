"""The ways in which a root is no more of use, beside its provider saying that it is gone: its file, its passphrase, its provider."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from custody.adapters.keys.memory import MemoryProvider
from custody.adapters.keys.passphrase import PassphraseProvider
from custody.adapters.keys.routed import RoutedKeys
from custody.adapters.keys.trouble import denied, elsewhere, out
from custody.base.errors import CustodyError
from custody.ports.keys import Destroyed, KeyProvider, RootState, Terms
from tests.vault.histories.world import World

SCHEME: Final = "transit:"


class Elsewhere(MemoryProvider):
    """A service beside the passphrase files; `fault`, once set, is all that it says."""

    fault: Callable[[str], CustodyError] | None = None
    beyond = ""
    """A root that lies where these settings do not reach."""

    def create(self, vault: str, generation: int) -> str:
        self._ask()
        return SCHEME + super().create(vault, generation)

    def find(self, vault: str, generation: int) -> list[str]:
        self._ask()
        return [SCHEME + ref for ref in super().find(vault, generation)]

    def terms(self, ref: str = "") -> Terms:
        return super().terms(ref)

    def wrap(self, ref: str, key: bytes) -> bytes:
        self._ask()
        return super().wrap(ref.removeprefix(SCHEME), key)

    def unwrap(self, ref: str, blob: bytes) -> bytes:
        self._ask(ref)
        return super().unwrap(ref.removeprefix(SCHEME), blob)

    def destroy(self, ref: str, now: datetime) -> Destroyed:
        self._ask()
        return super().destroy(ref.removeprefix(SCHEME), now)

    def state(self, ref: str) -> RootState:
        self._ask(ref)
        return super().state(ref.removeprefix(SCHEME))

    def _ask(self, ref: str = "") -> None:
        if ref and ref == self.beyond:
            raise elsewhere("transit")
        if self.fault is not None:
            raise self.fault("transit")


def file_of(world: World, name: str) -> Path:
    """The file of that party's or vault's newest root."""
    return max(path for path in world.root.joinpath("roots").iterdir() if path.name.startswith(f"{name}-"))


def removed(world: World) -> None:
    """Somebody deleted it."""
    file_of(world, world.vault).unlink()


def flipped(world: World) -> None:
    """One bit of it rotted."""
    path = file_of(world, world.vault)
    data = bytearray(path.read_bytes())
    data[-3] ^= 1
    path.write_bytes(data)


def torn(world: World) -> None:
    """Half of it is left."""
    path = file_of(world, world.vault)
    path.write_bytes(path.read_bytes()[:50])


def forgotten(world: World) -> None:
    """Nobody knows the passphrase; there is another one now."""
    world.provider = PassphraseProvider(world.root / "roots", b"another passphrase")


FILES: Final[Mapping[str, tuple[Callable[[World], None], str]]] = {
    "removed": (removed, "keys.gone"),
    "flipped": (flipped, "keys.passphrase"),
    "torn": (torn, "keys.gone"),
    "forgotten": (forgotten, "keys.passphrase"),
}
"""{what happened to it: (how, why the root gives no key)}."""


def beside(world: World) -> Elsewhere:
    """A service, set up and in use, beside the files in which the world's first root lies."""
    files, made = world.provider, Elsewhere()
    world.provider = routed("transit", files, made)
    world.reopen()
    return made


def routed(used: str, files: KeyProvider, service: KeyProvider | None) -> RoutedKeys:
    """As custody.toml sets them up."""
    return RoutedKeys(used, {"passphrase-file": lambda: files, **({"transit": lambda: service} if service else {})})


SERVICE: Final[Mapping[str, Callable[[str], CustodyError] | None]] = {
    "keys.denied": denied,
    "keys.out": out,
    "keys.provider": None,
}
"""{why the root gives no key: what the service says; None where it is not set up any more}."""
