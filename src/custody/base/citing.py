"""How a place in a law is named: by article where it is a number, by its own words where it is not."""

import re
from collections.abc import Mapping
from typing import Final

_NUMBER: Final = re.compile(r"\d[\w().,/ §-]*")


def place(reference: Mapping[str, str], lang: str) -> str:
    """`第 23 条`, `Art. 6(1)`; `“ended contracts”` stays as it stands."""
    article = reference["article"]
    if not _NUMBER.fullmatch(article):
        return article
    return f"第 {article} 条" if lang == "zh" else f"Art. {article}"


def cited(reference: Mapping[str, str], lang: str) -> str:
    """A Chinese text by its own name, any other by the name it is known by; then the place in it."""
    official, where = reference.get("official", ""), place(reference, lang)
    own = lang == "zh" and official[:1] and not official.isascii() and "\u4e00" <= official[0] <= "\u9fff"
    name = f"《{official}》" if own else f"{reference['instrument']} "
    return (
        f"{name}{where}"
        if _NUMBER.fullmatch(reference["article"])
        else f"{name.rstrip()}：{where}"
        if lang == "zh"
        else f"{name.rstrip()}: {where}"
    )
