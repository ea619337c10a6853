"""What a value looks like, with nothing left of what it says: for reports that anybody may see.

Letters, digits and Han characters become one stand-in each, so that length and punctuation show (an e-mail address
looks like one) and no person can be recognised. A long value is cut.
"""

import unicodedata
from functools import lru_cache
from typing import Final

_LONGEST: Final = 18
_KEPT: Final = frozenset(" .,;:-_/@()（）+#'\"，。；：、")


def shape(value: str, longest: int = _LONGEST) -> str:
    """The shape of one value: `王芳 138-0013` becomes `某某 000-0000`."""
    masked = "".join(_stand_in(character) for character in value[:longest])
    return masked + ("…" if len(value) > longest else "")


@lru_cache(maxsize=4096)
def _stand_in(character: str) -> str:
    if character in _KEPT:
        return character
    if character.isdigit():
        return "0"
    name = unicodedata.name(character, "")
    if name.startswith("CJK"):
        return "某"
    if character.isalpha():
        return "A" if character.isupper() else "a"
    return "·"
