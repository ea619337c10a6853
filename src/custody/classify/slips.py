"""Slips of the pen in headers: `poastal_code`, `date_of_brith`, `Babtized` (spec/datamap.md §4).

A Latin word that no list has is read as the one known word that differs by a letter too many, a missing one, two changed about or, in a
long word, a wrong one: a vowel for a vowel, or a key for its neighbour, for `attitude` is no slip of `altitude`. The first letter stays, for
`lender` is none of `gender`.
"""

import string
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from functools import cache
from typing import Final

_SWAPPED: Final = 5  # letters of a word in which two may be changed about
_LACKS: Final = 6  # letters of a word that may lack one
_MORE: Final = 7  # letters of a word that may have one too many
_WRONG: Final = 8
_ROWS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_VOWELS: Final = frozenset("aeiouy")


def mended(words: list[str], known: AbstractSet[str]) -> list[str]:
    """The words with those mended that are nearly known ones; empty if there is nothing to mend."""
    found = [one if one in known or not _plain(one) else _nearest(one, known) for one in words]
    return found if found != words else []


def _plain(word: str) -> bool:
    return word.isascii() and word.isalpha() and len(word) >= _SWAPPED


def _nearest(word: str, known: AbstractSet[str]) -> str:
    near = {one for one in _near(word) if one in known}
    return near.pop() if len(near) == 1 else word


def _near(word: str) -> Iterator[str]:
    places = range(1, len(word) - 1)  # another end makes another word of the same stem: attended, attendee
    yield from (word[:one] + word[one + 1] + word[one] + word[one + 2 :] for one in places)
    if len(word) >= _MORE:
        yield from (word[:one] + word[one + 1 :] for one in places)
    if len(word) >= _LACKS:
        added = (*places, len(word) - 1)
        yield from (word[:one] + letter + word[one:] for one in added for letter in string.ascii_lowercase)
    if len(word) >= _WRONG:
        yield from (word[:one] + letter + word[one + 1 :] for one in places for letter in _instead(word[one]))


@cache
def _instead(letter: str) -> frozenset[str]:
    """The letters that one is hit for: its neighbours on the keys, and vowels for a vowel."""
    places = [(row, keys.find(letter)) for row, keys in enumerate(_ROWS) if letter in keys]
    near = {
        _ROWS[row][at]
        for row, at in ((row + up, at + side) for row, at in places for up in (-1, 0, 1) for side in (-1, 0, 1))
        if 0 <= row < len(_ROWS) and 0 <= at < len(_ROWS[row])
    }
    return frozenset((near | (_VOWELS if letter in _VOWELS else set())) - {letter})
