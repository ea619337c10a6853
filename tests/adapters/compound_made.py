"""Makes compound files (MS-CFB) with streams of one's choice, and an old workbook (MS-XLS) of a few cells within one."""

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

_SECTOR = 512
_END, _FREE, _TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def compound(path: Path, streams: Mapping[str, bytes]) -> Path:
    """A version 3 compound file; every stream is padded past 4,096 bytes, so none lives among the small ones."""
    padded = {name: data.ljust(4096, b"\0") for name, data in streams.items()}
    counts = [-(-len(data) // _SECTOR) for data in padded.values()]
    directory = -(-(1 + len(padded)) * 128 // _SECTOR)
    table = [_TABLE, *_chain(1, directory)]
    starts = []
    for count in counts:
        starts.append(len(table))
        table += _chain(len(table), count)
    assert len(table) <= _SECTOR // 4
    table += [_FREE] * (_SECTOR // 4 - len(table))
    entries = [_entry("Root Entry", 5, _END, 0, child=1)]
    entries += [
        _entry(name, 2, start, len(data), right=place + 2 if place + 1 < len(padded) else _FREE)
        for place, ((name, data), start) in enumerate(zip(padded.items(), starts, strict=True))
    ]
    entries += [bytes(128)] * (directory * 4 - len(entries))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += (
        struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, _END, 0, _END, 0)
        + struct.pack("<I", 0)
        + struct.pack("<I", _FREE) * 108
    )
    body = struct.pack(f"<{len(table)}I", *table) + b"".join(entries)
    body += b"".join(data.ljust(count * _SECTOR, b"\0") for data, count in zip(padded.values(), counts, strict=True))
    path.write_bytes(head + body)
    return path


def old_workbook(rows: Sequence[Sequence[str | int]], *, locked: bool = False) -> bytes:
    """The records of a BIFF8 workbook with one sheet `S`: text cells, and integers for error codes. `locked`: RC4 is declared."""
    bof = struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0)
    lock = _record(0x2F, struct.pack("<HHH", 1, 1, 1) + bytes(48)) if locked else b""
    before = _record(0x809, bof) + lock
    sized = len(before) + len(_record(0x85, bytes(6) + b"\x01\x00S")) + 4
    globals_ = before + _record(0x85, struct.pack("<IH", sized, 0) + b"\x01\x00S") + _record(0x0A, b"")
    sheet = _record(0x809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 0))
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            place = struct.pack("<HHH", row, column, 0)
            if isinstance(cell, int):
                sheet += _record(0x205, place + bytes([cell, 1]))
            elif cell:
                sheet += _record(0x204, place + struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le"))
    return globals_ + sheet + _record(0x0A, b"")


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _chain(first: int, count: int) -> list[int]:
    return [*range(first + 1, first + count), _END]


def _entry(name: str, kind: int, start: int, size: int, *, child: int = _FREE, right: int = _FREE) -> bytes:
    said = name.encode("utf-16-le")
    fields = (
        said.ljust(64, b"\0") + struct.pack("<HBB", len(said) + 2, kind, 1) + struct.pack("<III", _FREE, right, child)
    )
    return (fields + bytes(36) + struct.pack("<IQ", start, size)).ljust(128, b"\0")
