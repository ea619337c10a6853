"""A value as its own person recognises it and a stranger does not: for a page that opened by a link alone (spec/portal.md §2)."""

import re
from collections.abc import Callable, Mapping
from typing import Final

DOTS: Final = "••••"
_WHOLE, _SHORT = 11, 8
_PROVES: Final = frozenset(("account.customer_id",))
"""Numbers of an account by which somebody is recognised (spec/portal.md §2): a shop counts them on, so that their end is all of them."""
_PLACE: Final = re.compile(r"^[^\d\s,，]{2,14}?[区县市旗镇]")
"""City and district at the head; what holds a number may be a house."""
_MANY_USE: Final = frozenset((
    "126.com", "139.com", "163.com", "189.cn", "aliyun.com", "daum.net", "foxmail.com", "gmail.com", "gmx.de", "googlemail.com", "hotmail.com",
    "icloud.com", "live.com", "mail.ru", "me.com", "msn.com", "naver.com", "outlook.com", "proton.me", "protonmail.com", "qq.com", "sina.cn",
    "sina.com", "sohu.com", "t-online.de", "vip.163.com", "vip.qq.com", "web.de", "wo.cn", "yahoo.co.jp", "yahoo.com", "yeah.net",
))  # fmt: skip
"""Domains of mail that anybody may have; any other may be a person's own, or their employer's."""


def veil(cls: str, value: str, level: str) -> str:
    """What of `value` may stand there. What is sensitive, and what has no rule of its own, shows nothing."""
    text = value.strip()
    if not text:
        return ""
    area = cls.partition(".")[0]
    if level == "sensitive":
        return DOTS
    if cls in _RULES:
        return _RULES[cls](text)
    return _tail(text) if area == "account" and cls not in _PROVES else DOTS


def covered(value: str) -> str:
    """That there is a value, and nothing of it: for staff, to whom a part of a value would be a look too."""
    return DOTS if value.strip() else ""


def _name(text: str) -> str:
    first = text[0]
    if "\u4e00" <= first <= "\u9fff":
        return first + "•" * max(1, len(text) - 2) + (text[-1] if len(text) > 2 else "")
    return " ".join(f"{word[0]}{DOTS}" for word in text.split())


def _phone(text: str) -> str:
    """Never fewer than six digits hidden: it proves who somebody is."""
    digits = re.sub(r"\D", "", text)
    if len(digits) >= _WHOLE:
        return f"{digits[:3]} {DOTS} ••{digits[-2:]}"
    return f"{DOTS} ••{digits[-2:]}" if len(digits) >= _SHORT else DOTS


def _email(text: str) -> str:
    local, at, domain = text.rpartition("@")
    if not at:
        return DOTS
    return f"{local[:1]}{DOTS}@{domain if domain.lower() in _MANY_USE else DOTS}"


def _address(text: str) -> str:
    found = _PLACE.match(text)
    return f"{found[0]} {DOTS}" if found else DOTS


def _year(text: str) -> str:
    found = re.search(r"(?:19|20)\d\d", text)
    return f"{found[0]}-••-••" if found else DOTS


def _tail(text: str) -> str:
    return f"{DOTS} {text[-2:]}" if len(text) > 6 else DOTS


_RULES: Final[Mapping[str, Callable[[str], str]]] = {
    "name.full": _name, "name.given": _name, "name.family": _name, "contact.phone": _phone, "contact.email": _email, "contact.address": _address,
    "person.birth_date": _year, "contact.city": str, "contact.region": str, "contact.country": str,
}  # fmt: skip
