"""Chinese words of headers as pinyin writes them: whole words, and with them the stems that tell of something sensitive."""

import re
from functools import cache
from typing import Final

from custody.classify import lexicon, pinyin
from custody.classify.vocabulary import read

_HAN: Final = re.compile(r"^[\u4e00-\u9fff]+$")
_TELLING: Final = 3  # initials of shorter words that few tables have would be read into everything


@cache
def chinese() -> pinyin.Spelling:
    """Whole Chinese words as pinyin writes them; what was done when is too much by its initials alone (djrq)."""
    written = pinyin.spelling(_written())
    return pinyin.Spelling({**pinyin.spelling(dict(lexicon.deeds())).full, **written.full}, written.initials)


def _written() -> dict[str, str]:
    head, exact, _ = lexicon.lexicon()
    whole = {word: classes[0] for word, classes in exact.items()} | head
    gathered = (read("trades.toml"), read("everyday.toml"))
    sectors = read("sectors.toml")["head"]
    lists = (sectors, read("standards.toml")["head"], *(one[part] for one in gathered for part in ("head", "exact")))
    rare = {word for one in lists for words in one.values() for word in words.split() if len(word) < _TELLING}
    rare |= {word for word, _ in lexicon.deeds()}
    rare -= {word for words in read("headers.toml")["head"].values() for word in words.split()}
    rare |= lexicon.abroad().keys()
    return {word: cls for word, cls in whole.items() if _HAN.match(word) and word not in rare}


@cache
def telling() -> pinyin.Spelling:
    """Chinese words and stems; whole words first, so that a spelling they share is theirs."""
    stems = {word: cls for word, cls in lexicon.lexicon()[2] if _HAN.match(word)}
    return pinyin.Spelling({**pinyin.spelling(stems).full, **chinese().full}, {})
