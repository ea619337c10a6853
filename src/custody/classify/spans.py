"""Personal data inside text: spans of values, never of label words (taxonomy.toml, header; A2).

Full-width digits and signs are folded first; folding keeps positions, so spans hold in the original text. Where two
rules meet, the earlier one wins: numbers with check digits, then numbers with a name before them, addresses, names.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from custody.base.late import late
from custody.classify import span_keys
from custody.classify.span_json import values
from custody.classify.span_names import find_names
from custody.classify.span_places import find_places
from custody.classify.span_rules import RULES, Rule
from custody.classify.special import told

_WIDE: Final = str.maketrans("＠－＋．（）＊—–\u00a0\u3000\u2011", "@-+.()*--  -")
_FOLD: Final = {0xFF10 + place: 0x30 + place for place in range(10)} | {
    wide + place: narrow + place for wide, narrow in ((0xFF21, 0x41), (0xFF41, 0x61)) for place in range(26)
} | _WIDE  # fmt: skip
_TELLING: Final = late(
    r"[\d@*]|\(at\)|\bat\b|[\u3400-\u9fff]{2}|[A-Z]\w+ [A-Z]|\. [A-Z]|QQ|wechat|skype|telegram|line id|password|passwd|pwd|user ?name|login|live:",
    re.IGNORECASE,
)
_ACCOUNTS: Final = late(
    r"密码|口令|微信|用户名|账号|帐号|昵称|wechat|skype|telegram|line id|discord|passcode|passphrase|password|passwd|pwd|user ?name|login|live:",
    re.IGNORECASE,
)


_NUMBERED: Final = late(
    r"[\d@*(月]|[一幺][三四五六七八九][一二三四五六七八九零〇幺 -]| dot |[\[{]at[\]}]", re.IGNORECASE
)
_DIGITS: Final = "0123456789*"
_WEIGHTY: Final = ("id.", "finance.", "account.pass", "account.sec", "location.")
_TO_WEIGHTY: Final = RULES[: 1 + max(place for place, rule in enumerate(RULES) if rule.cls.startswith(_WEIGHTY))]
Candidate = tuple[str, int, int]
Search = Callable[[str], Iterator[Candidate]]


@dataclass(frozen=True, slots=True)
class Span:
    """A value in a text: class, start and end in Unicode code points, end exclusive."""

    cls: str
    start: int
    end: int


def find(text: str) -> list[Span]:
    """Every span in the text, in order."""
    if not _TELLING.search(text):
        return []
    return sorted(_apart(_within(text.translate(_FOLD), _candidates)), key=lambda span: span.start)


def _apart(candidates: Iterator[tuple[str, int, int]]) -> list[Span]:
    """The candidates that meet no earlier one."""
    taken: list[Span] = []
    for cls, start, end in candidates:
        if end > start and not any(start < one.end and one.start < end for one in taken):
            taken.append(Span(cls, start, end))
    return taken


def sensitive_words(text: str) -> Iterator[str]:
    """Sensitive classes that a remark gives away."""
    if not text:
        return
    yield from told(text)
    if len(text) > 10 and _TELLING.search(text):
        yield from {
            span.cls
            for span in _apart(_within(text.translate(_FOLD), _weighty))  # no place or name stands before a number
            if span.cls.startswith(_WEIGHTY)
        }


def _within(text: str, search: Search) -> Iterator[Candidate]:
    """Candidates of a text, or of each value where the text is JSON."""
    found = values(text)
    if not found:
        yield from search(text)
    known = span_keys.judged(found)
    for one, said in zip(found, known, strict=True):
        for span in _apart(_of_value(one.text, said, search)):
            yield span.cls, one.places[span.start], one.places[span.end]


def _of_value(text: str, said: span_keys.Said, search: Search) -> Iterator[Candidate]:
    """What a value is by its key, else what is found in it with the key before it, as in a sentence."""
    if span := said.whole(text):
        yield said.cls, *span
        return
    label = said.label
    inner = values(text)
    found = _within(text, search) if inner else search(label + text)
    begun = 0 if inner else len(label)
    held = [(cls, start - begun, end - begun) for cls, start, end in found if start >= begun]
    yield from held
    if not held and (span := said.rest(text)):
        yield said.cls, *span


def _candidates(text: str) -> Iterator[tuple[str, int, int]]:
    yield from _valued(text)
    for start, end in find_places(text):
        yield "contact.address", start, _trimmed(text, start, end)
    yield from find_names(text)


def _valued(text: str, rules: Sequence[Rule] = RULES) -> Iterator[Candidate]:
    if _NUMBERED.search(text) or _ACCOUNTS.search(text):
        yield from _values(text, rules)


def _weighty(text: str) -> Iterator[Candidate]:
    """Candidates of the rules for sensitive values, and of those before them, which may take their place."""
    return _valued(text, _TO_WEIGHTY)


def _values(text: str, rules: Sequence[Rule]) -> Iterator[Candidate]:
    low, digits = text.lower(), sum(map(text.count, _DIGITS))
    for rule in rules:
        if not rule.possible(low, digits):
            continue
        named = "v" in rule.expression.groupindex
        for match in rule.expression.finditer(text):
            start, end = match.span("v") if named else match.span()
            if rule.holds(text[max(0, start - 32) : start], text[start:end], text[end : end + 24]):
                yield rule.cls, start, end


def _trimmed(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] in " ,，.;；":
        end -= 1
    return end
