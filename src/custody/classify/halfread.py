"""What of a header nobody has read, where its end says no more than what kind of thing it is (spec/datamap.md §11).

`standardMoney` ends in an amount and 缺勤天数 in a count; of what, only the rest could tell. The rest is known for harmless if it is
made of words of general classes, of owners, or of a system's own doings (words/plain.toml). Anything else is unknown, and never clears.
"""

from functools import cache, lru_cache
from itertools import accumulate, pairwise
from typing import Final

from custody.classify import header_rules as rules
from custody.classify import headers, lexicon, owners, segment
from custody.classify.taxonomy import level
from custody.classify.vocabulary import read

_LONGEST: Final = 8  # characters of a word of no Latin script


@lru_cache(maxsize=4096)
def unread(header: str) -> tuple[str, ...]:
    """The words that are left of the header beside the one its class rests on and those known for harmless."""
    said = headers.judge(header)
    words = headers.tokens(header)
    whole = "".join(words)
    place = whole.rfind(said[0].words) if said else -1
    if place < 0:  # read in another spelling, as a whole
        return ()
    if whole.isascii() and whole.endswith(said[0].words) and _harmless(whole[:place]):
        return ()
    left = _left(words, place, place + len(said[0].words))
    return tuple(one for one in left if not _harmless(one))


def _left(words: list[str], start: int, end: int) -> list[str]:
    """What the words have before and behind a stretch of all of them written in one."""
    places = pairwise(accumulate(map(len, words), initial=0))
    parts = [
        part
        for word, (begin, _) in zip(words, places, strict=True)
        for part in (word[: max(0, start - begin)], word[max(0, end - begin) :])
    ]
    return [one for one in parts if one]


def _harmless(part: str) -> bool:
    known, telling = _known()
    if part.isascii():
        bare = part.rstrip("s")
        return part not in telling and (part in known or bare in known or bool(segment.cut(part, known)))
    return _made_of(part.strip("的之の・"), known)


def _made_of(text: str, known: frozenset[str]) -> bool:
    """Whether known words cover all of the text."""
    ends = {0}
    for end in range(1, len(text) + 1):
        if any(start in ends and text[start:end] in known for start in range(max(0, end - _LONGEST), end)):
            ends.add(end)
    return len(text) in ends


@cache
def _known() -> tuple[frozenset[str], frozenset[str]]:
    """(words that are harmless, those of a sensitive class)."""
    head, exact, inside = lexicon.lexicon()
    listed = [*head.items(), *((word, cls) for word, found in exact.items() for cls in found), *inside]
    telling = frozenset(word for word, cls in listed if level(cls) == "sensitive")
    plain = read("plain.toml")
    parts = (rules.LAST, rules.OWNERS, rules.OF_THINGS, rules.UNITS, rules.CODES, rules.RELATIONS, rules.TOWARDS)
    other = {word for words in (*parts, *owners.named()) for word in words}
    return frozenset(
        {word for word, _ in listed} | other | {*plain["latin"].split(), *plain["zh"].split()}
    ) - telling, telling
