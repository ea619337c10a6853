"""A folder from a stranger: what lies in it, read without following or trusting anything (spec/package.md §1)."""

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from custody.base.canonical import MAX_BYTES
from custody.base.errors import Broken
from custody.package.fault import Fault

MAX_FILES: Final = 100_000
MAX_DEPTH: Final = 4
_PART: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}")
_BLOCK: Final = 1 << 20


def listing(root: Path) -> tuple[dict[str, int], list[Fault]]:
    """({relative name: size}, faults). Links, devices and odd names are faults, not entries."""
    found: dict[str, int] = {}
    faults: list[Fault] = []
    for name, entry in _walk(root, "", 0, faults):
        if len(found) >= MAX_FILES:
            faults.append(Fault("malformed", "folder.many", ""))
            break
        found[name] = entry.stat(follow_symlinks=False).st_size
    lowered: dict[str, str] = {}
    doubled = [name for name in sorted(found) if lowered.setdefault(name.lower(), name) != name]
    faults += [Fault("malformed", "folder.case", name) for name in doubled]
    return found, faults


def safe(name: str) -> bool:
    """Whether `name` is a relative name that this format allows."""
    return all(_PART.fullmatch(part) for part in name.split("/")) and name.count("/") <= MAX_DEPTH


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """A regular file, not through a link. Raises Broken `folder.open`."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise Broken("folder.open", "A file cannot be read.", kind="missing") from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Broken("folder.open", "This is not a regular file.", kind="malformed")
    with os.fdopen(descriptor, "rb") as source:
        try:
            yield source
        except OSError as error:
            raise Broken("folder.open", "A file cannot be read.", kind="missing") from error


def small(path: Path, limit: int = MAX_BYTES) -> bytes:
    """The whole of a file that is at most `limit` bytes. Raises Broken `folder.open`, `folder.large`."""
    with opened(path) as source:
        data = source.read(limit + 1)
    if len(data) > limit:
        raise Broken("folder.large", "A file is larger than its form allows.", kind="malformed")
    return data


def digest(path: Path) -> str:
    """SHA-256 of a file in hex, streamed. Raises Broken `folder.open`."""
    found = hashlib.sha256()
    with opened(path) as source:
        while block := source.read(_BLOCK):
            found.update(block)
    return found.hexdigest()


def _walk(folder: Path, prefix: str, depth: int, faults: list[Fault]) -> Iterator[tuple[str, "os.DirEntry[str]"]]:
    try:
        entries = sorted(os.scandir(folder), key=lambda one: one.name)
    except OSError:
        faults.append(Fault("missing", "file.unreadable", prefix.rstrip("/")))
        return
    for entry in entries:
        name = prefix + entry.name
        if not _PART.fullmatch(entry.name) or depth > MAX_DEPTH:
            faults.append(Fault("malformed", "folder.name", shown(name)))
        elif entry.is_symlink():
            faults.append(Fault("malformed", "folder.link", name))
        elif entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path), name + "/", depth + 1, faults)
        elif entry.is_file(follow_symlinks=False):
            yield name, entry
        else:
            faults.append(Fault("malformed", "folder.device", name))


def shown(name: str) -> str:
    """A stranger's file name, fit to be printed."""
    return re.sub(r"[^A-Za-z0-9._/-]", "?", name)[:200]
