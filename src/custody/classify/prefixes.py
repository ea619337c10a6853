"""What a header says once the mark that its table puts before many of them is gone (spec/datamap.md §4).

`gyxm`, `gysfzhm`, `gynl`: an owner that no list knows, before words that one does. `lname`, `laddress`, `lrate`: the letter of
a table. A beginning is such a mark if several columns have it and what follows is known words for most of them.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from custody.classify import headers

_READ: Final = 3.0  # what is said with more than this needs no help
_KNOWN: Final = 2.3
_LONGEST: Final = 5
_SEVERAL: Final = 3
_MOSTLY: Final = 0.6
_ALL: Final = 0.7  # of the table's columns, for a mark of one letter
_REST: Final = 2


def rests(names: Sequence[str]) -> dict[str, str]:
    """{column: what follows the mark}, for columns whose whole name says little."""
    marked = _marks(names)
    found: dict[str, str] = {}
    for name in names:
        if _weight(name) > _READ or not _plain(name):
            continue
        text = name.lower()
        known = [text[size:] for size in range(_LONGEST, 0, -1) if text[:size] in marked and len(text) - size >= _REST]
        if rest := next((one for one in known if _weight(one) >= _KNOWN), ""):
            found[name] = rest
    return found


def _marks(names: Sequence[str]) -> frozenset[str]:
    """Beginnings that stand before known words often enough."""
    having: dict[str, list[str]] = defaultdict(list)
    for name in filter(_plain, names):
        text = name.lower()
        for size in range(1, min(_LONGEST, len(text) - _REST) + 1):
            having[text[:size]].append(text[size:])
    return frozenset(mark for mark, after in having.items() if _is_mark(mark, after, len(names)))


def _is_mark(mark: str, after: Sequence[str], columns: int) -> bool:
    least = max(_SEVERAL, _ALL * columns) if len(mark) == 1 else _SEVERAL
    return len(after) >= least and sum(_weight(rest) >= _KNOWN for rest in after) >= max(_SEVERAL, _MOSTLY * len(after))


def _plain(name: str) -> bool:
    """One word of Latin letters: others are cut where their words end."""
    return name.isascii() and name.isalpha() and (name.islower() or name.isupper())


def _weight(name: str) -> float:
    return max((one.weight for one in headers.judge(name)), default=0.0)
