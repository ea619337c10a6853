"""Which places outside a home were begun: one of them that is empty is a disk that is not mounted, and no beginning (spec/vault.md §20, §23).

Noted in the home, so that what is remembered goes with it; a place that custody.toml names anew was not begun.
"""

from pathlib import Path
from typing import Final

from custody.adapters.files.local import LocalFiles
from custody.base.errors import Missing

NOTES: Final = "outside.begun"
_ROOTS: Final = "roots.begun"
"""Of the folder of root files, apart: what lies there is under no backup key."""


class Begun:
    """One place of one home, and what is noted of it; one that goes where its home goes is named from there, by a text."""

    def __init__(self, root: Path, kind: str, place: Path | str, notes: str = NOTES) -> None:
        self._notes, self._files, self._kind = notes, LocalFiles(root), f"{kind} "
        self._line = f"{kind} {place.resolve() if isinstance(place, Path) else place}"

    def __bool__(self) -> bool:
        return self._line in self._lines()

    @property
    def elsewhere(self) -> bool:
        """Whether something of this kind was begun, and this one never was."""
        lines = self._lines()
        return self._line not in lines and any(line.startswith(self._kind) for line in lines)

    def note(self) -> None:
        """It was written to. Of two who note at once one may be lost: it notes again."""
        lines = self._lines()
        if self._line not in lines:
            self._files.write(self._notes, "".join(f"{one}\n" for one in (*lines, self._line)).encode())

    def _lines(self) -> list[str]:
        try:
            return self._files.read(self._notes).decode().splitlines()
        except Missing:
            return []


def begun_roots(root: Path, folder: str) -> Begun:
    """Of the folder of root files of a home."""
    return Begun(root, "roots", folder, _ROOTS)
