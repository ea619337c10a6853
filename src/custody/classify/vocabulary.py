"""Words that values of a class are taken from, and names of people; read once from the bundled word lists."""

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

_WORDS: Final = Path(__file__).with_name("words")
_SPLIT: Final = re.compile(r"[\s.\-·]+")
_MASK: Final = re.compile(r"^[㐀-鿿][*＊某xX]{1,3}[㐀-鿿]?$")
_GENERIC: Final = frozenset(("0", "1", "2", "m", "s", "d", "w", "x", "u", "f", "t", "y", "n"))


def fold(text: str) -> str:
    """Lower case, half width, without accents or blanks around."""
    if text.isascii():
        return text.strip().lower()
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text)).lower().strip()
    return "".join(one for one in plain if not unicodedata.combining(one))


@cache
def read(name: str) -> dict[str, Any]:
    """One bundled word list."""
    return tomllib.loads((_WORDS / name).read_text(encoding="utf-8"))


@cache
def vocabulary() -> dict[str, frozenset[str]]:
    """{class or kind of word: folded words}."""
    return {
        name: frozenset(words.split("|")) | frozenset(simplified(words).split("|"))
        for name, words in read("values.toml")["vocabulary"].items()
        if words
    }


@cache
def _variants() -> dict[int, int]:
    found = read("variants.toml")
    return str.maketrans(found["traditional"], found["simplified"])


def simplified(text: str) -> str:
    """Traditional characters as simplified ones; other scripts stay as they are."""
    return text if text.isascii() else text.translate(_variants())


def blank(value: str) -> bool:
    """Whether a value only stands for nothing."""
    return fold(value) in vocabulary()["blank"] and value != "0"


def share(words: str, folded: Sequence[str]) -> float:
    """Share of the (folded) sample that is in one vocabulary."""
    known = vocabulary()[words]
    return sum(map(known.__contains__, folded)) / len(folded) if folded else 0.0


def generic(folded: Sequence[str]) -> bool:
    """Whether all values are single letters or digits, which many lists of codes share and which prove nothing."""
    return all(value in _GENERIC for value in folded)


def han_name(value: str) -> bool:
    """Two to four Chinese characters that begin with a surname, or such a name masked (王**)."""
    surnames, compound, _ = _han()
    value = simplified(value)
    if _MASK.match(value):
        return value[0] in surnames
    return 2 <= len(value) <= 4 and (value[0] in surnames or value[:2] in compound) and not value.isascii()


def han_given(value: str) -> bool:
    """Whether the last character of a name-like value is one that given names are made of."""
    return simplified(value[-1:]) in _han()[2] or value[-1:] in "*某"


def surnames() -> frozenset[str]:
    """Chinese family names of one character."""
    return _han()[0]


def compound_surnames() -> frozenset[str]:
    """Chinese family names of two characters."""
    return _han()[1]


@cache
def not_names() -> frozenset[str]:
    """Words that stand where names do, and are none."""
    return frozenset(read("names.toml")["not_names"].split())


@cache
def never_names() -> frozenset[str]:
    """Words that nobody is called, whatever stands around them: illnesses, deeds and things of every office."""
    return frozenset(read("names.toml")["never_names"].split())


def latin_names(value: str) -> tuple[bool, bool]:
    """(holds a common given name, holds a common surname)."""
    given, family = _latin()
    words = [word for word in _SPLIT.split(fold(value).replace(",", " ")) if word]
    if not words or len(words) > 5:
        return False, False
    return any(word in given for word in words), any(word in family for word in words)


@cache
def _han() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    names = read("names.toml")
    return frozenset(names["han_surnames"]), frozenset(names["han_compound"].split()), frozenset(names["han_given"])


@cache
def _latin() -> tuple[frozenset[str], frozenset[str]]:
    names = read("names.toml")
    return frozenset(names["latin_given"].split()), frozenset(names["latin_surnames"].split())
