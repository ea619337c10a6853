"""Headers in pinyin, spelled (`shouhuodizhi`) or by initials (`khsfzh`), read through the Chinese words they stand for.

Nothing is listed twice: the Chinese words of words/headers.toml are spelled with words/pinyin.toml. Initials are shared by
many words, so they give several readings of small weight, and the values decide between them (`sj`: telephone or time).
"""

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from custody.classify.owners import chinese
from custody.classify.vocabulary import read

Reading = tuple[str, float, str]
SPELLED: Final = 5.0
INITIALS: Final = 3.2
SHARED: Final = 2.4
_MOST: Final = 3
_READINGS: Final = 8
FULL: Final = 5  # letters of a spelling that words of other languages seldom are
_LATIN: Final = re.compile(r"^[a-z]{3,40}$")
# No syllable begins with i, u or v, and few with a, e or o: most words of other languages fall out here.
_INITIALS: Final = re.compile(r"^(?!.*[iuv])[a-z]{3,9}$")
_VOWELS: Final = re.compile(r"[aeo]")
# Whose it is, before what it is: customer, member, contact, patient, spouse, parent, household, company, vehicle, …
_WHOSE: Final = ("lxr", "jhr", "tbr", "bbr", "bxr", "shr", "sjr", "fjr", "jjr", "jkr", "ckr", "jzr", "kh", "hy", "yh", "gk", "hz", "xs", "xy", "yg",
                 "po", "jz", "fq", "mq", "jt", "gs", "dw", "gr", "bg", "hj", "cz", "yz", "ck", "hk", "ss", "br", "js", "ry", "zd", "md", "dd",
                 "sq", "bz", "xz", "zz", "fr", "sf", "jtcy")  # fmt: skip


# What initials end with when the word before is unknown: date, amount, cost, price, kind, state, number, opinion, result.
_ENDS: Final = {
    "rq": "record.time", "je": "trade.amount", "fy": "trade.amount", "lx": "record.code", "zt": "record.code",
    "bh": "record.key", "yj": "text.free", "jg": "record.code", "zl": "record.code", "ms": "text.free", "lb": "record.code",
}  # fmt: skip


_SUMS: Final = ("je", "fy")
_OPINIONS: Final = frozenset(("person.criminal", "person.politics", "person.religion"))


@dataclass(frozen=True, slots=True)
class Spelling:
    """Chinese words in pinyin: the class of each spelling, and of initials how many words of which class they stand for."""

    full: Mapping[str, str]
    initials: Mapping[str, Counter[str]]


def readings(tokens: Sequence[str], words: Spelling, short: Mapping[str, tuple[str, ...]]) -> list[Reading]:
    """(class, weight, what it rests on) of a header of Latin letters.

    `words` are the Chinese words and their classes, `short` the initials whose classes are known.
    """
    whole = "".join(tokens)
    if not _LATIN.match(whole):
        return []
    return (
        _owned(whole, words.full, short)
        or _in_full(whole, words.full)
        or _apart(tokens, words.initials, short)
        or _by_initials(whole, words.initials, short)
    )


def _owned(whole: str, full: Mapping[str, str], short: Mapping[str, tuple[str, ...]]) -> list[Reading]:
    """An owner's name spelled in full before something short: `jiekuanrenguoji`, `touboren_qq`."""
    for own in _owners() if whole not in full else ():
        rest = whole.removeprefix(own)
        if rest in {whole, ""}:
            continue
        cls = _HIS.get(rest) or full.get(rest) or next(iter(short.get(rest, ())), "")
        if cls:
            return [(cls, INITIALS + 0.4, rest)]
    return []


_HIS: Final = {"danwei": "job.employer", "qq": "contact.im"}  # a measure is nobody's


def _apart(
    tokens: Sequence[str], initials: Mapping[str, Counter[str]], short: Mapping[str, tuple[str, ...]]
) -> list[Reading]:
    """Initials of an owner whom no list knows, parted from known ones: `bar_lxfs`, `zyz_sfzh`."""
    if len(tokens) != _TWO or not _OWNER.match(tokens[0]) or not _HIS_INITIALS.match(tokens[1]):
        return []
    if (known := short.get(tokens[1])) is not None:
        return [(cls, SHARED + 0.2 - 0.2 * place, tokens[1]) for place, cls in enumerate(known)]
    told = len(tokens[1]) > _TWO and tokens[1] in initials  # two letters stand for too many words
    return _shared(initials[tokens[1]], tokens[1]) if told else []


_TWO: Final = 2
_OWNER: Final = re.compile(r"^[b-df-hj-np-tw-z]{2,5}$")
_HIS_INITIALS: Final = re.compile(r"^[b-df-hj-np-tw-z]{2,7}$")


@cache
def _owners() -> tuple[str, ...]:
    """Spellings of Chinese words for owners, the longest first."""
    known = _syllables()
    spellings = ("".join(known[one][0] for one in word) for word in chinese() if all(one in known for one in word))
    return tuple(sorted(spellings, key=len, reverse=True))


