"""The places outside a home that its vaults lean on: mirror, escrow, backups. They fail apart from it and from each other."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from custody.ports.files import Files
from custody.ports.mirror import Mirror


class Outside(Protocol):
    """What custody.toml names, and places for backups by the name that a person gave."""

    @property
    def mirror(self) -> Mirror:
        """The ledger's mirror. What asks it raises Unavailable `mirror.away` where one that was written is not there."""
        ...

    @property
    def escrow(self) -> Sequence[Files]:
        """Where sealed recovery shares lie, the same in each, once marked by a file CUSTODY-ESCROW; none when nobody set it up. Raises Unavailable `escrow.away`."""
        ...

    def backup_key(self) -> bytes:
        """The 32 bytes under which facts, keys and mirrored entries are sealed; made at first use."""
        ...

    def former_keys(self) -> Sequence[bytes]:
        """Keys of before, the newest first, while something outside may still be under them."""
        ...

    def keep_keys(self, keys: Sequence[bytes]) -> None:
        """These from now on, durable: the one to seal under first."""
        ...

    def prepare(self, place: str) -> None:
        """Make a new place for backups; one that is there stays as it is."""
        ...

    def backup(self, place: str) -> Files:
        """A place for backups. Raises Unavailable `backup.place` when it is not there."""
        ...

    def region(self, place: str) -> str:
        """In which region a folder or a bucket's URL lies; '' when nobody said."""
        ...

    def unfinished(self, place: str, name: str) -> bool:
        """Whether what was to become the file `name` of a folder lies there half written."""
        ...

    @property
    def own(self) -> Mapping[str, str]:
        """Where the home keeps its store, its mirror and its shares: {place: region}, '' where nobody said."""
        ...

    def apart(self, place: str) -> bool:
        """Whether a place (or `mirror`) lies outside the home, so that losing the one does not lose the other."""
        ...
