"""What a lawyer would mend in a pack that loads: dead rules, gaps between texts, words in the wrong language (spec/law.md §4)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Final

from custody.law.pack import Packs, Rule

_CHINESE: Final = re.compile(r"[\u3400-\u9fff]")
_ALWAYS: Final = frozenset(("DUTY", "INFO", "FACTOR"))


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at, with its place."""

    rule: str
    file: str
    line: int
    slug: str


def lint(packs: Packs) -> Iterator[Finding]:
    """Every finding, in the order of the files."""
    for rule in packs.rules:
        yield from (Finding(rule.id, rule.file, rule.line, slug) for slug in _of(packs, rule))
    for rule in packs.rules:
        texts = packs.texts(rule.id)
        if texts[0] is rule:
            gaps = (
                newer for older, newer in pairwise(texts) if older.end and older.end + timedelta(days=1) < newer.start
            )
            yield from (Finding(one.id, one.file, one.line, "gap") for one in gaps)


def _of(packs: Packs, rule: Rule) -> Iterator[str]:
    answer = packs.ask(rule, {}).value
    if answer is False:
        yield "dead"
    if answer is True and rule.kind not in _ALWAYS:
        yield "always"
    if rule.kind == "BLOCK" and not (rule.evidence or rule.verdict or rule.absolute):
        yield "no-evidence"
    if rule.kind == "BLOCK" and rule.scope != "matter" and not rule.to_customer:
        yield "no-customer-words"
    if rule.kind == "DUE" and not rule.clocks:
        yield "no-clock"
    if "official" not in rule.reference:
        yield "no-official"
    if any(not _CHINESE.search(words["zh"]) for words in (rule.title, rule.says)):
        yield "no-chinese"
    if any(_CHINESE.search(words.get("en", "")) for words in (rule.title, rule.says, rule.to_customer)):
        yield "chinese-in-english"


def finding_words() -> dict[str, tuple[str, str]]:
    """What each finding means, zh and en."""
    return dict(_WORDS)


_WORDS: Final = {
    "gap": ("新旧条文之间有空档", "days between two texts on which neither applies"),
    "dead": ("任何事实下都不成立", "fires under no facts at all"),
    "always": ("任何事实下都成立", "fires whatever the facts"),
    "no-evidence": (
        "没有可以满足它的证据，也没有声明为绝对禁止",
        "a BLOCK that no evidence can satisfy, and that is not declared absolute",
    ),
    "no-customer-words": ("没有给客户的说明", "nothing to say to the customer"),
    "no-clock": (
        "限期义务没有期限，也没有声明法律未定期限",
        "a DUE without a clock, not even one that says that the law sets none",
    ),
    "no-official": ("没有官方文本名称", "no name of the official text"),
    "no-chinese": ("中文里没有中文", "zh holds no Chinese"),
    "chinese-in-english": ("英文里有中文", "en holds Chinese"),
}
