"""Hand-over files between browsers and the home: zips in and out, and a drop folder of the host.

Only the folders of a hand-over are taken from a zip, `package` and `release-0001` and those after it, whatever folder
of the sender's they lie in; nothing else is written, nothing outside is reached, and what unpacks to far more than it weighs is refused.
"""

import json
import re
import shutil
import tempfile
import zipfile
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, Final

from django.conf import settings

from custody.base.errors import Malformed

_PART: Final = "package|release-[0-9]{4,10}"
_NAMED: Final = re.compile(_PART)
_INSIDE: Final = re.compile(rf"(?:^|/)({_PART})/(.+)$")
_FIRST: Final = "release-0001"
_MOST_MANIFEST: Final = 16 * 2**20
_MOST_FILES: Final = 10_000
_SPARE: Final = 64 * 2**20  # small zips of text may unpack to this; ciphertext does not shrink at all
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}")


def is_part(name: str) -> bool:
    """Whether a folder of that name is a part of a hand-over."""
    return _NAMED.fullmatch(name) is not None


def pack(folder: Path, part: str) -> BinaryIO:
    """A zip of one part of a hand-over, in a file that is gone when it is closed. Ciphertext is stored as it is."""
    made = tempfile.TemporaryFile(dir=settings.HOME / "tmp")  # noqa: SIM115 - the response closes it
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted((folder / part).rglob("*")):
            if path.is_file() and path.suffix != ".part":
                archive.write(path, path.relative_to(folder).as_posix())
    made.seek(0)
    return made


def unpack(upload: BinaryIO, size: int, folder: Path, kept: Collection[str] = ()) -> None:
    """Take the parts of a hand-over out of a zip; those in `kept` stay as they are. Raises Malformed `handover.zip`, `handover.taken`."""
    try:
        with zipfile.ZipFile(upload) as archive:
            wanted = list(_wanted(archive))
            if len(wanted) > _MOST_FILES or sum(info.file_size for info, _ in wanted) > size + _SPARE:
                raise _bad()
            _place(folder, ((name, archive.open(info), info.file_size) for info, name in wanted), kept)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError) as error:
        raise _bad() from error


def drops() -> list[str]:
    """The folders that lie ready in the host's drop folder, by name."""
    top = settings.DROP
    if top is None or not top.is_dir():
        return []
    return sorted(one.name for one in top.iterdir() if _NAME.fullmatch(one.name) and _holds(one))


def take(name: str, folder: Path, kept: Collection[str] = ()) -> None:
    """Take a hand-over out of the drop folder. Raises Malformed `handover.drop`, `handover.taken`."""
    if name not in drops():
        raise Malformed(
            "handover.drop", "There is no such hand-over in the drop folder.", next="Choose one of the list."
        )
    top = settings.DROP / name
    found = [
        path
        for part in sorted(one.name for one in top.iterdir() if is_part(one.name))
        for path in sorted((top / part).rglob("*"))
        if path.is_file() and not _linked(path, top)
    ]
    _place(folder, ((path.relative_to(top).as_posix(), path.open("rb"), path.stat().st_size) for path in found), kept)


def _wanted(archive: zipfile.ZipFile) -> Iterator[tuple[zipfile.ZipInfo, str]]:
    """(entry, where it belongs) of every file of a hand-over; the content of one part may also lie at the top."""
    names = {info.filename: info for info in archive.infolist() if not info.is_dir()}
    bare = "package" if "bagit.txt" in names else _bare(archive) if "released.dsse.json" in names else None
    for name, info in names.items():
        match = _INSIDE.search(name)
        place = f"{match[1]}/{match[2]}" if match and bare is None else f"{bare}/{name}" if bare else None
        if place is not None and _sound(place):
            yield info, place


def _bare(archive: zipfile.ZipFile) -> str:
    """The folder of a release whose files lie at the top: its own manifest says which; the first when it says nothing."""
    if "manifest.json" not in archive.namelist():
        return _FIRST
    try:
        with archive.open("manifest.json") as source:
            told = json.loads(source.read(_MOST_MANIFEST))
        return f"release-{int(told['n']):04d}"
    except (KeyError, ValueError, TypeError) as error:
        raise _bad() from error


def _sound(place: str) -> bool:
    return "\\" not in place and all(_NAME.fullmatch(one) for one in PurePosixPath(place).parts) and ".." not in place


def _place(folder: Path, files: Iterable[tuple[str, IO[bytes], int]], kept: Collection[str]) -> None:
    """Write aside, then let each part that came take the place of an earlier one as a whole."""
    with tempfile.TemporaryDirectory(dir=settings.HOME / "tmp") as aside:
        for name, source, size in files:
            path = Path(aside) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with source, path.open("xb") as target:
                shutil.copyfileobj(source, target, 2**20)
            if path.stat().st_size > size:
                raise _bad()
        came = sorted(one.name for one in Path(aside).iterdir() if is_part(one.name))
        if not came:
            raise _bad()
        fresh = [part for part in came if part not in kept]
        if not fresh:
            raise Malformed(
                "handover.taken", "This hand-over is received already.", next="Nothing more is to be put in."
            )
        for part in fresh:
            folder.mkdir(parents=True, exist_ok=True)
            shutil.rmtree(folder / part, ignore_errors=True)
            shutil.move(str(Path(aside) / part), folder / part)


def _holds(folder: Path) -> bool:
    return (
        folder.is_dir()
        and not folder.is_symlink()
        and any(one.is_dir() and is_part(one.name) for one in folder.iterdir())
    )


def _linked(path: Path, top: Path) -> bool:
    return any(one.is_symlink() for one in (path, *path.parents) if one.is_relative_to(top))


def _bad() -> Malformed:
    return Malformed(
        "handover.zip",
        "This zip holds no package and no release.",
        next="Ask the seller for the files that the console offers.",
    )
