"""A Chinese text cut into words with their kinds, for the rules that must not cut through a word.

The words and kinds are those of jieba (decision on the segmenter in docs/adr): `nr` a person's name, `n…` a noun, `v…` a verb.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from custody.base.late import Module

_RJIEBA: Final = Module("rjieba")  # its dictionary takes as long to read as many a command takes in all
_DEEDS: Final = "收说称付取签"


@dataclass(frozen=True, slots=True)
class Word:
    """Where a word stands, end exclusive, and its kind."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one text by where they begin and where they end."""

    begins: dict[int, Word]
    ends: dict[int, Word]

    def whole(self, start: int, end: int) -> Word | None:
        """The word that is exactly this stretch."""
        word = self.begins.get(start)
        return word if word is not None and word.end == end else None

    def over(self, place: int) -> Word | None:
        """The word that holds the border before this place, None when a word begins there."""
        if place in self.begins or place in self.ends:
            return None
        start = max((one for one in range(max(0, place - 8), place) if one in self.begins), default=None)
        return None if start is None else self.begins[start]

    def kind_at(self, start: int) -> str:
        """The kind of the word that begins here, '' when none does."""
        word = self.begins.get(start)
        return word.kind if word is not None else ""

    def kind_before(self, end: int) -> str:
        """The kind of the word that ends here, '' when none does."""
        word = self.ends.get(end)
        return word.kind if word is not None else ""


def guessed(said: str) -> bool:
    """Whether the segmenter made the word up: it is not in its dictionary, and its borders may be wrong."""
    return not _RJIEBA.has_word(said)


def usual(said: str) -> int:
    """How often a word stands in the texts that the segmenter was made of."""
    return int(_RJIEBA.suggest_freq(said))


@lru_cache(maxsize=64)
def words(text: str) -> Words:
    """The text cut into words."""
    begins: dict[int, Word] = {}
    ends: dict[int, Word] = {}
    place = 0
    for said, kind in _RJIEBA.tag(text):
        for part, sort in _parts(said, kind):
            word = Word(place, place + len(part), sort)
            begins[word.start] = ends[word.end] = word
            place = word.end
    return Words(begins, ends)


def _parts(said: str, kind: str) -> tuple[tuple[str, str], ...]:
    """The word, or a name and the deed that the segmenter took for its last character: 曾凯收."""
    if kind == "nr" and len(said) == 3 and said[-1] in _DEEDS:
        return (said[:-1], kind), (said[-1], "v")
    return ((said, kind),)