@cache
def _whose() -> tuple[str, ...]:
    """Initials of owners, the listed ones first; of words of three characters and more, for two letters mean too much."""
    known = _syllables()
    more = {
        "".join(known[one][0][0] for one in word)
        for word in chinese()
        if len(word) > _TWO and all(one in known for one in word)
    }
    return (*_WHOSE, *sorted(more - set(_WHOSE), key=lambda one: (-len(one), one)))


def spelled(token: str, words: Spelling) -> str:
    """The class of the Chinese word that a token spells in full: `jiangjin`, `bingshi`; none for a short one."""
    return words.full.get(token, "") if len(token) >= FULL else ""


def stems(token: str, words: Spelling) -> str:
    """The class of the Chinese word that a token begins with, spelled in full, before a noun that says little: `canjileixing`."""
    rests = (token.removesuffix(noun) for noun in _nouns() if token.endswith(noun))
    return next((cls for rest in rests if len(rest) >= _STEM and (cls := words.full.get(rest))), "")


_STEM: Final = 4
# Kind, sort, time, date, number, name, amount, how it is, state, grade, why, what came of it, times, days, place, way, story; who is meant.
_NOUNS: Final = "类型 类别 种类 时间 日期 编号 名称 金额 情况 状态 状况 等级 级别 原因 结果 次数 天数 地点 方式 描述 详情 信息 记录 程度 单位 标志 证明 人员 对象 人群 家庭 儿童 老人"


@cache
def _nouns() -> tuple[str, ...]:
    """Spellings of those nouns, the longest first."""
    known = _syllables()
    return tuple(
        sorted(("".join(known[one][0] for one in word) for word in _NOUNS.split()), key=lambda one: (-len(one), one))
    )


def _in_full(whole: str, spelled: Mapping[str, str]) -> list[Reading]:
    if len(whole) >= 5 and (cls := spelled.get(whole)):
        return [(cls, SPELLED, whole)]
    for place in range(1, len(whole) - 5):
        if cls := spelled.get(whole[place:]):
            return [(cls, 2.0 + 1.6 * len(whole[place:]) / len(whole), whole[place:])]
    return []


def _by_initials(
    whole: str, initials: Mapping[str, Counter[str]], short: Mapping[str, tuple[str, ...]]
) -> list[Reading]:
    if not _INITIALS.match(whole) or len(_VOWELS.findall(whole)) > 1:
        return []
    for lead in ("", *_whose()):
        rest = whole.removeprefix(lead)
        if lead and (rest == whole or len(rest) < 2):
            continue
        if lead and rest in short and (lead != "sf" or short[rest][0].startswith("person.")):
            return [(cls, SHARED + 0.2 - 0.2 * place, rest) for place, cls in enumerate(short[rest])]
        if (lead in {"", *_WHOSE} or len(rest) > _TWO) and (found := initials.get(rest)):
            paid = whole[-2:] in _SUMS and set(found) <= _OPINIONS  # cfje is more often a prescription's than a fine's
            return [("trade.amount", SHARED, whole[-2:])] if paid else _shared(found, rest)
    coded = _before_code(whole, initials, short)
    return coded or ([(_ENDS[whole[-2:]], SHARED, whole[-2:])] if whole[-2:] in _ENDS else [])


_CODES: Final = ("lbm", "dm", "mc", "m", "bm")
_KEPT_AS_CODES: Final = ("person.", "contact.region", "contact.country", "job.title")


def _before_code(
    whole: str, initials: Mapping[str, Counter[str]], short: Mapping[str, tuple[str, ...]]
) -> list[Reading]:
    """`XBM`, `MZDM`: initials of what systems store as codes, before those of 码, 代码 or 名称."""
    for code in _CODES:
        rest = whole.removesuffix(code)
        if rest == whole or len(rest) < 2:
            continue
        known = dict.fromkeys(short.get(rest, ()), 1) or initials.get(rest, {})
        kept = {cls: times for cls, times in known.items() if cls.startswith(_KEPT_AS_CODES)}
        if kept:
            return [(cls, weight + 0.4, text) for cls, weight, text in _shared(kept, rest)]
    return []


def _shared(found: Mapping[str, int], text: str) -> list[Reading]:
    ranked = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:_MOST]
    lone = len(found) == 1
    return [(cls, INITIALS if lone else SHARED - 0.3 * place, text) for place, (cls, _) in enumerate(ranked)]


def spelling(words: Mapping[str, str]) -> Spelling:
    """The words spelled and by their initials; the first word with a spelling has it."""
    syllables = _syllables()
    full: dict[str, str] = {}
    initials: dict[str, Counter[str]] = defaultdict(Counter)
    for word, cls in words.items():
        if len(word) < 2 or any(one not in syllables for one in word):
            continue
        for said in itertools.islice(itertools.product(*(syllables[one] for one in word)), _READINGS):
            full.setdefault("".join(said), cls)
            initials["".join(one[0] for one in said)][cls] += 1
    return Spelling(full, dict(initials))


@cache
def _syllables() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for syllable, characters in read("pinyin.toml")["syllable"].items():
        for one in characters:
            found[one] = (*found.get(one, ()), syllable)
    return found
