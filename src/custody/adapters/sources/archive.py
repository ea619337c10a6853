"""Zip archives (spec/sources.md §6): each member is unpacked by itself into a private folder, read, and removed.

Nothing an archive says is trusted: its names never become paths on this machine, and its sizes are limits, not promises.
"""

import stat
import weakref
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Final

from custody.adapters.files.aside import aside_folder
from custody.base.errors import Malformed
from custody.ports.source import Batch, Quarantine, Quarantined, Source, TableHead

_MOST_ENTRIES: Final = 10_000
_MOST_BYTES: Final = 64 << 30
_MOST_EXPANSION: Final = 300
_SMALL: Final = 64 << 20
_CHUNK: Final = 1 << 20
_WAYS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
_ENCRYPTED, _UTF8_NAME = 0x1, 0x800


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside an archive: `name` as a path of its own world; `reason` when it is not to be opened."""

    archive: Path
    name: str
    info: zipfile.ZipInfo
    reason: str = ""

    def unpack(self, folder: Path) -> Path:
        """Write it into `folder` under a name of ours. Raises Malformed `archive.damaged`."""
        target = folder / ("member" + "".join(PurePosixPath(self.name).suffixes[-1:]).lower())
        try:
            with zipfile.ZipFile(self.archive) as source, source.open(self.info) as member, target.open("wb") as out:
                _copy(member, out, self.info.file_size)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
            target.unlink(missing_ok=True)
            raise Malformed(
                "archive.damaged", "A file inside the archive cannot be unpacked.", next="Pack or fetch it again.",
                where={"file": self.name},
            ) from error  # fmt: skip
        return target


def members(path: Path) -> list[Member]:
    """What an archive holds, in name order. Raises Malformed `archive.damaged`, `archive.oversized`."""
    try:
        with zipfile.ZipFile(path) as source:
            infos = [one for one in source.infolist() if not one.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Malformed(
            "archive.damaged", "The archive cannot be read.", next="Pack or fetch it again.", where={"file": path.name}
        ) from error
    if len(infos) > _MOST_ENTRIES or sum(one.file_size for one in infos) > _MOST_BYTES:
        raise Malformed(
            "archive.oversized", "The archive holds more than custody unpacks.", where={"file": path.name},
            next="Unpack it yourself and scan the folder.",
        )  # fmt: skip
    counts = Counter(_name(one) for one in infos)
    found = [Member(path, _name(one), one, _reason(one, counts[_name(one)])) for one in infos]
    return sorted(found, key=lambda one: one.name)


def _name(info: zipfile.ZipInfo) -> str:
    """The member's name; Chinese Windows writes it in GB18030 without saying so."""
    if info.flag_bits & _UTF8_NAME or info.filename.isascii():
        return info.filename
    raw = info.filename.encode("cp437", errors="replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _reason(info: zipfile.ZipInfo, times: int) -> str:
    """Why it is not opened; '' when it may be."""
    name = _name(info).replace("\\", "/")
    outside = name.startswith("/") or ":" in name.split("/")[0] or ".." in name.split("/") or "\0" in name
    expands = info.file_size > _SMALL and info.file_size > _MOST_EXPANSION * max(1, info.compress_size)
    found = (
        (outside, "archive.path"),
        (times > 1, "archive.twice"),
        (stat.S_ISLNK(info.external_attr >> 16), "archive.link"),
        (bool(info.flag_bits & _ENCRYPTED), "archive.encrypted"),
        (info.compress_type not in _WAYS, "archive.method"),
        (expands, "archive.bomb"),
    )
    return next((reason for wrong, reason in found if wrong), "")


def _copy(source: IO[bytes], target: IO[bytes], most: int) -> None:
    """Never more than the archive promised."""
    while piece := source.read(_CHUNK):
        most -= len(piece)
        if most < 0:
            raise zipfile.BadZipFile
        target.write(piece)


class MemberSource:
    """A source over a member unpacked into a folder in `top`; it goes when the source is closed, or with the process, or when that was killed with the next."""

    def __init__(self, member: Member, build: Callable[[Path], Source], top: Path) -> None:
        folder, remove = aside_folder(top)
        self._remove = weakref.finalize(self, remove)
        self._inner = build(member.unpack(folder))

    @property
    def inner(self) -> Source:
        """The source over the unpacked file."""
        return self._inner

    def heads(self) -> Sequence[TableHead]:
        """Its tables."""
        return self._inner.heads()

    def skipped(self) -> Sequence[Quarantined]:
        """What in it was not looked at."""
        return self._inner.skipped()

    def read(self, table: str, quarantine: Quarantine) -> Iterator[Batch]:
        """Stream the rows."""
        return self._inner.read(table, quarantine)

    def close(self) -> None:
        """Let go of the member and remove it."""
        self._inner.close()
        self._remove()
