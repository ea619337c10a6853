"""How a place in a law is named: by article where it is a number, by its own words where it is not."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

_NUMBER: Final = re.compile(r"\d[\w().,/ §-]*")
# Laws whose short name tells a Chinese reader neither the country nor the subject.
_IN_CHINESE: Final = {
    "PIPA": "韩国《个人信息保护法》", "PIPA Enforcement Decree": "韩国《个人信息保护法施行令》", "PDPA": "新加坡《个人数据保护法》",
    "PDPA (Taiwan)": "台湾《个人资料保护法》", "PDPO": "香港《个人资料（私隐）条例》", "PIPEDA": "加拿大《个人信息保护与电子文件法》",
    "Act P-39.1": "魁北克《私营部门个人信息保护法》", "Privacy Act 1988": "澳大利亚《1988年隐私法》", "DPDP Act": "印度《数字个人数据保护法》",
    "LGPD": "巴西《通用数据保护法》", "FADP": "瑞士《联邦数据保护法》", "UK GDPR": "英国 GDPR",
}  # fmt: skip


def cited(reference: Mapping[str, str], lang: str) -> str:
    """A Chinese text by its own name, any other by the name it is known by; then the place in it, if one is given."""
    return cited_all([reference], lang)


def cited_all(references: Iterable[Mapping[str, str]], lang: str) -> str:
    """As `cited`, each law once with all its places, in the order in which they come."""
    by: dict[str, list[str]] = {}
    for one in references:
        found = by.setdefault(_law(one, lang), [])
        found += [one["article"]] if one.get("article") and one["article"] not in found else []
    told = [_with_places(law, articles, lang) for law, articles in by.items()]
    return ("；" if lang == "zh" else "; ").join(told)


def _law(reference: Mapping[str, str], lang: str) -> str:
    official = reference.get("official", "")
    own = lang == "zh" and "\u4e00" <= official[:1] <= "\u9fff"
    known = reference["instrument"]
    return f"《{official}》" if own else _IN_CHINESE.get(known, known) if lang == "zh" else known


def _with_places(law: str, articles: Sequence[str], lang: str) -> str:
    join, colon = ("、", "：") if lang == "zh" else (", ", ": ")
    words = [one for one in articles if not _NUMBER.fullmatch(one)]
    numbers = [one.replace(", ", join) for one in articles if one not in words]
    counted = [f"第 {join.join(numbers)} 条" if lang == "zh" else f"Art. {join.join(numbers)}"] if numbers else []
    if not articles:
        return law
    if not numbers:
        return f"{law}{colon}{join.join(words)}"
    gap = "" if law.endswith("》") else " "
    return f"{law}{gap}{join.join([*counted, *words])}"
