"""What a person typed on one line, as it is meant: keyboards and pasted text bring blanks of many widths and signs of none."""

from typing import Final
from unicodedata import category

_BLANK: Final = "Zs"
_NO_WIDTH: Final = "Cf"


def written(text: str) -> str:
    """Blanks of every kind (U+3000, U+00A0) are plain and single, signs without width are gone.

    A line end after the text goes, as every editor writes one; those within and controls stay, to be refused.
    """
    plain = "".join(" " if category(sign) == _BLANK else sign for sign in text if category(sign) != _NO_WIDTH)
    return " ".join(part for part in plain.strip("\r\n ").split(" ") if part)
