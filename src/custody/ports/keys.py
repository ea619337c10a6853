"""What holds a vault's root keys: a passphrase file, an HSM, a cloud key service (spec/vault.md)."""

from datetime import datetime, timedelta
from typing import Literal, NamedTuple, Protocol, TypeAlias

RootState: TypeAlias = Literal["live", "scheduled", "gone"]


class Destroyed(NamedTuple):
    """When a destroy takes effect, and how sure that is: `hardware`, `service`, `file` (if nobody copied it)."""

    effective_at: datetime
    assurance: str


class KeyProvider(Protocol):
    """Root g of a vault, by a reference that is safe to store. Any method may raise Unavailable `keys.*`."""

    @property
    def assurance(self) -> str:
        """How sure a destroy is: see `Destroyed`. Known before it is asked for, so that people can be told."""
        ...

    @property
    def delay(self) -> timedelta:
        """How long after a destroy it takes effect."""
        ...

    def create(self, vault: str, generation: int) -> str:
        """Make root g, or find it: idempotent by its label. Returns its reference."""
        ...

    def wrap(self, ref: str, key: bytes) -> bytes:
        """Seal 32 bytes under the root."""
        ...

    def unwrap(self, ref: str, blob: bytes) -> bytes:
        """Inverse of `wrap`. Raises Missing `keys.gone`, Broken `keys.blob`."""
        ...

    def destroy(self, ref: str, now: datetime) -> Destroyed:
        """Destroy the root for good; destroying it twice is no fault."""
        ...

    def state(self, ref: str) -> RootState:
        """`live`, `scheduled` (a destroy that can still be cancelled) or `gone`; a root never made is gone."""
        ...
