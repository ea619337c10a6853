"""Which places outside a home were begun: one of them that is empty is a disk that is not mounted, and no beginning (spec/vault.md §20, §23).

Noted in the home, so that what is remembered goes with it; a place that custody.toml names anew was not begun.
"""

from pathlib import Path
from typing import Final

from custody.adapters.files.local import LocalFiles
from custody.base.errors import Missing

NOTES: Final = "outside.begun"


class Begun:
    """One place of one home, and what is noted of it."""

    def __init__(self, root: Path, kind: str, place: Path) -> None:
        self._files, self._line = LocalFiles(root), f"{kind} {place.resolve()}"

    def __bool__(self) -> bool:
        return self._line in self._lines()

    def note(self) -> None:
        """It was written to. Of two who note at once one may be lost: it notes again."""
        lines = self._lines()
        if self._line not in lines:
            self._files.write(NOTES, "".join(f"{one}\n" for one in (*lines, self._line)).encode())

    def _lines(self) -> list[str]:
        try:
            return self._files.read(NOTES).decode().splitlines()
        except Missing:
            return []
