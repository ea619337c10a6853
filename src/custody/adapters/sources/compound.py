"""Streams of a compound file (MS-CFB), the container of old workbooks and of new ones with a password. Reads, never writes.

A file that breaks the format has no streams here; what cannot be read is told by the reader that was asked for its rows.
"""

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Final

_MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST: Final = 0xFFFFFFFA  # sector numbers from here on mark ends and free sectors
_SMALL: Final = 4096
_HEADER: Final = 512
_MOST: Final = 512 << 20


def stream(path: Path, names: Sequence[str]) -> bytes | None:
    """The first stream of one of these names; None when the file is no compound file or has none."""
    data = _compound(path)
    try:
        return _find(data, names) if data else None
    except (struct.error, IndexError, UnicodeDecodeError):
        return None


def circles(path: Path) -> bool:
    """Whether a chain of the file runs in a circle: a reader that follows it would never come back."""
    data = _compound(path)
    if not data:
        return False
    try:
        size = 1 << struct.unpack_from("<H", data, 30)[0]
        first_directory, _, _, first_small = struct.unpack_from("<IIII", data, 48)
        table = _table(data, size)
        directory = _chain(data, table, first_directory, size)
        starts = [struct.unpack_from("<I", directory, place + 116)[0] for place in range(0, len(directory) - 127, 128)]
        return any(_circles(table, one) for one in (first_directory, first_small, *starts))
    except (struct.error, IndexError):
        return False  # the reader itself says what is wrong with it


def _compound(path: Path) -> bytes:
    """The file, where it has the mark and the header of one and is of a size to be read whole; else nothing."""
    if path.stat().st_size > _MOST:
        return b""
    data = path.read_bytes()
    return data if data.startswith(_MAGIC) and len(data) >= _HEADER else b""


def _circles(table: Sequence[int], start: int) -> bool:
    steps = 0
    while start < len(table) and steps <= len(table):
        start, steps = table[start], steps + 1
    return steps > len(table)


def _find(data: bytes, names: Sequence[str]) -> bytes | None:
    shift, small_shift = struct.unpack_from("<HH", data, 30)
    size = 1 << shift
    first_directory, _, cutoff, first_small = struct.unpack_from("<IIII", data, 48)
    table = _table(data, size)
    directory = _chain(data, table, first_directory, size)
    entries = [directory[place : place + 128] for place in range(0, len(directory), 128)]
    roots = [one for one in entries if len(one) == 128 and one[66] == 5]
    for entry in entries:
        if len(entry) < 128 or entry[66] != 2 or _name(entry) not in names:
            continue
        start, length = struct.unpack_from("<IQ", entry, 116)
        if length >= min(cutoff, _SMALL) or not roots:
            return _chain(data, table, start, size)[:length]
        home = _chain(data, table, struct.unpack_from("<I", roots[0], 116)[0], size)
        small = _chain(data, table, first_small, size)
        links = struct.unpack(f"<{len(small) // 4}I", small[: len(small) // 4 * 4])
        return _walk(home, links, start, 1 << small_shift, 0)[:length]
    return None


def _name(entry: bytes) -> str:
    length = struct.unpack_from("<H", entry, 64)[0]
    return entry[: max(0, length - 2)].decode("utf-16-le")


def _table(data: bytes, size: int) -> tuple[int, ...]:
    """Which sector follows which, from the sectors the header names and the chain of further ones."""
    places = list(struct.unpack_from("<109I", data, 76))
    further = struct.unpack_from("<I", data, 68)[0]
    while further < _LAST and len(places) * size < len(data):
        block = struct.unpack_from(f"<{size // 4}I", data, (further + 1) * size)
        places += block[:-1]
        further = block[-1]
    kept = [data[(one + 1) * size : (one + 2) * size] for one in places if one < _LAST]
    whole = b"".join(kept)
    return struct.unpack(f"<{len(whole) // 4}I", whole[: len(whole) // 4 * 4])


def _chain(data: bytes, table: Sequence[int], start: int, size: int) -> bytes:
    return _walk(data, table, start, size, 1)


def _walk(data: bytes, table: Sequence[int], start: int, size: int, skip: int) -> bytes:
    """The sectors of a chain, one after the other; a chain that runs in a circle ends where the file would."""
    parts: list[bytes] = []
    while start < _LAST and len(parts) * size <= len(data):
        parts.append(data[(start + skip) * size : (start + skip + 1) * size])
        start = table[start]
    return b"".join(parts)
