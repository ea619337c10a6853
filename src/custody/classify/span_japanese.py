"""Japanese names in running text: before 様 or さん, of two parts with a blank between, and of whoever names himself.

The family name is known from a list, or is what stands before the honour; both parts in one span are a full name.
"""

from collections.abc import Iterator
from functools import cache
from typing import Final

from custody.base.late import late
from custody.classify import vocabulary

_HAN: Final = "\u3400-\u9fff々"
_KANA: Final = "\u3041-\u309f\u30a0-\u30ff"
_JAPANESE: Final = late(rf"[{_KANA}]|様")
_HONOURED: Final = late(
    rf"(?P<v>[{_HAN}]{{1,6}}(?: [{_HAN}{_KANA}]{{1,5}})?) ?(?P<honour>様|さま|さん|くん|ちゃん|君(?![{_HAN}])|氏(?![{_HAN}名])|先生)"
)
_PARTED: Final = late(
    rf"(?<![{_HAN}])(?P<family>[{_HAN}]{{1,3}}) (?P<given>[{_HAN}]{{1,3}}|[{_KANA}]{{2,5}})(?![{_HAN}]|(?<=[{_KANA}])[{_KANA}])"
)
_NAMING: Final = late(rf"(?<![{_HAN}])(?P<v>[{_HAN}]{{1,4}})(?:です|と申します|と言います|といいます)")
_GUESTS: Final = frozenset(
    ("客", "皆", "奥", "神", "仏", "王", "殿", "者", "業者", "店員", "患者", "担当者", "利用者", "何", "各位", "貴")
)

Found = tuple[str, int, int]


def find_japanese(text: str) -> Iterator[Found]:
    """(class, start, end) of each name; the parted ones also beside Chinese, if the family name has two characters."""
    japanese = bool(_JAPANESE.search(text))
    if japanese:
        for match in _HONOURED.finditer(text):
            yield from _honoured(text, *match.span("v"))
    for match in _PARTED.finditer(text):
        family = match["family"]
        if family in _surnames() and (japanese or len(family) > 1):
            yield "name.full", match.start(), match.end()
    if japanese:
        for match in _NAMING.finditer(text):
            yield from _of(text, *match.span("v"), sure=False)


def _honoured(text: str, start: int, end: int) -> Iterator[Found]:
    """Whoever is honoured, without the words before: 本日|山本様."""
    said = text[start:end]
    if said in _GUESTS or said[-2:] in _GUESTS or said[-1] in "客皆":
        return
    if " " in said and said.split()[0] in _surnames():
        yield "name.full", start, end
        return
    start += said.rfind(" ") + 1
    first = next((place for place in range(start, end) if _family(text[place:end])), None)
    if first is None and end - start <= _LONGEST:
        yield "name.family", start, end
    elif first is not None:
        yield from _of(text, first, end, sure=True)


def _of(text: str, start: int, end: int, *, sure: bool) -> Iterator[Found]:
    """A family name alone, or with the given name behind it."""
    said = text[start:end]
    if said in _surnames():
        yield "name.family", start, end
    elif _family(said) and (sure or len(_family(said)) > 1):
        yield "name.full", start, end


def _family(said: str) -> str:
    """The family name that a name begins with; one of a single character only where little follows."""
    for size in (3, 2, 1):
        rest = len(said) - size
        if said[:size] in _surnames() and 0 <= rest <= (_LONGEST if size > 1 else 2):
            return said[:size]
    return ""


_LONGEST: Final = 3


@cache
def _surnames() -> frozenset[str]:
    return frozenset(vocabulary.read("names.toml")["japanese_surnames"].split())
