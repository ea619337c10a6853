"""How a text file reads in each encoding that may be the right one (spec/sources.md §2), for a person to say which.

The names of its columns tell; they are nobody's data. Where they are the same in each reading, or there are none, the letters that are
met most tell instead: each once, in the order of their numbers, so that no value stands there.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from custody.adapters.sources import dialect
from custody.adapters.sources.encoding import choose, survey
from custody.model.source import Reading

_HEAD: Final = 1 << 18
_CELLS: Final = 6
_LONGEST: Final = 24
_LETTERS: Final = 12


def readings(path: Path, *, tabs: bool = False) -> list[Reading]:
    """One for each plausible encoding, the likeliest first."""
    found = survey(path)
    names = choose(found)
    columns = _told({name: _columns(found.head[:_HEAD].decode(name, "replace"), tabs=tabs) for name in names})
    alike = len(set(columns.values())) < len(names)
    odd = b"\n".join(found.odd)
    return [Reading(name, columns[name], _letters(odd.decode(name, "replace")) if alike else "") for name in names]


def _columns(text: str, *, tabs: bool) -> tuple[str, ...]:
    """The header as it is written; none for a file that begins with its rows."""
    text = text.removeprefix("\ufeff")
    if text.lstrip()[:1] in {"{", "["}:
        return _keys(text)
    how, columns = dialect.detect(text, tabs=tabs)
    return () if how.bare else columns


def _keys(text: str) -> tuple[str, ...]:
    """The keys of the first object, where it stands on one line."""
    with suppress(ValueError):
        first = json.loads(text.lstrip().partition("\n")[0])
        return tuple(first) if isinstance(first, dict) else ()
    return ()


def _told(columns: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The first cells of each header; where it is a long one, those in which the readings differ."""
    widths = {len(one) for one in columns.values()}
    places: Sequence[int] = range(_CELLS)
    if len(widths) == 1:
        differ = [place for place in range(*widths) if len({one[place] for one in columns.values()}) > 1]
        places = differ[:_CELLS] if differ and differ[0] >= _CELLS else places
    return {name: tuple(one[place][:_LONGEST] for place in places if place < len(one)) for name, one in columns.items()}


def _letters(text: str) -> str:
    counts = Counter(one for one in text if one.isalpha() and not one.isascii())
    return "".join(sorted(one for one, _ in counts.most_common(_LETTERS)))
