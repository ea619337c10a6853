"""Personal data inside text: spans of values, never of label words (taxonomy.toml, header; A2).

`\\b` does not work beside Chinese, so every boundary is a look-around on the characters that may belong to the value.
Full-width digits are folded first; folding keeps positions, so spans hold in the original text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_FOLD: Final = {ord("０") + digit: ord("0") + digit for digit in range(10)} | {
    ord("＠"): ord("@"), ord("－"): ord("-"), ord("＋"): ord("+"), ord("Ｘ"): ord("X"), ord("ｘ"): ord("x"), ord("．"): ord("."),
}  # fmt: skip
_HOTLINES: Final = re.compile(r"^(95\d{3}|1[0-2]\d{1,3}|400\D?\d{3,4}\D?\d{3,4}|800\D?\d{3,4}\D?\d{3,4})$")
_RULES: Final = (
    ("contact.email", re.compile(r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9][A-Za-z0-9._%+-]*\s?(?:@|\(at\))\s?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")),
    ("id.cn_resident", re.compile(r"(?<![A-Za-z0-9])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![A-Za-z0-9])")),
    ("id.cn_resident", re.compile(r"(?<![A-Za-z0-9])[1-9]\d{3,5}\*{8,12}\d{2,3}[\dXx](?![A-Za-z0-9])")),
    ("finance.card_number", re.compile(r"(?<![A-Za-z0-9])(?:62|4|5[1-5])\d{2}[ -]?\d{4}[ -]?\d{4}[ -]?\d{2,4}(?:[ -]?\d{1,4})?(?![A-Za-z0-9])")),
    ("contact.phone", re.compile(r"(?<![A-Za-z0-9*-])(?:(?:\+?86|0086)[ -]?)?1[3-9]\d[ -]?[\d*]{4}[ -]?\d{4}(?![\d*A-Za-z])")),
    ("contact.phone", re.compile(r"(?<![A-Za-z0-9-])0\d{2,3}[- ]?[2-9]\d{6,7}(?:(?:转|-|ext\.?\s?)\d{1,6})?(?![\dA-Za-z])")),
    ("contact.phone", re.compile(r"(?<![A-Za-z0-9])\+[1-9]\d{0,2}[ -]?\(?\d{1,4}\)?(?:[ -]?\d{2,4}){2,4}(?![\dA-Za-z])")),
    ("vehicle.plate", re.compile(r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z]·?[A-Z0-9]{5,6}(?![A-Z0-9])")),
    ("contact.im", re.compile(r"(?:(?<=微信)|(?<=微信号)|(?<=微信[:：])|(?<=微信号[:：])|(?<=QQ)|(?<=QQ[:：])|(?<=qq[:：]))@?[A-Za-z0-9][A-Za-z0-9_-]{4,19}")),
    ("device.ip", re.compile(r"(?<![\d.])(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}(?![\d.])")),
    ("id.passport", re.compile(r"(?:(?<=护照)|(?<=护照号)|(?<=护照[:：])|(?<=护照号[:：]))[A-Z]{1,2}\d{7,8}(?!\d)")),
    ("contact.address", re.compile(r"(?:[\u4e00-\u9fff]{2,7}(?:省|自治区))?[\u4e00-\u9fff]{2,6}市[\u4e00-\u9fff]{2,6}[区县][\u4e00-\u9fffA-Za-z0-9]{2,20}?\d+号(?:[\u4e00-\u9fff]{0,8}\d+(?:栋|幢|号楼|单元|室|弄|层))*(?:\d+室)?")),
    ("name.full", re.compile(r"(?:(?<=姓名)|(?<=姓名[:：])|(?<=联系人)|(?<=联系人[:：])|(?<=收件人)|(?<=收件人[:：])|(?<=监护人)|(?<=家长))[\u4e00-\u9fff]{2,3}(?=[,，。;； 的电手(（]|$)")),
)  # fmt: skip
_HEALTH: Final = re.compile(
    r"过敏|糖尿病|高血压|怀孕|孕妇|哮喘|癌|抑郁|残疾|手术|住院|allerg|diabet|pregnan|asthma", re.IGNORECASE
)
_ROUTERS: Final = ("192.168.", "10.", "127.", "8.8.", "114.114.", "0.0.", "255.")


@dataclass(frozen=True, slots=True)
class Span:
    """A value in a text: class, start and end in Unicode code points, end exclusive."""

    cls: str
    start: int
    end: int


def find(text: str) -> list[Span]:
    """Every span, in order; where two rules meet, the earlier rule wins."""
    folded = text.translate(_FOLD)
    taken: list[Span] = []
    for cls, rule in _RULES:
        for match in rule.finditer(folded):
            span = Span(cls, match.start(), match.end())
            if _personal(cls, match[0]) and not any(span.start < one.end and one.start < span.end for one in taken):
                taken.append(span)
    return sorted(taken, key=lambda span: span.start)


def sensitive_words(text: str) -> Iterator[str]:
    """Sensitive classes that a remark gives away."""
    if not text:
        return
    if _HEALTH.search(text):
        yield "person.health"
    if len(text) > 10:
        yield from {span.cls for span in find(text) if span.cls.startswith(("id.", "finance."))}


def _personal(cls: str, value: str) -> bool:
    digits = re.sub(r"\D", "", value)
    if cls == "contact.phone":
        return not _HOTLINES.match(value)
    if cls == "device.ip":
        return not value.startswith(_ROUTERS)
    if cls == "finance.card_number":
        return 15 <= len(digits) <= 19 and _luhn(digits)
    if cls == "id.cn_resident" and "*" not in value:
        return _resident(value.upper())
    return True


def _luhn(digits: str) -> bool:
    total = 0
    for place, character in enumerate(reversed(digits)):
        value = int(character) * (1 + place % 2)
        total += value - 9 * (value > 9)
    return total % 10 == 0


def _resident(value: str) -> bool:
    total = sum(int(character) * (2 ** (17 - place) % 11) for place, character in enumerate(value[:17]))
    return "10X98765432"[total % 11] == value[17]
