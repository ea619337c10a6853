"""What a header says, in the languages and abbreviations that small companies use."""

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

WHOLE: Final = 92
PART: Final = 72
_NOISE: Final = re.compile(r"[\s_\-./()（）:：#*]+")


def normal(header: str) -> str:
    """Lower case, half width, no accents, no blanks or punctuation."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", header)).lower()
    return _NOISE.sub("", "".join(one for one in plain if not unicodedata.combining(one)))


def judge(header: str) -> tuple[str, int] | None:
    """(class, per cent) or None when the header says nothing."""
    text = normal(header)
    whole, part = _words()
    if text in whole:
        return whole[text], WHOLE
    short = re.sub(r"\d+$", "", text)
    if short != text and short in whole:
        return whole[short], WHOLE - 6
    for lead in _LEADS:
        if text.startswith(lead) and text[len(lead) :] in whole:
            return whole[text[len(lead) :]], WHOLE - 8
    for word, name in part:
        if word in text:
            return name, PART
    return None


@cache
def _words() -> tuple[dict[str, str], list[tuple[str, str]]]:
    value = tomllib.loads(Path(__file__).with_name("headers.toml").read_text(encoding="utf-8"))
    whole = {normal(word): name for name, words in value["whole"].items() for word in words.split()}
    part = [(normal(word), name) for name, words in value["part"].items() for word in words.split()]
    return whole, sorted(part, key=lambda pair: -len(pair[0]))


_LEADS: Final = (
    "customer",
    "client",
    "member",
    "user",
    "contact",
    "employee",
    "billing",
    "shipping",
    "shipto",
    "ship",
    "bill",
    "home",
    "work",
    "primary",
    "secondary",
    "cust",
    "emp",
    "person",
    "客户",
    "会员",
    "用户",
    "联系人",
    "收货",
    "员工",
    "个人",
    "kh",
    "hy",
)
