"""Chinese names of people in running text, weighed by what stands before, inside and after them.

A family name begins too many words for one cue to decide: 周 in 周末, 高 in 高兴. So each place where a family name could
begin is weighed by its features: how usual the family name is, whether given names are made of such characters, whether the
segmenter sees words that begin and end there, what leads to it and what follows. The weights of the features are data
(words/weights.toml); they were fitted on marked notes (docs/figures/classify.md), not on the tests.
"""

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Final

from custody.base.late import late
from custody.classify import vocabulary
from custody.classify.span_han_beside import CALLED, LEAD, LEADS, NAMED, TITLE, WEAK, frames, made_up
from custody.classify.span_words import Word, Words, guessed, usual, words

_HAN: Final = "\u3400-\u9fff"
_ALL_HAN: Final = late(rf"[{_HAN}]+")
_ADDRESSED: Final = frozenset("工总姐哥叔姨嫂爷局处科董导队")  # 黄工, 王总: how one speaks to people, not their names
_TITLES: Final = frozenset((
    "先生", "女士", "小姐", "太太", "夫人", "老师", "经理", "主任", "医生", "大夫", "师傅", "教授", "律师", "总监", "主管", "店长", "阿姨", "叔叔", "大爷", "大妈", "大姐", "大哥", "奶奶", "爷爷",
    "教练", "院长", "校长", "处长", "科长", "局长", "队长", "班长", "组长", "警官", "法官", "会计", "总助", "经纪", "书记", "村长", "厂长", "部长", "行长", "护士", "同学", "同志", "老板", "董事", "工程", "师傅", "家", "总", "工", "董", "姐", "哥", "姨", "叔", "导",
))  # fmt: skip
_HONOUR: Final = (
    "先生|女士|小姐|太太|夫人|老师|经理|主任|医生|医师|大夫|师傅|教授|律师|总监|主管|店长|阿姨|叔叔|大爷|大妈|大姐|大哥|奶奶|爷爷|教练|院长|校长|处长|科长|局长|队长|警官|法官|会计|总助|"
    "书记|村长|厂长|部长|行长|护士长?|同学|同志|老板|董事长|副总|总(?![是要共计额数体结算之该会行]|的[来说讲看情趋数原要目方])|工(?![作人程地资业厂商具序艺龄本单])|董(?![事])|姐(?!妹)|哥|姨"
)
_LADIES: Final = frozenset(("先生", "女士", "小姐", "太太", "夫人"))  # said to nobody without a name before it, or 这位
_TRADES: Final = frozenset(("医生", "医师", "大夫", "老师", "师傅", "经理", "主任", "律师", "教授", "阿姨", "教练"))
_TITLED: Final = late(rf"(?<=[{_HAN}])(?:{_HONOUR})")
_SURNAMED: Final = late(
    rf"(?:(?<![{_HAN}])|免贵|本人|本家|[我你您他她]|客户|[人方户者师员主姐哥士生])姓(?:氏?[:：为是]?)(?P<v>[{_HAN}]{{1,2}})(?![名氏{_HAN}])"
)
_FAMILIAR: Final = late(rf"(?<![大老小])[老小](?P<v>[{_HAN}])")
_DOTTED: Final = late(rf"[{_HAN}]{{2,6}}(?:[·•・][{_HAN}]{{1,8}}){{1,3}}")
_BEFORE: Final = late(rf"(?:{LEADS}|{NAMED}|[给找和与由])[:：\s]?$")
_PAIR: Final = 2
_FIRST: Final = 30  # the family names that come first in the word list, and those that follow
_USUAL: Final = 130
_KNOWN: Final = 260


