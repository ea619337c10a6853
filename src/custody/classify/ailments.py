"""Whether values are illnesses, complaints or medicines, by how such words are built (words/health.toml).

A list of illnesses is never complete; their endings nearly are: 阑尾炎, bronchitis, Gonarthrose. Used on the sample.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from custody.classify.vocabulary import fold, read

_SPLIT: Final = re.compile(r"[\s,;/，、；。()（）]+")
Words = tuple[str, ...]
Rules = tuple[Words, Words, Words, Words]
_LONG: Final = 6  # a Latin word shorter than this ends so by accident


def share(sample: Sequence[str]) -> float:
    """Share of the sample that names something of health."""
    texts = [fold(value) for value in sample]
    held = "\n".join(texts)
    words, ends, endings, holds = _rules()
    rules = _held(words, held), ends, endings, _held(holds, held)  # most words stand nowhere in the sample
    return sum(_ill(text, rules) for text in texts) / len(texts) if texts else 0.0


def ill(value: str) -> bool:
    """Whether the value names an illness, a complaint or a medicine."""
    return _ill(fold(value), _rules())


def _held(words: Words, text: str) -> Words:
    return tuple(word for word in words if word in text)


def _ill(text: str, rules: Rules) -> bool:
    words, ends, endings, holds = rules
    parts = [part for part in _SPLIT.split(text) if part]
    return any(
        (part.endswith(ends) and len(part) >= _LONG) if part.isascii() else (part.endswith(endings) and len(part) >= 2)
        for part in parts
    ) or any(word in text for word in (holds if text.isascii() else words))


@cache
def _rules() -> Rules:
    """Words inside Chinese text, endings of Latin words, endings of others, words inside Latin text."""
    found = read("health.toml")
    others = tuple(f"{found['zh']['ends']} {found['ko']['ends']} {found['ja']['ends']}".split())
    latin = tuple(found["latin"]["holds"].split())
    return (*found["zh"]["holds"].split(), *latin), tuple(found["latin"]["ends"].split()), others, latin
