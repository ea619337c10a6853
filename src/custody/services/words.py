"""Names of classes and reasons for people, in both languages."""

import re
from typing import Final

from custody.classify.taxonomy import classes
from custody.model.reasons import REASONS


def class_words(name: str, lang: str) -> str:
    """The class's name in `lang`."""
    found = classes()[name]
    return found.zh if lang == "zh" else found.en


def class_list() -> list[dict[str, str]]:
    """Every class a column may have, with its level and names."""
    return [{"class": one.name, "level": one.level, "zh": one.zh, "en": one.en} for one in classes().values()]


def reason_words(slug: str, lang: str) -> str:
    """Why a row is in quarantine, or something was not looked at, in `lang`."""
    found = REASONS.get(slug)
    if found is None:
        return slug
    return found.zh if lang == "zh" else found.en


def why_words(why: str, lang: str) -> str:
    """The evidence for a class in `lang`; the data map itself keeps it in English."""
    if lang != "zh":
        return re.sub(r"^holds (\S+)$", lambda match: f"holds {class_words(match[1], lang)}", why)
    for pattern, words in _EVIDENCE:
        if match := pattern.match(why):
            return words.format(*(class_words(one, lang) if one in classes() else one for one in match.groups()))
    return why


_EVIDENCE: Final = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"(.+) export: (.+)$", "{} 导出的列：{}"),
        (r"header: header says (.*), values do not look like it$", "表头写的是“{}”，但值看起来不像"),
        (r"header: (.*)$", "表头：{}"),
        (r"(\d+) % of the values are .*$", "{}% 的值合乎这一类的样式"),
        (r"values are words for an? .*$", "值是固定的几个词"),
        (r"running text of (\d+) characters on average$", "平均 {} 字的文字"),
        (r"whole numbers, each only once$", "整数，各不相同"),
        (r"numbers with letters, each only once$", "字母加数字，各不相同"),
        (r"dates between (\d+) and (\d+)$", "{}—{} 年之间的日期"),
        (r"dates$", "都是日期"),
        (r"no evidence of any class$", "没有属于任何类别的迹象"),
        (r"the table is about nobody$", "这张表与个人无关"),
        (r"stands in a person's row$", "在某个人的行里"),
        (r"stands among purchases$", "在购买记录里"),
        (r"a family name stands beside$", "旁边有姓氏"),
        (r"found (\S+), set by (\S+)$", "扫描判为{}，由 {} 改定"),
        (r"holds (\S+)$", "文字里出现{}"),
    )
)