def find_han(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each name, the surest first; they may overlap."""
    cut = words(text)
    never = vocabulary.never_names()
    stretches = ((start, end) for start, end in candidates(text, cut) if text[start:end] not in never)
    weighed = [(weigh(text, start, end, cut), start, end) for start, end in stretches]
    found = [one for one in weighed if one[0] > 0]
    found += list(_joined(text, weighed, found))
    for _, start, end in sorted(found, key=lambda one: (-one[0], one[1])):
        yield start, end


def _joined(
    text: str, weighed: list[tuple[float, int, int]], found: list[tuple[float, int, int]]
) -> Iterator[tuple[float, int, int]]:
    """Who stands beside somebody as one of two, though the name is a word: 安然和安静是姐妹."""
    begin, end = {one[1] for one in found}, {one[2] for one in found}
    for score, start, stop in weighed:
        if -_JOINS < score <= 0 and (
            (text[stop : stop + 1] in _AND and stop + 1 in begin)
            or (text[start - 1 : start] in _AND and start - 1 in end)
        ):
            yield score + _JOINS, start, stop


_AND: Final = frozenset("和与跟、及")
_JOINS: Final = 2.5


def find_family(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each family name that stands alone, before a title or after 姓: 王女士, 李经理, 姓孙, 小刘."""
    cut = words(text)
    for match in _TITLED.finditer(text):
        end = match.start()
        sure = match[0] in _LADIES or match[0] in _TRADES
        for start in (end - 2, end - 1):
            if start < 0 or _of_office(text, start, match.end(), cut):
                continue
            if _family(text[start:end], _kind(text, start, cut), sure=sure) and _stands(text, start, cut):
                yield start, end
                break
    for match in _SURNAMED.finditer(text):
        if _family(match["v"], "nr"):
            yield match.span("v")
    for match in _FAMILIAR.finditer(text):
        if _rank(match["v"]) in ("first", "usual") and _familiar(text, match.start(), match.end(), cut):
            yield match.span("v")


def _of_office(text: str, start: int, end: int, cut: Words) -> bool:
    """Whether the first character and the title are one word: 班主任."""
    word = cut.begins.get(start)
    return word is not None and word.end >= end and word.kind != "nr" and not guessed(text[start : word.end])


def _kind(text: str, start: int, cut: Words) -> str:
    """The kind of the word that begins here; behind a word that leads to a name it is one: 班主任谢老师, but 谢老师 is thanks."""
    word = cut.begins.get(start)
    if word is not None and word.end - start == 2 and _TITLED.match(text, start + 1):  # 游医|生: read again alone
        return words(text[start]).kind_at(0)
    led = text[start] == "谢" and LEAD.search(text[max(0, start - 12) : start])
    return "nr" if led else cut.kind_at(start)


def _family(said: str, kind: str, *, sure: bool = False) -> bool:
    if len(said) == 2:
        return said in vocabulary.compound_surnames()
    rank = _rank(said) if said in vocabulary.surnames() else ""
    if said == "谢" and kind != "nr":
        return False
    known = kind == "nr" or (kind == "" and _mostly_name(said) != "") or (sure and kind[:1] not in tuple("cpmrud"))
    return rank == "first" or (rank == "usual" and kind not in ("c", "p")) or (rank != "" and known)


def _stands(text: str, start: int, cut: Words) -> bool:
    """Whether no longer word or name reaches into the family name from before."""
    if start == 0 or not "\u3400" <= text[start - 1] <= "\u9fff":
        return True
    if text[start - 1] == text[start]:  # 谢谢老师
        return False
    return start in cut.begins or text[start - 1] in WEAK + "访找约问谢请和见"


def _familiar(text: str, start: int, end: int, cut: Words) -> bool:
    """Whether 小刘 or 老张 is somebody: no longer word holds the two characters, and a border or a deed follows."""
    if any(one.start <= start and one.end > end and one.kind != "nr" for one in cut.begins.values()):
        return False
    first = cut.begins.get(start)
    if first is not None and first.end == end and first.kind not in ("nr", "n"):
        return False
    if (
        first is not None and first.end == end + 1 and first.kind == "nr"
    ):  # 小孟帮|我: a deed that the segmenter took for a name
        return words(text[end : end + 6]).kind_at(0)[:1] in tuple("vdp") or text[end] in "帮说问要"
    rest = text[end : end + 1]
    return first is not None and (
        not "\u3400" <= rest <= "\u9fff" or cut.kind_at(end)[:1] in tuple("vrdpc") or rest in "的那说家在"
    )


def find_dotted(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each name of several words with a dot between them: 阿依古丽·买买提."""
    cut = words(text)
    for match in _DOTTED.finditer(text):
        dots = [place for place in range(*match.span()) if text[place] in "·•・"]
        yield _reach(text, dots[0], match.start(), cut), _extent(text, dots[-1] + 1, match.end(), cut)


def _reach(text: str, dot: int, floor: int, cut: Words) -> int:
    """Where the first word of a dotted name begins: before the dot, and after the last word that leads to a name."""
    start = dot
    while (word := cut.ends.get(start)) is not None and word.start >= floor:
        if start < dot and (
            (word.kind[:1] in tuple("pcudvrn") and not word.kind.startswith("nr")) or _BEFORE.search(text[:start])
        ):
            break
        start = word.start
    return start if start < dot else floor


def _extent(text: str, start: int, ceiling: int, cut: Words) -> int:
    """Where the last word of a dotted name ends: before a title or the next word of the sentence."""
    end = start
    while (word := cut.begins.get(end)) is not None and word.end <= ceiling:
        if end > start and (
            (word.kind[:1] in tuple("pcudvrn") and not word.kind.startswith("nr")) or TITLE.match(text, end)
        ):
            break
        end = word.end
    return end if end > start else ceiling


def candidates(text: str, cut: Words) -> Iterator[tuple[int, int]]:
    """Each stretch that could be a family name with one or two characters behind it."""
    single, double = vocabulary.surnames(), vocabulary.compound_surnames()
    for run in _ALL_HAN.finditer(text):
        for place in range(run.start(), run.end() - 1):
            first = 2 if text[place] in single else 3
            last = 4 if text[place : place + 2] in double else 3
            if last - first or first == _PAIR:
                ends = (place + size for size in range(first, last + 1) if place + size <= run.end())
                yield from ((place, end) for end in ends if text[end - 1 : end + 1] not in _ACROSS)
    yield from _rare(text, cut)


# Words that stand behind a name and hold its end apart: 段誉|本人, never 段誉本|人.
_ACROSS: Final = frozenset((
    "本人", "自己", "亲自", "来电", "来取", "来访", "来问", "来店", "来信", "致电", "要求", "反映", "反馈", "表示", "投诉", "咨询",
    "预约", "已经", "已付", "已到", "已取", "今天", "明天", "昨天", "后天", "上午", "下午", "晚上", "夫妇", "夫妻", "全家", "同意",
    "申请", "办理", "通知", "领取", "签收", "代收", "代签", "家属", "家长", "女士", "先生",
))  # fmt: skip


def _rare(text: str, cut: Words) -> Iterator[tuple[int, int]]:
    """Whoever the words announce may have a family name that no list knows, if the segmenter takes it for a name: 客户凤凰."""
    for word in cut.begins.values():
        size = word.end - word.start
        if size == _PAIR and _twin(text, word) and _ALL_HAN.fullmatch(text, word.start, word.end):
            yield word.start, word.end
            continue
        if word.kind[:1] not in _NAMELIKE or not 2 <= size <= 3 or text[word.start] in vocabulary.surnames():
            continue
        if word.kind != "nr" and (size > 2 or guessed(text[word.start : word.end])):
            continue
        head = text[max(0, word.start - 12) : word.start]
        if _ALL_HAN.fullmatch(text, word.start, word.end) and (LEAD.search(head) or CALLED.search(head)):
            yield word.start, word.end


def _twin(text: str, word: Word) -> bool:
    """One character twice, which is no word of the language: 果果."""
    return text[word.start] == text[word.start + 1] and (
        word.kind in ("nr", "nz") or guessed(text[word.start : word.end])
    )


def weigh(text: str, start: int, end: int, cut: Words) -> float:
    """How much speaks for a name at this stretch; above zero it is taken for one."""
    weights = _weights()
    return sum(weights.get(one, 0.0) for one in features(text, start, end, cut))


def features(text: str, start: int, end: int, cut: Words) -> Iterator[str]:
    """What is seen of a stretch, as names of weights."""
    yield "any.stretch"
    yield from _inside(text[start:end])
    yield from _words(text, start, end, cut)
    yield from frames(text, start, end, cut)


@lru_cache(maxsize=8192)
def _inside(name: str) -> tuple[str, ...]:
    return tuple(_of_name(name))


def _of_name(name: str) -> Iterator[str]:
    surname = 2 if name[:2] in vocabulary.compound_surnames() and len(name) > 2 else 1
    yield "family.compound" if surname == 2 else f"family.{_rank(name[0])}{_mostly_name(name[0])}"
    given = name[surname:]
    usual = sum(vocabulary.han_given(one) for one in given)
    yield f"compound.{len(given)}.{usual}" if surname == 2 else f"given.{len(given)}.{usual}"
    if name[0] == name[-1] and len(name) == _PAIR:  # 果果
        yield "given.twin"
    if len(given) == 2 and given[0] == given[1]:  # 汤圆圆: doubled given names are nothing else
        yield "given.doubled"
    if len(given) == 2 and given[0] != given[1] and not guessed(given) and not _named(given):
        yield "given.word"
    if len(name) == 3 and surname == 1 and not guessed(name[:2]):
        yield "given.head"
    if name in _makes():
        yield "given.make"
    if name in vocabulary.not_names() or name in vocabulary.vocabulary()["contact.country"]:
        yield "given.none"
    if given in _TITLES or (len(given) == 1 and given in _ADDRESSED):
        yield "given.title"
    if given[-1] in "收送为由要已跟被把却就也都还说叫来给让在到被因没不":
        yield f"given.deed{len(given)}"
    if given[-1] in "的了们吗呢吧着过地得这那个":
        yield "given.particle"


@lru_cache(maxsize=4096)
def _named(given: str) -> bool:
    """Whether the segmenter knows the word as somebody's name: 志强, 如云."""
    word = words(given).whole(0, len(given))
    return word is not None and word.kind.startswith("nr")


def _words(text: str, start: int, end: int, cut: Words) -> Iterator[str]:
    whole = cut.whole(start, end)
    if whole is not None:
        kind = (
            "name"
            if whole.kind.startswith("nr")
            else "place"
            if whole.kind == "ns"
            else "number"
            if whole.kind == "m"
            else "other"
        )
        yield f"word.{kind}{end - start}"
        if kind != "name":
            yield f"kind.{whole.kind[:2] if whole.kind[:2] in _KINDS else whole.kind[:1]}"
        if end - start == 2:
            yield f"common.{commonness(text[start:end])}"
        return
    first = cut.begins.get(start)
    if over := cut.over(start):
        yield "word.begun" + made_up(text, over)
    elif first is not None and first.end - start >= 2 and first.end < end and first.kind != "nr":
        yield "word.head" + made_up(text, first)
    elif first is not None and first.end - start == 1 and first.kind == "nr":
        yield "word.family"
    elif _phrase(first, end, cut):
        yield "word.phrase"
    last = cut.ends.get(end)
    if (over := cut.over(end)) and text[end : end + 2] not in _ACROSS:
        yield "word.unended" + made_up(text, over)
    elif last is not None and end - last.start >= 2 and last.start > start and not last.kind.startswith("n"):
        yield "word.tail"


_NAMELIKE: Final = ("n", "a", "v", "z", "b", "t", "i")
_KINDS: Final = ("nz", "ns", "vn")


@lru_cache(maxsize=4096)
def commonness(said: str) -> int:
    """How usual a word is, by the tenfold: 3 for one of the thousand words that everybody uses."""
    return min(4, len(str(usual(said))) - 1)


def _phrase(first: Word | None, end: int, cut: Words) -> bool:
    """Two words of the language, one after the other: 和|程序, 向|儿童."""
    if first is None or first.end not in cut.begins:
        return False
    rest = cut.begins[first.end]
    return rest.end == end and rest.end - rest.start == 2 and not rest.kind.startswith("nr")


def _rank(character: str) -> str:
    place = _ranks().get(character, _KNOWN)
    return "first" if place < _FIRST else "usual" if place < _USUAL else "known" if place < _KNOWN else "rare"


@cache
def _mostly_name(character: str) -> str:
    """`.name` for a family name that stands for little else, by the segmenter's dictionary: 狄, 谯, but not 向."""
    (word,) = words(character).begins.values()
    return ".name" if word.kind == "nr" else ""


@cache
def _ranks() -> dict[str, int]:
    return {one: place for place, one in reversed(list(enumerate(vocabulary.read("names.toml")["han_surnames"])))}


@cache
def _makes() -> frozenset[str]:
    """What is sold under somebody's name: 王老吉."""
    return frozenset(vocabulary.read("names.toml")["han_makes"].split())


@cache
def _weights() -> dict[str, float]:
    groups = vocabulary.read("weights.toml").items()
    return {f"{group}.{name}": weight for group, weights in groups for name, weight in weights.items()}
