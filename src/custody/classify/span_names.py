"""Names of people in running text: masked ones and Chinese ones, Latin ones by words and name lists."""

import re
from collections.abc import Iterator
from typing import Final

from custody.classify import vocabulary
from custody.classify.span_han_names import find_han

_HAN: Final = "\u3400-\u9fff"
_MASKED: Final = re.compile(
    rf"(?<![{_HAN}*])[{_HAN}](?:[*＊]{{1,3}}[{_HAN}](?![{_HAN}])|[*＊]{{1,3}}|某某?)(?![*＊\d])|(?<=[:：\s人户员客宾主长生者家师友])[{_HAN}][*＊]{{1,2}}(?![*＊\d])"
)
_WORD: Final = r"[A-ZÀ-ÖØ-ÞŁŚŻŹĆŞİĞČŘŠŽ][a-zà-öø-ÿąćęłńóśźżşığčřšžěůß'’]+"
_PART: Final = rf"(?:{_WORD}(?:-{_WORD})?|(?:Mc|Mac|O['’]|D['’]|De|La|Le|Van|Von){_WORD}|[A-Z]\.)"
_LATIN: Final = re.compile(
    rf"(?<![A-Za-z0-9À-ɏ_@.'’-]){_PART}(?:\s+(?:van|von|de|der|den|la|le|del|di|da|dos|bin|al|y|e)(?=\s))*(?:\s+{_PART}){{1,4}}(?![\w@])"
)
_LATIN_CUE: Final = re.compile(
    r"(?:customer|client|contact|name|named|holder|cardholder|attn:?|attention|guest|patient|recipient|beneficiary|owner|member|"
    r"tenant|passenger|account of|ring|call|calls|called|reach|ask|asked|see|tell|told|email|e-mail|remind|meet|met|greet|contacter|rappeler|demander|preguntar por|llamar a|avisar a|für|von|fragen|mit|bei|an|vom|par|chez|pour|à|para|por|con|for|from|by|with|to|dear|hi|hello|mr\.?|mrs\.?|ms\.?|miss|dr\.?|prof\.?|herr|frau|mme|monsieur|madame|"
    r"sr\.?|sra\.?|signed|spoke|mother|father|wife|husband|son|daughter|联系人|收件人|收货人|姓名|[客宾员人户主者生]|找|叫|给|由|和|与)[\s:：,]*$",
    re.IGNORECASE,
)


def find_names(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each name, possibly overlapping; the caller resolves."""
    if not text.isascii():
        yield from _masked(text)
        yield from find_han(text)
    yield from _latin(text)


def _masked(text: str) -> Iterator[tuple[int, int]]:
    for match in _MASKED.finditer(text):
        if vocabulary.han_name(match[0]) or match[0][0] in vocabulary.surnames():
            yield match.start(), match.end()


def _latin(text: str) -> Iterator[tuple[int, int]]:
    for match in _LATIN.finditer(text):
        words = [(found.start(), found.end(), found[0]) for found in re.finditer(r"\S+", match[0])]
        while words and _plain(words[0][2]) in vocabulary.not_names():
            words = words[1:]
        while words and _plain(words[-1][2]) in vocabulary.not_names():
            words = words[:-1]
        if len(words) < 2 or any(_plain(word) in vocabulary.not_names() for _, _, word in words):
            continue
        start, end = match.start() + words[0][0], match.start() + words[-1][1]
        if text[start:end].endswith(("'s", "’s")):
            end -= 2
        given, family = vocabulary.latin_names(text[start:end])
        cued = bool(_LATIN_CUE.search(text[max(0, start - 24) : start]))
        if (given and family) or ((given or family) and cued) or (cued and _person_next(text, end)):
            yield start, end


def _plain(word: str) -> str:
    return word.lower().strip(".,'’")


def _person_next(text: str, end: int) -> bool:
    return bool(re.match(r"\s*(?:called|asked|wants|said|is|was|has|signed|\(|,|\.|;|$|[\u3400-\u9fff])", text[end:]))
