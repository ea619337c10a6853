"""How a place in a law is named: by article where it is a number, by its own words where it is not."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

_NUMBER: Final = re.compile(r"\d[\w().,/ §-]*")


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
    return f"《{official}》" if own else reference["instrument"]


def _with_places(law: str, articles: Sequence[str], lang: str) -> str:
    join, colon = ("、", "：") if lang == "zh" else (", ", ": ")
    numbers = [one for one in articles if _NUMBER.fullmatch(one)]
    words = [one for one in articles if one not in numbers]
    counted = [f"第 {join.join(numbers)} 条" if lang == "zh" else f"Art. {join.join(numbers)}"] if numbers else []
    if not articles:
        return law
    if not numbers:
        return f"{law}{colon}{join.join(words)}"
    gap = "" if law.endswith("》") else " "
    return f"{law}{gap}{join.join([*counted, *words])}"
