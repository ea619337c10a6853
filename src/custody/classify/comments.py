"""What a source itself says of its columns (spec/datamap.md §4).

Comments in a database, notes in a file, a row of descriptions below the header, a dictionary of fields beside the data. A
comment is read as a header is, by its first clause. It weighs a little more than the name: somebody wrote it to explain.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from custody.classify import headers
from custody.classify.profile import TableProfile
from custody.classify.vocabulary import blank

MORE: Final = 0.5
_CLAUSE: Final = re.compile(r"[,，;；:：。、(（\[【\r\n|=]|\.\s|\s[-–—/]\s|--")
_NUMBERED: Final = re.compile(r"\s*\d+\s*[-–.、:：=].*$")
_LEADS: Final = re.compile(
    r"^(the|a|an|this|each|unique|user'?s|customer'?s|patient'?s|employee'?s|person'?s)\s+", re.IGNORECASE
)
_STOPS: Final = re.compile(
    r"\s+(of|as|for|which|that|used|when|where|from|in|on|at|is|are|if|to|by|e\.g\.)\s+.*$", re.IGNORECASE
)
_OF: Final = re.compile(
    r"^(date|time|place|country|name|number|type|level|history|cause|reason) of (\w+)", re.IGNORECASE
)
_HAN: Final = re.compile(r"[\u3040-\u9fff\uac00-\ud7a3]")
_WORDS: Final = 4
_SIGNS: Final = 16
_READ: Final = 3.0
_LEAST: Final = 3
_MOSTLY: Final = 0.6


@lru_cache(maxsize=4096)
def readings(comment: str) -> tuple[headers.Said, ...]:
    """What the comment says, as a header would; empty for a sentence that only tells a story."""
    text = _NUMBERED.sub("", _CLAUSE.split(comment.strip(), maxsplit=1)[0]).strip()
    if _HAN.search(text):
        return headers.judge(text) if len(text) <= _SIGNS else ()
    text = _LEADS.sub("", text)
    whole = _OF.match(text)
    text = whole[0] if whole else _STOPS.sub("", text)
    return headers.judge(text) if 0 < len(text.split()) <= _WORDS else ()


def gather(profiles: Sequence[TableProfile]) -> dict[tuple[str, str], str]:
    """{(table, column): comment}: the source's own first, then rows of descriptions, then dictionaries."""
    found: dict[tuple[str, str], str] = {}
    for profile in profiles:
        told = [*_declared(profile), *_described(profile), *_listed(profile, profiles)]
        for column, comment in told:
            found.setdefault((profile.head.name, column), comment)
    return found


def _declared(profile: TableProfile) -> Iterable[tuple[str, str]]:
    return ((column, comment) for column, comment in profile.head.comments.items() if comment.strip())


def _described(profile: TableProfile) -> Iterable[tuple[str, str]]:
    """The first row, where it explains the header: most of its cells are words of headers, and no two are the same."""
    cells = [
        (column, text) for column, text in zip(profile.head.columns, profile.first, strict=False) if not blank(text)
    ]
    texts = [text for _, text in cells]
    if len(cells) < max(_LEAST, _MOSTLY * len(profile.head.columns)) or len(set(texts)) < len(texts):
        return ()
    read = sum(_well(text) for text in texts)
    named = sum(_well(column) for column, _ in cells)
    return cells if read >= _MOSTLY * len(cells) and read >= named and read >= _LEAST else ()


def _well(text: str) -> bool:
    said = headers.judge(text) if len(text) <= 4 * _SIGNS else ()
    return bool(said) and said[0].weight >= _READ


def _listed(profile: TableProfile, profiles: Sequence[TableProfile]) -> Iterable[tuple[str, str]]:
    for other in profiles:
        meanings = _meanings(other, profile.head.name) if other is not profile and other.lead.rows else {}
        told = [(column, meanings[column.lower()]) for column in profile.head.columns if column.lower() in meanings]
        if len(told) >= max(_LEAST, len(profile.head.columns) / 2):
            return told
    return ()


def _meanings(dictionary: TableProfile, table: str) -> Mapping[str, str]:
    """{field: meaning} for one table; a dictionary that names tables speaks of those only."""
    rows = dictionary.lead.rows
    mine = [row for row in rows if not row[0] or table.lower().endswith(row[0].lower())]
    return {name.lower(): meaning for _, name, meaning in mine}
