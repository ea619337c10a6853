"""What a header that nobody listed is most like, among all the words that are (spec/datamap.md §4).

New words are made of old pieces: 残余尿量 shares 尿 with known words of health, `liabilityamt` its letters with words of debt.
Naive Bayes over pieces of the known words says how probable each class is. It speaks only where no word was read.
"""

import math
import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate
from typing import Final

from custody.classify import headers, lexicon
from custody.classify.taxonomy import level
from custody.classify.vocabulary import simplified

_RUNS: Final = re.compile(r"[a-z0-9]+|[^a-z0-9]+")
_ENDS: Final = range(4, 8)
_RUN: Final = 6
_PAIR: Final = 2
_BEGIN, _END, _LINE = "\x02", "\x03", "\n"  # no header has them
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
    """`words`: known words by class; `texts`: all of them, class by class, and `ends`: where each class ends in them.

    A header has a score of pieces, so that these are sought when asked, and no word is cut beforehand.
    """

    words: dict[str, int]
    texts: tuple[str, str]
    ends: tuple[list[int], list[int]]

    def weigh(self, header: str) -> dict[str, float]:
        pieces = [found for one in _pieces(header) if (found := self.held(one))]
        if not pieces:
            return {}
        total = sum(self.words.values())
        score = {
            cls: math.log(count / total) + len(pieces) * math.log(_SMOOTH / (count + _SMOOTH))
            for cls, count in self.words.items()
        }
        for piece in pieces:
            usual = _SMOOTH * sum(piece.values()) / total
            for cls, count in piece.items():
                score[cls] += math.log((count + usual) / usual)
        return _shares(score)

    def held(self, piece: str) -> dict[str, int]:
        """{class: known words with this piece}."""
        script = int(not piece.isascii())
        text, ends, classes = self.texts[script], self.ends[script], list(self.words)
        found: dict[str, int] = {}
        place = text.find(piece)
        while place >= 0:
            cls = classes[bisect_right(ends, place)]
            found[cls] = found.get(cls, 0) + 1
            line = text.find(_LINE, place)  # a word counts once, however often it has the piece
            place = text.find(piece, line)
        return found


def _shares(score: dict[str, float]) -> dict[str, float]:
    top = max(score.values())
    raw = {cls: math.exp(_DAMPED * (one - top)) for cls, one in score.items()}
    whole = sum(raw.values())
    return {cls: one / whole for cls, one in raw.items()}


@cache
def _model() -> _Model:
    by: dict[str, list[str]] = {}
    for word, cls in lexicon.known():  # already folded and written in one
        by.setdefault(cls, []).append(word)
    lines = [[_line(word) for word in words] for words in by.values()]
    (latin, first), (other, second) = (_joined([[pair[script] for pair in one] for one in lines]) for script in (0, 1))
    return _Model({cls: len(words) for cls, words in by.items()}, (latin, other), (first, second))


def _joined(lines: list[list[str]]) -> tuple[str, list[int]]:
    """The lines of all classes in one text, and where each class ends."""
    parts = ["".join(one) for one in lines]
    return "".join(parts), list(accumulate(map(len, parts)))


def _line(word: str) -> tuple[str, str]:
    """The runs of a word, Latin ones and others, each between its bounds; the last sign ends a word of which there is any."""
    if word.isascii() and word.isalnum():
        return f"{_BEGIN}{word}{_END}{_LINE}", ""
    runs = _RUNS.findall(word)
    latin, other = ("".join(_BEGIN + run + _END for run in runs if run.isascii() is plain) for plain in (True, False))
    return latin and latin + _LINE, other and other + _LINE


def _pieces(header: str) -> set[str]:
    """Beginnings, ends and longer runs of Latin words; of other scripts each character, pair and end."""
    words = {*headers.tokens(header), *headers.tokens(simplified(header))}
    return {piece for word in words for run in _RUNS.findall(word) for piece in _cut(run)}


def _cut(run: str) -> list[str]:
    if not run.isascii():
        whole = [] if len(run) <= _PAIR else [_BEGIN + run + _END]
        pairs = (run[place : place + _PAIR] for place in range(len(run) - 1))
        return [*whole, run[-1] + _END, run[-_PAIR:] + _END, *run, *pairs]
    text = _BEGIN + run + _END
    runs = [text[place : place + _RUN] for place in range(1, len(text) - _RUN)]
    return [text, *runs, *(text[:size] for size in _ENDS), *(text[-size:] for size in _ENDS)]
