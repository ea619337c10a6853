"""Hash tiles: the tree as static files that stock clients read, without a single entry in them (spec/ledger.md §9).

A tile is up to 256 hashes of one level, as C2SP tlog-tiles lays them out. A full tile never changes; a partial one
carries its width in its name.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from custody.base import merkle

WIDTH: Final = 256


def tiles(hashes: Iterable[bytes]) -> Iterator[tuple[str, bytes]]:
    """(path, content) of every tile of the tree over these leaf hashes: full ones as they fill, then those that are not.

    One tile of each level is in memory.
    """
    rows, numbers = list[list[bytes]](), list[int]()
    for leaf in hashes:
        made, level = leaf, 0
        while True:
            if level == len(rows):
                rows.append([])
                numbers.append(0)
            rows[level].append(made)
            if len(rows[level]) < WIDTH:
                break
            yield path(level, numbers[level], WIDTH), b"".join(rows[level])
            made, rows[level] = merkle.root(rows[level]), []
            numbers[level] += 1
            level += 1
    for level, row in enumerate(rows):
        if row:
            yield path(level, numbers[level], len(row)), b"".join(row)


def path(level: int, number: int, width: int) -> str:
    """`tile/0/x001/234`, and `.p/WIDTH` behind it when the tile is not full."""
    digits = f"{number:03d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    parts = [digits[place : place + 3] for place in range(0, len(digits), 3)]
    name = "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])
    return f"tile/{level}/{name}" + (f".p/{width}" if width < WIDTH else "")
