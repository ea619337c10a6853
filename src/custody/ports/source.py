"""What a source of customer data offers: tables of text as it was written, and everything it could not read.

Rules: values are never inferred or repaired (`0622` and 20-digit numbers are identifiers); a row that cannot be
read is handed to `quarantine` with file, line and reason; rows met = rows yielded + rows quarantined.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

from custody.model.source import Batch, ForeignKey, Quarantined, Reading, TableHead

__all__ = ["Batch", "ForeignKey", "Quarantine", "Quarantined", "Reading", "Source", "SourceOpener", "TableHead"]


Quarantine = Callable[[Quarantined], None]


class Source(Protocol):
    """One file or database that is open for reading, and only for reading."""

    def heads(self) -> Sequence[TableHead]:
        """Its tables, in a stable order."""
        ...

    def skipped(self) -> Sequence[Quarantined]:
        """What in it is not looked at and why (views, empty sheets): `row` is None."""
        ...

    def read(self, table: str, quarantine: Quarantine) -> Iterator[Batch]:
        """Stream the rows of one table in source order; reading again gives the same rows and ordinals."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...


class SourceOpener(Protocol):
    """Turns what a person names (a file, a folder, a database URL) into sources."""

    def open(self, target: str, quarantine: Quarantine, encodings: Mapping[str, str] | None = None) -> Sequence[Source]:
        """Open `target`; `encodings` are known answers by file.

        What lies below a folder and is not looked at is handed to `quarantine` (`row` is None); a file named by itself
        that cannot be read is refused. Raises Missing, Malformed, Unavailable.
        """
        ...

    def texts(self, data: bytes) -> Mapping[str, str]:
        """{encoding: text} of bytes at hand: each reading that may be right, the likeliest first; none where no encoding reads them."""
        ...

    def readings(self, target: str, file: str) -> Sequence[Reading]:
        """How a file below the folder `target` reads in each encoding that may be right, for a person to say which. Raises Missing, Malformed."""
        ...
