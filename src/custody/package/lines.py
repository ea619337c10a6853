"""The lines of a file, of which only the places are in memory: eight bytes a line, however long it is."""

import mmap
from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import overload

from custody.base.errors import Broken
from custody.package.folder import opened


class Lines(Sequence[bytes]):
    """What stands between the line feeds of a file; `whole` says whether one stands at its end."""

    def __init__(self, path: Path, limit: int) -> None:
        """Raises Broken `folder.open`, `folder.large`."""
        with opened(path) as source:
            self.bytes = source.seek(0, 2)
            if self.bytes > limit:
                raise Broken("folder.large", "A file is larger than its form allows.", kind="malformed")
            # The mapping outlives the file's descriptor; nothing cannot be mapped.
            self._data = mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ) if self.bytes else b""
        self._ends = array("Q")
        place = self._data.find(b"\n")
        while place >= 0:
            self._ends.append(place)
            place = self._data.find(b"\n", place + 1)
        self.whole = not self.bytes or (len(self._ends) > 0 and self._ends[-1] == self.bytes - 1)

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, place: int) -> bytes: ...
    @overload
    def __getitem__(self, place: slice) -> list[bytes]: ...
    def __getitem__(self, place: int | slice) -> bytes | list[bytes]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        end = self._ends[place]  # raises IndexError, as a list does
        number = place + len(self) if place < 0 else place
        return bytes(self._data[self._ends[number - 1] + 1 if number else 0 : end])
