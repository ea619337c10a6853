"""Hash tiles: the tree as static files that stock clients read, without a single entry in them (spec/ledger.md §9).

A tile is up to 256 hashes of one level, as C2SP tlog-tiles lays them out. A full tile never changes; a partial one
carries its width in its name.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from custody.base import merkle

WIDTH: Final = 256


def tiles(hashes: Sequence[bytes]) -> Iterator[tuple[str, bytes]]:
    """(path, content) of every tile of the tree over these leaf hashes, from the leaves up."""
    level, row = 0, list(hashes)
    while row:
        above = []
        for number, start in enumerate(range(0, len(row), WIDTH)):
            part = row[start : start + WIDTH]
            yield path(level, number, len(part)), b"".join(part)
            if len(part) == WIDTH:
                above.append(merkle.root(part))
        level, row = level + 1, above


def path(level: int, number: int, width: int) -> str:
    """`tile/0/x001/234`, and `.p/WIDTH` behind it when the tile is not full."""
    digits = f"{number:03d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    parts = [digits[place : place + 3] for place in range(0, len(digits), 3)]
    name = "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])
    return f"tile/{level}/{name}" + (f".p/{width}" if width < WIDTH else "")
