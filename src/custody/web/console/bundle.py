"""Hand-over files between browsers and the home: zips in and out, and a drop folder of the host.

Only the two folders of a hand-over are taken from a zip, `package` and `release-0001`, whatever folder of the sender's
they lie in; nothing else is written, nothing outside is reached, and what unpacks to far more than it weighs is refused.
"""

import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, Final

from django.conf import settings

from custody.base.errors import Malformed

PARTS: Final[Mapping[str, str]] = {"package": "package", "release": "release-0001"}
_INSIDE: Final = re.compile(r"(?:^|/)(package|release-0001)/(.+)$")
_MARKS: Final[Mapping[str, str]] = {"bagit.txt": "package", "released.dsse.json": "release-0001"}
_MOST_FILES: Final = 10_000
_SPARE: Final = 64 * 2**20  # small zips of text may unpack to this; ciphertext does not shrink at all
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}")


def pack(folder: Path, part: str) -> BinaryIO:
    """A zip of one part of a hand-over, in a file that is gone when it is closed. Ciphertext is stored as it is."""
    made = tempfile.TemporaryFile(dir=settings.HOME / "tmp")  # noqa: SIM115 - the response closes it
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted((folder / PARTS[part]).rglob("*")):
            if path.is_file() and path.suffix != ".part":
                archive.write(path, path.relative_to(folder).as_posix())
    made.seek(0)
    return made


def unpack(upload: BinaryIO, size: int, folder: Path) -> None:
    """Take the parts of a hand-over out of a zip. Raises Malformed `handover.zip`."""
    try:
        with zipfile.ZipFile(upload) as archive:
            wanted = list(_wanted(archive))
            if len(wanted) > _MOST_FILES or sum(info.file_size for info, _ in wanted) > size + _SPARE:
                raise _bad()
            _place(folder, ((name, archive.open(info), info.file_size) for info, name in wanted))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError) as error:
        raise _bad() from error


def drops() -> list[str]:
    """The folders that lie ready in the host's drop folder, by name."""
    top = settings.DROP
    if top is None or not top.is_dir():
        return []
    return sorted(one.name for one in top.iterdir() if _NAME.fullmatch(one.name) and _holds(one))


def take(name: str, folder: Path) -> None:
    """Take a hand-over out of the drop folder. Raises Malformed `handover.drop`."""
    if name not in drops():
        raise Malformed(
            "handover.drop", "There is no such hand-over in the drop folder.", next="Choose one of the list."
        )
    top = settings.DROP / name
    found = [
        path
        for part in PARTS.values()
        for path in sorted((top / part).rglob("*"))
        if path.is_file() and not _linked(path, top)
    ]
    _place(folder, ((path.relative_to(top).as_posix(), path.open("rb"), path.stat().st_size) for path in found))


def _wanted(archive: zipfile.ZipFile) -> Iterator[tuple[zipfile.ZipInfo, str]]:
    """(entry, where it belongs) of every file of a hand-over; the content of one part may also lie at the top."""
    names = {info.filename: info for info in archive.infolist() if not info.is_dir()}
    bare = next((part for mark, part in _MARKS.items() if mark in names), None)
    for name, info in names.items():
        match = _INSIDE.search(name)
        place = f"{match[1]}/{match[2]}" if match and bare is None else f"{bare}/{name}" if bare else None
        if place is not None and _sound(place):
            yield info, place


def _sound(place: str) -> bool:
    return "\\" not in place and all(_NAME.fullmatch(one) for one in PurePosixPath(place).parts) and ".." not in place


def _place(folder: Path, files: Iterable[tuple[str, IO[bytes], int]]) -> None:
    """Write aside, then let each part that came take the place of an earlier one as a whole."""
    with tempfile.TemporaryDirectory(dir=settings.HOME / "tmp") as aside:
        for name, source, size in files:
            path = Path(aside) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with source, path.open("xb") as target:
                shutil.copyfileobj(source, target, 2**20)
            if path.stat().st_size > size:
                raise _bad()
        came = [part for part in PARTS.values() if (Path(aside) / part).is_dir()]
        if not came:
            raise _bad()
        for part in came:
            folder.mkdir(parents=True, exist_ok=True)
            shutil.rmtree(folder / part, ignore_errors=True)
            shutil.move(str(Path(aside) / part), folder / part)


def _holds(folder: Path) -> bool:
    return folder.is_dir() and not folder.is_symlink() and any((folder / part).is_dir() for part in PARTS.values())


def _linked(path: Path, top: Path) -> bool:
    return any(one.is_symlink() for one in (path, *path.parents) if one.is_relative_to(top))


def _bad() -> Malformed:
    return Malformed(
        "handover.zip",
        "This zip holds no package and no release.",
        next="Ask the seller for the files that the console offers.",
    )
