"""Words that give away a special category of data in free text (words/special.toml): illness, faith, origin, opinion, crime."""

import re
from collections.abc import Iterator
from functools import cache

from custody.classify.vocabulary import read


def told(text: str) -> Iterator[str]:
    """Classes whose words stand in the text."""
    for cls, rule in _rules():
        if rule.search(text):
            yield cls


@cache
def _rules() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (cls, re.compile(rf"{words['zh']}|(?<![A-Za-zÀ-ɏ])(?:{words['en']})", re.IGNORECASE))
        for cls, words in read("special.toml").items()
    )
