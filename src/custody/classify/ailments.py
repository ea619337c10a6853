"""Whether values are illnesses, complaints or medicines, by how such words are built (words/health.toml).

A list of illnesses is never complete; their endings nearly are: 阑尾炎, bronchitis, Gonarthrose. Used on the sample.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from custody.classify.vocabulary import fold, read

_SPLIT: Final = re.compile(r"[\s,;/，、；。()（）]+")
_LONG: Final = 6  # a Latin word shorter than this ends so by accident


def share(sample: Sequence[str]) -> float:
    """Share of the sample that names something of health."""
    return sum(map(ill, sample)) / len(sample) if sample else 0.0


def ill(value: str) -> bool:
    """Whether the value names an illness, a complaint or a medicine."""
    words, ends, endings, holds = _rules()
    text = fold(value)
    parts = [part for part in _SPLIT.split(text) if part]
    return any(
        (part.endswith(ends) and len(part) >= _LONG) if part.isascii() else (part.endswith(endings) and len(part) >= 2)
        for part in parts
    ) or any(word in text for word in (holds if text.isascii() else words))


@cache
def _rules() -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Words inside Chinese text, endings of Latin words, endings of others, words inside Latin text."""
    found = read("health.toml")
    others = tuple(f"{found['zh']['ends']} {found['ko']['ends']} {found['ja']['ends']}".split())
    latin = tuple(found["latin"]["holds"].split())
    return (*found["zh"]["holds"].split(), *latin), tuple(found["latin"]["ends"].split()), others, latin
