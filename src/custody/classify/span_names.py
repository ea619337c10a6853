"""Names of people in running text: masked ones and Chinese ones here, Latin ones in span_latin_names.

A family name alone, before a title or after the word for it, is `name.family`; a given name alone is `name.given`; both
in one span are `name.full` (taxonomy.toml, header).
"""

from collections.abc import Iterator
from typing import Final

from custody.base.late import late
from custody.classify import vocabulary
from custody.classify.span_han_names import find_dotted, find_family, find_han
from custody.classify.span_japanese import find_japanese
from custody.classify.span_latin_names import find_latin
from custody.classify.span_words import words

_HAN: Final = "\u3400-\u9fff"
_MASKED: Final = late(
    rf"(?<![{_HAN}*])[{_HAN}](?:[*＊]{{1,3}}[{_HAN}](?![{_HAN}])|[*＊]{{1,3}}|某某?(?![{_HAN}]*(?:公司|银行|集团|学校|医院|厂|店)))(?![*＊\d])|"
    rf"(?<=[:：\s人户员客宾主长生者家师友])[{_HAN}][*＊]{{1,2}}(?![*＊\d])"
)

_MIXED: Final = late(  # Tiffany 陈, 陈Tiffany
    rf"(?<![A-Za-z0-9_])(?P<given>[A-Z][a-z]{{2,14}})\s?(?P<family>[{_HAN}])(?P<more>[{_HAN}]{{0,6}})|(?<![{_HAN}])(?P<first>[{_HAN}])\s?(?P<second>[A-Z][a-z]{{2,14}})(?![A-Za-z0-9_])"
)

Found = tuple[str, int, int]


def find_names(text: str) -> Iterator[Found]:
    """(class, start, end) of each name, possibly overlapping; the caller resolves, the earlier ones win."""
    if not text.isascii():
        yield from _masked(text)
        yield from _mixed(text)
        yield from find_japanese(text)
        yield from (("name.family", *span) for span in find_family(text))
        if "·" in text or "•" in text or "・" in text:
            yield from (("name.full", *span) for span in find_dotted(text))
        yield from (("name.full", *span) for span in find_han(text))
    yield from find_latin(text)


def _masked(text: str) -> Iterator[Found]:
    for match in _MASKED.finditer(text):
        if vocabulary.han_name(match[0]) or match[0][0] in vocabulary.surnames():
            yield "name.full", match.start(), match.end()


def _mixed(text: str) -> Iterator[Found]:
    for match in _MIXED.finditer(text):
        family, given = match["family"] or match["first"], match["given"] or match["second"]
        if family in vocabulary.surnames() and vocabulary.latin_names(given)[0] and _ended(match["more"] or ""):
            yield "name.full", match.start(), match.end() - len(match["more"] or "")


def _ended(rest: str) -> bool:
    """Whether a family name ends before these characters: a time, a deed or a small word begins with them."""
    return not rest or words(rest).kind_at(0)[:1] in tuple("tvdpcur")
