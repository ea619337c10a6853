"""How many cells of a column tell of what is special: counted over every cell, so that three in a hundred thousand are not missed.

A sample never is enough here: who writes remarks writes most of them about parcels. Only numbers and kinds of words are kept, never
the words of a person. `death` and `family` are no classes of the taxonomy; they raise a column all the same, until somebody looks.
"""

from collections.abc import Mapping
from functools import cache
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.classify.cells import AT, DIGIT, HAN, LETTER, LOWER, SLASH, SPACE, UPPER, Bools, Cells
from custody.classify.vocabulary import read

_LATIN: Final = UPPER | LOWER | LETTER
_BEFORE: Final = r"(?:^|[^A-Za-z\x{c0}-\x{24f}])"
_SHORTEST: Final = {"zh": 2, "en": 3}


def count(found: Cells) -> dict[str, int]:
    """{kind: cells with words of it}. Absent means none."""
    counts: dict[str, int] = {}
    if not len(found):
        return counts
    told = {script: _telling(found, script) for script in ("zh", "en")}
    for kind in _words():
        both = [places[kind] for places in told.values() if kind in places]
        if number := len(np.unique(np.concatenate(both))) if both else 0:
            counts[kind] = number
    return counts


def _telling(found: Cells, script: str) -> Mapping[str, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """{kind: which cells have its words in this script}. All words are sought at once; the kinds only where some are."""
    worded = _worded(found, script)
    number = int(worded.sum())
    if not number:
        return {}
    text = found.text if number == len(found) else found.text.filter(pa.array(worded))
    hit = pc.match_substring_regex(text, _any(script), ignore_case=True).to_numpy(zero_copy_only=False)
    if not hit.any():
        return {}
    places, held = np.flatnonzero(worded)[hit], text.filter(pa.array(hit))
    return {
        kind: places[pc.match_substring_regex(held, rule, ignore_case=True).to_numpy(zero_copy_only=False)]
        for kind, rule in _rules(script).items()
    }


def _worded(found: Cells, script: str) -> Bools:
    """Cells that may hold words: no addresses of mail, no numbers with letters in them."""
    mask = found.mask
    worded: Bools = found.length >= _SHORTEST[script]
    if script == "zh":
        worded &= mask & np.uint16(HAN) != 0
        return worded
    alone = mask & np.uint16(DIGIT | SLASH | AT) == 0
    worded &= (mask & np.uint16(_LATIN) != 0) & (alone | (mask & np.uint16(SPACE | HAN) != 0))
    return worded


@cache
def _words() -> dict[str, dict[str, str]]:
    return read("special.toml") | read("telling.toml")


@cache
def _rules(script: str) -> dict[str, str]:
    before = _BEFORE if script == "en" else ""
    return {kind: f"{before}(?:{words[script]})" for kind, words in _words().items()}


@cache
def _any(script: str) -> str:
    before = _BEFORE if script == "en" else ""
    return f"{before}(?:{'|'.join(one[script] for one in _words().values())})"
