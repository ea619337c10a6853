"""What holds a vault's root keys: a passphrase file, an HSM, a cloud key service, a transit service (spec/vault.md §11)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple, Protocol, TypeAlias

RootState: TypeAlias = Literal["live", "scheduled", "gone"]


class Destroyed(NamedTuple):
    """When a destroy takes effect, and how sure that is: `hardware`, `service`, `file` (if nobody copied it)."""

    effective_at: datetime
    assurance: str


class Terms(NamedTuple):
    """What a provider says of a destroy before it is asked for one, so that people can be told."""

    provider: str
    """`passphrase-file`, `pkcs11`, `aws-kms`, `transit`."""
    assurance: str
    """See `Destroyed`."""
    delay: timedelta
    """How long after a destroy it takes effect."""
    spares: tuple[str, ...]
    """What a destroy does not reach, as codes: `file-copies`, `token-backups`, `cancelling`, `server-snapshots`."""
    elsewhere: bool = False
    """Whether a root may lie where nobody looks: a folder is what somebody put there, and not that in which the root was made."""


class KeyProvider(Protocol):
    """Root g of a vault, by a reference that is safe to store. Any method may raise Unavailable `keys.*`."""

    def terms(self, ref: str = "") -> Terms:
        """The terms on which this root goes one day; without a reference, those of roots made from now on."""
        ...

    def create(self, vault: str, generation: int) -> str:
        """Make root g, or find it: idempotent by its label. Returns its reference."""
        ...

    def find(self, vault: str, generation: int) -> Sequence[str]:
        """The references of every root with this label that is not gone, wherever it lies; makes none."""
        ...

    def set_aside(self, ref: str) -> None:
        """Where what has this label opens no more and so bars it, free the label for `create`; it goes when the root of this label is destroyed."""
        ...

    def unopened(self, label: str = "") -> Sequence[str]:
        """References of roots of this label, or of all, that lie there and open nothing: a file that rotted, or stands under another passphrase."""
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
