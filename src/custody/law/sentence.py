"""One comparison as a sentence, in both languages (spec/law.md §5)."""

from collections.abc import Mapping
from typing import Final

from custody.base.canonical import Json
from custody.law.predicate import Test
from custody.law.schema import Leaf

Words = Mapping[str, str]


def asked(test: Test, leaf: Leaf) -> Words:
    """What is asked of a fact."""
    return {
        "zh": f"{leaf.zh}：{_ASKED[test.operator][0]}{_listed(test.operand, leaf, 'zh')}",
        "en": f"{leaf.en}: {_ASKED[test.operator][1]} {_listed(test.operand, leaf, 'en')}",
    }


def sentence(test: Test, leaf: Leaf, known: Json) -> Words:
    """What is asked of a fact, and what is known of it."""
    words = asked(test, leaf)
    return {"zh": f"{words['zh']}；{_known(known, leaf, 'zh')}", "en": f"{words['en']}; {_known(known, leaf, 'en')}"}


def spoken(value: Json, leaf: Leaf, lang: str) -> str:
    """A value of a fact as people say it."""
    return _listed(value, leaf, lang)


def _known(known: Json, leaf: Leaf, lang: str) -> str:
    if known is None:
        return "实为未知" if lang == "zh" else "it is not known"
    return f"实为{_listed(known, leaf, lang)}" if lang == "zh" else f"it is {_listed(known, leaf, lang)}"


def _listed(value: Json, leaf: Leaf, lang: str) -> str:
    if isinstance(value, list | tuple):
        words = [_one(one, leaf, lang) for one in value]
        return ("、" if lang == "zh" else ", ").join(words) or ("无" if lang == "zh" else "none")
    return _one(value, leaf, lang)


def _one(value: Json, leaf: Leaf, lang: str) -> str:
    if isinstance(value, bool):
        return _YES[lang][value]
    if isinstance(value, str) and value in leaf.values:
        return leaf.values[value] if lang == "zh" else value.replace("_", " ")
    return f"{value:,}" if isinstance(value, int | float) else str(value)


_YES: Final = {"zh": {True: "是", False: "否"}, "en": {True: "yes", False: "no"}}
_ASKED: Final[Mapping[str, tuple[str, str]]] = {
    "is": ("须为", "must be"),
    "not": ("须不是", "must not be"),
    "in": ("须为其一：", "must be one of"),
    "not_in": ("须不属于：", "must be none of"),
    "has": ("须含有", "must hold"),
    "has_any": ("须含有其一：", "must hold one of"),
    "only": ("须只有：", "must hold only"),
    "at_least": ("须不少于", "must be at least"),
    "more_than": ("须多于", "must be more than"),
    "at_most": ("须不超过", "must be at most"),
    "below": ("须少于", "must be below"),
}
