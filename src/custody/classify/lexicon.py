"""The words that headers are read by: general lists, those of public standards, those that single fields use (words/*.toml)."""

import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Final

from custody.classify import header_rules as rules
from custody.classify.vocabulary import read


def fold_header(text: str) -> str:
    """Lower case, half width, no accents."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text)).lower().replace("ß", "ss")
    bare = "".join(one for one in plain if not unicodedata.combining(one) or one in "\u3099\u309a")
    return unicodedata.normalize("NFC", bare)


@cache
def abbreviations() -> dict[str, str]:
    return {**read("standards.toml")["token"], **read("headers.toml")["token"]}


@cache
def _heads() -> dict[str, str]:
    lists = (read("headers.toml")["head"], read("standards.toml")["head"])
    return {key(word): cls for one in lists for cls, words in one.items() for word in words.split()}


@cache
def _fields() -> dict[str, str]:
    """Words that one field or trade uses; what the general lists say of the same word stands."""
    first = (read("sectors.toml")["head"], read("trades.toml")["head"])
    lists = (*first, *read("fields.toml").values(), read("everyday.toml")["head"])
    return {key(word): cls for word, cls in deeds()} | {
        key(word): cls for one in lists for cls, words in one.items() for word in words.split()
    }


@cache
def abroad() -> dict[str, str]:
    """Words of other languages that no other list has; Japanese ones are spelled in no pinyin."""
    return {word: cls for form, cls in _abroad() if (word := key(form)) not in _fields() and word not in _heads()}


def _abroad() -> Iterator[tuple[str, str]]:
    """Words by language, their parts as headers are expanded (num_secu); those with umlauts in both spellings (fuehrerschein, fuhrerschein)."""
    short = abbreviations()
    lists = (*read("abroad.toml")["head"].values(), *read("tongues.toml")["head"].values())
    for one in lists:
        for cls, word in ((cls, word) for cls, words in one.items() for word in words.split()):
            expanded = "".join(short.get(part, part) for part in fold_header(word).split("_"))
            yield from ((form, cls) for form in (*_forms(word), expanded))


def _forms(word: str) -> tuple[str, ...]:
    spelled = word.translate(_UMLAUTS)
    return (word,) if spelled == word else (word, spelled)


_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
# Small words that link others in French, Spanish, Portuguese, Italian and German: `numero_de_compte`, `nom du pere`.
_LINKS: Final = frozenset(("de", "du", "des", "del", "da", "do", "dos", "das", "di", "della", "la", "le", "les", "el", "los", "las", "a", "au", "aux", "al", "et", "y", "e", "en", "em", "no", "na", "par", "por", "para", "pour", "sur", "o", "os", "l", "d", "der", "die", "den", "dem", "und", "von", "zum", "zur", "im", "am"))  # fmt: skip


def unlinked(words: list[str]) -> str:
    """The words in one without those that link them; empty if there are none, or nothing else."""
    kept = [one for place, one in enumerate(words) if one not in _LINKS or place in {0, len(words) - 1}]
    return "" if len(kept) == len(words) or len(kept) < 2 else "".join(kept)


def deeds() -> Iterator[tuple[str, str]]:
    """What was done with when and where behind: 派送时间, 入住地点."""
    found = read("everyday.toml")
    for cls, deeds in found["deed"].items():
        nouns = found["noun"]["when"].split() + (found["noun"]["where"].split() if cls in _PLACED else [])
        yield from ((deed + noun, cls) for deed in deeds.split() for noun in nouns)


_PLACED: Final = frozenset(("location.trace", "person.criminal", "person.health"))


@cache
def lexicon() -> tuple[dict[str, str], dict[str, tuple[str, ...]], list[tuple[str, str]]]:
    value, standard, trades, everyday = (read(f"{one}.toml") for one in ("headers", "standards", "trades", "everyday"))
    head = abroad() | _fields() | _heads()
    exact: dict[str, tuple[str, ...]] = {}
    for cls, words in (
        *value["exact"].items(),
        *standard["exact"].items(),
        *trades["exact"].items(),
        *everyday["exact"].items(),
        *read("abroad.toml")["exact"].items(),
        *read("tongues.toml")["exact"].items(),
    ):
        for word in map(key, words.split()):
            if cls not in exact.get(word, ()):
                exact[word] = (*exact.get(word, ()), cls)
    sectors = read("sectors.toml")["stem"]
    lists = (value["inside"], read("stems.toml")["inside"], standard["stem"], trades["stem"], everyday["stem"], sectors)
    inside = [(key(word), cls) for one in lists for cls, words in one.items() for word in words.split()]
    stems = ((cls, word) for cls, words in read("abroad.toml")["stem"].items() for word in words.split())
    inside += [(key(form), cls) for cls, word in stems for form in _forms(word)]
    for word, cls in list(head.items()):  # headers lose a number at their end (`last4`), so these words may too
        if len(bare := word.rstrip("0123456789")) >= 6:
            head.setdefault(bare, cls)
    return head, exact, sorted(inside, key=lambda pair: -len(pair[0]))


@cache
def leads() -> dict[str, str]:
    return {key(word): cls for cls, words in read("headers.toml")["lead"].items() for word in words.split()}


@cache
def tails() -> dict[str, str]:
    return {word: cls for cls, words in read("headers.toml")["tail"].items() for word in words.split()}


def key(word: str) -> str:
    return fold_header(word).replace("_", "").replace("-", "")


def known() -> list[tuple[str, str]]:
    """Words of the general lists with their classes, short Latin ones that are no whole words apart.

    Those of single fields stay out: what is made of their common pieces (原因, days) would be like them.
    """
    head, exact, inside = lexicon()
    alone = (_fields().keys() | abroad().keys()) - _heads().keys()
    other = [*((word, found[0]) for word, found in exact.items()), *inside]
    long = (one for one in other if not one[0].isascii() or len(one[0]) >= rules.SHORT)
    return [*((word, cls) for word, cls in head.items() if word not in alone), *long]
