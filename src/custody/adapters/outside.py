"""The outside of a home as folders: mirror, escrow store, backups. Each best lies on a disk of its own (spec/vault.md §20-23)."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from custody.adapters.begun import NOTES, Begun
from custody.adapters.files.local import PART, LocalFiles
from custody.adapters.mirror.local import LocalMirror
from custody.adapters.regions import Regions, named
from custody.base.errors import Missing, Unavailable
from custody.ports.files import Files
from custody.ports.mirror import Mirror
from custody.vault.backup import keys_of, keys_text, new_key

MARKER: Final = "CUSTODY-BACKUP"
SHARES: Final = "CUSTODY-ESCROW"
KEY: Final = "keys/backup.key"


class FolderOutside:
    """See `ports.outside.Outside`."""

    def __init__(
        self, root: Path, store: str, mirror: Path, escrow: Sequence[Path], regions: Regions, may_write: Callable[[str, str], None]
    ) -> None:  # fmt: skip
        """`may_write` is told a place of the home's own and where it lies, and raises when it may not be written to (spec/residency.md §1a)."""
        self._root, self._mirror_at, self._regions = root, mirror, regions
        places = (store, str(mirror), *(str(path) for path in escrow))
        self._own = {named(place): regions.of_own(place, root) for place in places}
        at = named(str(mirror))
        self._mirror = LocalMirror(mirror, lambda: may_write(at, self._own[at]), Begun(root, "mirror", mirror))
        self._escrow = [Path(named(str(path))) for path in escrow]  # as `own` names them

    @property
    def mirror(self) -> Mirror:
        return self._mirror

    @property
    def escrow(self) -> Sequence[Files]:
        for path in self._escrow:
            begun, there = Begun(self._root, "escrow", path), (path / SHARES).is_file()
            if begun and not there:
                raise Unavailable("escrow.away", "A place of the escrow store is not where shares were written.", where={"place": str(path)}, retry=True,
                                  next="Bring its disk back; if it is lost for good, take it out of escrow in custody.toml.")  # fmt: skip
            if there:
                begun.note()
        return [LocalFiles(path) for path in self._escrow]

    def backup_key(self) -> bytes:
        files = LocalFiles(self._root)
        if not (self._root / KEY).exists():
            if (self._root / NOTES).exists():  # something lies outside already that only the key of before opens
                raise Missing("backup.key-gone", "keys/backup.key, which opens the mirror and every backup, is not there.",
                              next="Put the copy back that was kept apart. If there is none any more: custody keys backup --lost --to FILE")  # fmt: skip
            files.write(KEY, keys_text([new_key()]), secret=True)
        return keys_of(files.read(KEY))[0]

    def former_keys(self) -> Sequence[bytes]:
        return keys_of(LocalFiles(self._root).read(KEY))[1:] if (self._root / KEY).exists() else ()

    def keep_keys(self, keys: Sequence[bytes]) -> None:
        LocalFiles(self._root).write(KEY, keys_text(keys), secret=True)

    def prepare(self, place: str) -> None:
        files = LocalFiles(Path(place))
        if not files.path(MARKER).exists():
            files.write(MARKER, b"Backups of custody. Sealed under keys/backup.key, which is not here.\n")

    def backup(self, place: str) -> Files:
        # A disk that is not mounted leaves an empty folder: without the marker nothing is written beneath it.
        if not (Path(place) / MARKER).is_file():
            raise Unavailable("backup.place", "A place for backups on the list is not there.", where={"place": place},
                              next="Bring its disk back, or: custody backup --forget PLACE")  # fmt: skip
        return LocalFiles(Path(place))

    def region(self, place: str) -> str:
        return self._regions.of(place)

    def unfinished(self, place: str, name: str) -> bool:
        return (Path(place) / f"{name}{PART}").exists()

    @property
    def own(self) -> Mapping[str, str]:
        return self._own

    def apart(self, place: str) -> bool:
        path = self._mirror_at if place == "mirror" else Path(place)
        return not path.resolve().is_relative_to(self._root.resolve())
