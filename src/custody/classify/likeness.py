"""What a header that nobody listed is most like, among all the words that are (spec/datamap.md §4).

New words are made of old pieces: 残余尿量 shares 尿 with known words of health, `liabilityamt` its letters with words of debt.
Naive Bayes over pieces of the known words says how probable each class is. It speaks only where no word was read.
"""

import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from custody.classify import headers, lexicon
from custody.classify.taxonomy import level
from custody.classify.vocabulary import simplified

_RUNS: Final = re.compile(r"[a-z0-9]+|[^a-z0-9]+")
_ENDS: Final = range(4, 8)
_RUN: Final = 6
_SMOOTH: Final = 2.0
# Pieces of one word are not independent, so that each counts by half.
_DAMPED: Final = 0.5


@lru_cache(maxsize=4096)
def classes_like(header: str) -> dict[str, float]:
    """{class: how probable}; empty for a header of which no piece is known, or that says nothing by itself (字段5)."""
    return {} if headers.speaks_not(header) else _model().weigh(header)


def best(header: str) -> tuple[str, float]:
    """The most probable class, and how probable it is."""
    found = classes_like(header)
    return max(found.items(), key=lambda pair: pair[1], default=("", 0.0))


def sensitive(header: str) -> float:
    """How probable it is that the class is a sensitive one."""
    return sum(share for cls, share in classes_like(header).items() if level(cls) == "sensitive")


@dataclass(frozen=True, slots=True)
class _Model:
    """`words`: known words by class; `held`: {piece: {class: words with it}}."""

    words: Counter[str]
    held: dict[str, dict[str, int]]

    def weigh(self, header: str) -> dict[str, float]:
        pieces = [self.held[one] for one in _pieces(header) if one in self.held]
        if not pieces:
            return {}
        total = self.words.total()
        score = {
            cls: math.log(count / total) + len(pieces) * math.log(_SMOOTH / (count + _SMOOTH))
            for cls, count in self.words.items()
        }
        for piece in pieces:
            usual = _SMOOTH * sum(piece.values()) / total
            for cls, count in piece.items():
                score[cls] += math.log((count + usual) / usual)
        return _shares(score)


def _shares(score: dict[str, float]) -> dict[str, float]:
    top = max(score.values())
    raw = {cls: math.exp(_DAMPED * (one - top)) for cls, one in score.items()}
    whole = sum(raw.values())
    return {cls: one / whole for cls, one in raw.items()}


@cache
def _model() -> _Model:
    known = lexicon.known()  # already folded and written in one
    held: dict[str, dict[str, int]] = {}
    for word, cls in known:
        runs = (word,) if word.isalpha() and word.isascii() else _RUNS.findall(word)
        for piece in {piece for run in runs for piece in _cut(run)}:
            by = held.get(piece)
            if by is None:
                held[piece] = {cls: 1}
            else:
                by[cls] = by.get(cls, 0) + 1
    return _Model(Counter(cls for _, cls in known), held)


def _pieces(header: str) -> set[str]:
    """Beginnings, ends and longer runs of Latin words; of other scripts each character, pair and end."""
    words = {*headers.tokens(header), *headers.tokens(simplified(header))}
    return {piece for word in words for run in _RUNS.findall(word) for piece in _cut(run)}


def _cut(run: str) -> list[str]:
    if not run.isascii():
        return [run, run[-1] + "$", run[-2:] + "$", *run, *(run[place : place + 2] for place in range(len(run) - 1))]
    text = f"^{run}$"
    runs = [text[place : place + _RUN] for place in range(1, len(text) - _RUN)]
    return [text, *runs, *(text[:size] for size in _ENDS), *(text[-size:] for size in _ENDS)]
