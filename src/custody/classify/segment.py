"""Headers of Latin letters without any mark between their words (`hivstatus`, `spousedisabilitycode`), cut into known words.

A cut is taken only if it covers every letter; among several the one of longest words wins.
"""

from collections.abc import Set as AbstractSet
from typing import Final

SHORTEST: Final = 3
LONGEST: Final = 24
_LEAST: Final = 7
_MOST: Final = 48


def cut(text: str, words: AbstractSet[str]) -> list[str]:
    """The words that `text` is made of, in order; empty when it is not made of two or more known ones."""
    if not (_LEAST <= len(text) <= _MOST and text.isascii() and text.isalpha()):
        return []
    best: list[tuple[int, list[str]] | None] = [(0, []), *([None] * len(text))]
    for end in range(SHORTEST, len(text) + 1):
        for start in range(max(0, end - LONGEST), end - SHORTEST + 1):
            before, word = best[start], text[start:end]
            if before is None or word not in words or word == text:
                continue
            weight = before[0] + len(word) ** 2
            held = best[end]
            if held is None or weight > held[0]:
                best[end] = (weight, [*before[1], word])
    found = best[-1]
    return found[1] if found else []
