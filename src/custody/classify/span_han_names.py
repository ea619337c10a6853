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
from custody.classify.span_words import Word, Words, guessed, words

_HAN: Final = "\u3400-\u9fff"
_ALL_HAN: Final = late(rf"[{_HAN}]+")
_LEADS: Final = (
    "姓名|名字|收货|收件|联系人|联系|户名|本人|法人|署名|抬头|落款|曾用名|真名|师傅|老师|医生|护士|教练|经理|主任|店长|导购|客服|司机|骑手|"
    "床|号床|床位|爱人|妻子|丈夫|老公|老婆|太太|父亲|母亲|爸爸|妈妈|爸|妈|儿子|女儿|孩子|宝宝|哥哥|姐姐|弟弟|妹妹|外公|外婆|爷爷|奶奶|舅舅|姑姑|叔叔|阿姨|哥|姐|"
    "朋友|配偶|家属|亲属|家长|同事|同学|小朋友|随行|随同|房东|外教|法定代表|"
    rf"(?<![{_HAN}]他)[人员]|[{_HAN}][人员者师户主客生友胞方工]|居民|村民|市民|股民|律师|病患|当事|法务|财务|出纳|人事|行政|采购|前台|管家|顾问|经办|中介|技师|店员|员工|教官|助教|班主任|主刀|主治|管床|转告|通知|告知|致电|回访|电询|委托|代表|找|请问|烦请|其[夫妻子女父母]"
)
_NAMED: Final = "我是|我叫|名叫|叫做|名字叫|叫|姓名|名|户名|人是|者是|本人"
_WEAK: Final = "经由给帮跟和与向替请让是为托问被把将对同及、等约报的"
_BEHIND: Final = (
    "是一[位名个]|，一[位名]|先生|女士|小姐|同学|老师|医生|医师|师傅|阿姨|叔叔|大爷|大妈|大姐|大哥|奶奶|爷爷|经理|主任|总监|教练|大夫|护士|太太|夫人|律师|院长|校长|教授|主管|店长|收(?![到取货费据])|本人|签字|"
    "签名|妈妈|爸爸|母亲|父亲|家长|家属|一家|来电|致电|身份证|手机|电话|反馈|反映|投诉|要求|咨询|预约|表示|到店|下单|签收|报名|办理|购买|退货|退款|申请|联系|微信|邮箱|护照|"
    "跟进|负责|处理|接待|接手|经手|代办|代签|代取|陪同|名下|医保卡|社保卡|驾驶证|驾照|办卡|补办|注销|改签|续费|转账|付款|入住|退房|出院|就诊|复诊|生日|客户|会员|称|说|这个名字"
)
_VERBS: Final = frozenset("的来去过于在已想需打问购退办将把与和及到从因也都不没会再经转交昨今明又刚")
_ADDRESSED: Final = frozenset("工总姐哥叔姨嫂爷局处科董导队")  # 黄工, 王总: how one speaks to people, not their names
_TITLES: Final = frozenset(
    [
        "先生",
        "女士",
        "小姐",
        "太太",
        "夫人",
        "老师",
        "经理",
        "主任",
        "医生",
        "大夫",
        "师傅",
        "教授",
        "律师",
        "总监",
        "主管",
        "店长",
        "阿姨",
        "叔叔",
        "大爷",
        "大妈",
        "大姐",
        "大哥",
        "奶奶",
        "爷爷",
        "教练",
        "院长",
        "校长",
        "处长",
        "科长",
        "局长",
        "队长",
        "班长",
        "组长",
        "警官",
        "法官",
        "会计",
        "总助",
        "经纪",
        "书记",
        "村长",
        "厂长",
        "部长",
        "行长",
        "护士",
        "同学",
        "同志",
        "老板",
        "董事",
        "工程",
        "师傅",
        "家",
        "总",
        "工",
        "董",
        "姐",
        "哥",
        "姨",
        "叔",
        "导",
    ]
)
_HONOUR: Final = (
    "先生|女士|小姐|太太|夫人|老师|经理|主任|医生|医师|大夫|师傅|教授|律师|总监|主管|店长|阿姨|叔叔|大爷|大妈|大姐|大哥|奶奶|爷爷|教练|院长|校长|处长|科长|局长|队长|警官|法官|会计|总助|"
    "书记|村长|厂长|部长|行长|护士长?|同学|同志|老板|董事长|副总|总(?![是要共计额数体的结算之该会行])|工(?![作人程地资业厂商具序艺龄本单])|董(?![事])|姐(?!妹)|哥|姨"
)
_TITLED: Final = late(rf"(?<=[{_HAN}])(?:{_HONOUR})")
_SURNAMED: Final = late(
    rf"(?:(?<![{_HAN}])|免贵|本人|本家|[我你您他她]|客户|[人方户者师员主姐哥士生])姓(?:氏?[:：为是]?)(?P<v>[{_HAN}]{{1,2}})(?![名氏{_HAN}])"
)
_FAMILIAR: Final = late(rf"(?<![大老小])[老小](?P<v>[{_HAN}])")
_LEAD: Final = late(rf"(?:{_LEADS})(?:姓名|名字)?(?P<sign>\s?[:：]\s?|[是为叫]|\s)?[“\"（(]?$")
_CALLED: Final = late(rf"(?:{_NAMED})\s?[:：]?$")
_NAMING: Final = late(r"(?:姓名|户名|联系人|收[件货]人|我叫|名叫|名字叫|(?<![\u3400-\u9fff])名片)\s?[:：是为]?\s?$")
_TITLE: Final = late(rf"\s?(?:{_BEHIND})")
_NEXT: Final = late(
    r"[\s，,、:：]{0,2}[（(]?(?:\+?86[- ]?)?1[3-9][\d*]|[\s，,、]{0,2}[（(]?\d{6}[\d*]{8,11}[\dXx]|\s?[（(]?0\d{2,3}-?\d{7}|[\s，,、:：]{0,2}[（(<]?[A-Za-z0-9][\w.+-]{2,30}@"
)
_SEX: Final = late(r"[\s，,、（(]{1,2}(?:[男女](?![士朋友生孩装款鞋])|\d{1,3}\s?岁)")
_DOTTED: Final = late(rf"[{_HAN}]{{2,6}}(?:[·•・][{_HAN}]{{1,8}}){{1,3}}")
_BEFORE: Final = late(rf"(?:{_LEADS}|{_NAMED}|[给找和与由])[:：\s]?$")
_OF_PLACES: Final = frozenset("街路巷弄镇乡县桥湖河江湾岛港")  # 徐东大|街: what is named so is a place
_TOLD: Final = frozenset(("before.lead", "before.called"))
_CLOSED: Final = frozenset(("after.sign", "after.number", "after.sex", "after.nothing"))
_ASIDE: Final = 8
_CODE: Final = late(r"[A-Z]{1,4}\d{4}")  # 生产许可SC1063: what is numbered so is a paper
_APART: Final = frozenset(("before.nothing", "before.sign", "before.colon", "before.called"))
_SMALL: Final = frozenset("dpcruftaml")  # kinds of the small words: adverbs, prepositions, pronouns, particles
_FIRST: Final = 30  # the family names that come first in the word list, and those that follow
_USUAL: Final = 130
_KNOWN: Final = 260


def find_han(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each name, the surest first; they may overlap."""
    cut = words(text)
    found = [(score, start, end) for start, end in candidates(text, cut) if (score := weigh(text, start, end, cut)) > 0]
    for _, start, end in sorted(found, key=lambda one: (-one[0], one[1])):
        yield start, end


def find_family(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each family name that stands alone, before a title or after 姓: 王女士, 李经理, 姓孙, 小刘."""
    cut = words(text)
    for match in _TITLED.finditer(text):
        end = match.start()
        for start in (end - 2, end - 1):
            if start >= 0 and _family(text[start:end], _kind(text, start, cut)) and _stands(text, start, cut):
                yield start, end
                break
    for match in _SURNAMED.finditer(text):
        if _family(match["v"], "nr"):
            yield match.span("v")
    for match in _FAMILIAR.finditer(text):
        if _rank(match["v"]) in ("first", "usual") and _familiar(text, match.start(), match.end(), cut):
            yield match.span("v")


def _kind(text: str, start: int, cut: Words) -> str:
    """The kind of the word that begins here; behind a word that leads to a name it is one: 班主任谢老师, but 谢老师 is thanks."""
    led = text[start] == "谢" and _LEAD.search(text[max(0, start - 12) : start])
    return "nr" if led else cut.kind_at(start)


def _family(said: str, kind: str) -> bool:
    if len(said) == 2:
        return said in vocabulary.compound_surnames()
    rank = _rank(said) if said in vocabulary.surnames() else ""
    if said == "谢" and kind != "nr":
        return False
    known = kind == "nr" or (kind == "" and _mostly_name(said) != "")
    return rank == "first" or (rank == "usual" and kind not in ("c", "p")) or (rank != "" and known)


def _stands(text: str, start: int, cut: Words) -> bool:
    """Whether no longer word or name reaches into the family name from before."""
    if start == 0 or not "\u3400" <= text[start - 1] <= "\u9fff":
        return True
    if text[start - 1] == text[start]:  # 谢谢老师
        return False
    return start in cut.begins or text[start - 1] in _WEAK + "访找约问谢请和见"


def _familiar(text: str, start: int, end: int, cut: Words) -> bool:
    """Whether 小刘 or 老张 is somebody: no longer word holds the two characters, and a border or a deed follows."""
    if any(one.start <= start and one.end > end for one in cut.begins.values()):
        return False
    first = cut.begins.get(start)
    if first is not None and first.end == end and first.kind not in ("nr", "n"):
        return False
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
            (word.kind[:1] in tuple("pcudvrn") and not word.kind.startswith("nr")) or _TITLE.match(text, end)
        ):
            break
        end = word.end
    return end if end > start else ceiling


def candidates(text: str, cut: Words) -> Iterator[tuple[int, int]]:
    """Each stretch that could be a family name with one or two characters behind it."""
    for place in range(len(text) - 1):
        pair = text[place : place + 2]
        sizes = []
        if text[place] in vocabulary.surnames():
            sizes += [2, 3]
        if pair in vocabulary.compound_surnames():
            sizes += [3, 4]
        for size in sorted(set(sizes)):
            if place + size <= len(text) and _ALL_HAN.fullmatch(text, place, place + size):
                yield place, place + size
    yield from _rare(text, cut)


def _rare(text: str, cut: Words) -> Iterator[tuple[int, int]]:
    """Whoever the words announce may have a family name that no list knows, if the segmenter takes it for a name: 客户凤凰."""
    for word in cut.begins.values():
        if word.kind != "nr" or not 2 <= word.end - word.start <= 3 or text[word.start] in vocabulary.surnames():
            continue
        head = text[max(0, word.start - 12) : word.start]
        if _ALL_HAN.fullmatch(text, word.start, word.end) and (_LEAD.search(head) or _CALLED.search(head)):
            yield word.start, word.end


def weigh(text: str, start: int, end: int, cut: Words) -> float:
    """How much speaks for a name at this stretch; above zero it is taken for one."""
    weights = _weights()
    return sum(weights.get(one, 0.0) for one in features(text, start, end, cut))


def features(text: str, start: int, end: int, cut: Words) -> Iterator[str]:
    """What is seen of a stretch, as names of weights."""
    yield "any"
    yield from _inside(text[start:end])
    yield from _words(text, start, end, cut)
    before, after = _before(text, start, cut), _after(text, end, cut)
    yield before
    yield after
    if before in _TOLD and after in _CLOSED:  # 接单员席梦，: whoever is announced and at once left is named
        yield "frame.apposed"
    if before in _APART and after == "after.sex":  # 尤其，男，62岁: of a thing one does not say so
        yield "frame.sexed"
    if text[start:end] in vocabulary.not_names() and _told_apart(text, start, end, cut, after):
        yield "frame.called"


def _told_apart(text: str, start: int, end: int, cut: Words, after: str) -> bool:
    """Whether a word that is no noun stands where only a name can: 姓名：容易，; a noun there may be a role (联系人：房东)."""
    if after not in _CLOSED or cut.kind_at(start)[:1] in ("n", "") and cut.kind_at(start) != "nz":
        return False
    return bool(_NAMING.search(text[max(0, start - 12) : start]))


def _inside(name: str) -> Iterator[str]:
    surname = 2 if name[:2] in vocabulary.compound_surnames() and len(name) > 2 else 1
    yield "family.compound" if surname == 2 else f"family.{_rank(name[0])}{_mostly_name(name[0])}"
    given = name[surname:]
    usual = sum(vocabulary.han_given(one) for one in given)
    yield f"compound.{len(given)}.{usual}" if surname == 2 else f"given.{len(given)}.{usual}"
    if len(given) == 2 and given[0] == given[1]:  # 汤圆圆: doubled given names are nothing else
        yield "given.doubled"
    if len(given) == 2 and given[0] != given[1] and not guessed(given) and not _named(given):
        yield "given.word"
    if len(name) == 3 and surname == 1 and not guessed(name[:2]):
        yield "given.head"
    if name in vocabulary.not_names():
        yield "given.none"
    if given in _TITLES or (len(given) == 1 and given in _ADDRESSED):
        yield "given.title"
    if len(given) == 2 and given[-1] in "收送为由要已跟被把却就也都还":
        yield "given.deed"


@lru_cache(maxsize=4096)
def _named(given: str) -> bool:
    """Whether the segmenter knows the word as somebody's name: 志强, 如云."""
    word = words(given).whole(0, len(given))
    return word is not None and word.kind.startswith("nr")


def _words(text: str, start: int, end: int, cut: Words) -> Iterator[str]:
    whole = cut.whole(start, end)
    if whole is not None:
        kind = "name" if whole.kind.startswith("nr") else "place" if whole.kind == "ns" else "number" if whole.kind == "m" else "other"
        yield f"word.{kind}{end - start}"
        return
    first = cut.begins.get(start)
    if over := cut.over(start):
        yield "word.begun" + _made_up(text, over)
    elif first is not None and first.end - start >= 2 and first.end < end and first.kind != "nr":
        yield "word.head" + _made_up(text, first)
    elif first is not None and first.end - start == 1 and first.kind == "nr":
        yield "word.family"
    elif _phrase(first, end, cut):
        yield "word.phrase"
    last = cut.ends.get(end)
    if over := cut.over(end):
        yield "word.unended" + _made_up(text, over)
    elif last is not None and end - last.start >= 2 and last.start > start and not last.kind.startswith("n"):
        yield "word.tail"


def _phrase(first: Word | None, end: int, cut: Words) -> bool:
    """Two words of the language, one after the other: 和|程序, 向|儿童."""
    if first is None or first.end not in cut.begins:
        return False
    rest = cut.begins[first.end]
    return rest.end == end and rest.end - rest.start == 2 and not rest.kind.startswith("nr")


def _made_up(text: str, word: Word) -> str:
    return ".guess" if word.kind == "nz" or guessed(text[word.start : word.end]) else ""


def _before(text: str, start: int, cut: Words) -> str:
    if start == 0:
        return "before.nothing"
    head = text[max(0, start - 12) : start]
    lead = _LEAD.search(head)
    if _CALLED.search(head) or (lead and lead["sign"] and lead["sign"].strip()):
        return "before.called"
    if lead is not None:
        return "before.lead"
    last = text[start - 1]
    if last in _WEAK:
        return "before.weak"
    if not "\u3400" <= last <= "\u9fff":
        return "before.colon" if last in ":：" else "before.sign"
    kind = _kind_to(text, start, cut)
    if kind == "t" or kind == "m" and head.endswith(("点", "日", "号", "月", "天", "周")):
        return "before.time"
    return f"before.{kind}" if kind in ("n", "v") else "before.small" if kind in _SMALL else "before.other"


def _kind_to(text: str, start: int, cut: Words) -> str:
    """The kind of the word before a stretch; where a made-up word reaches into it, as if the text ended there."""
    if _misread(text, start, cut):
        head = text[max(0, start - _ASIDE) : start]
        return words(head).kind_before(len(head))[:1]
    return cut.kind_before(start)[:1]


def _kind_from(text: str, end: int, cut: Words) -> str:
    """The kind of the word behind a stretch; where a made-up word reaches out of it, as if the text began there: 帮武晓光|查一下."""
    if _misread(text, end, cut):
        return words(text[end : end + _ASIDE]).kind_at(0)[:1]
    return cut.kind_at(end)[:1]


def _misread(text: str, place: int, cut: Words) -> bool:
    """Whether the segmenter holds this place in a word that it made up."""
    over = cut.over(place)
    return over is not None and _made_up(text, over) != ""


def _after(text: str, end: int, cut: Words) -> str:
    rest = text[end : end + 24]
    for said, rule in (("title", _TITLE), ("number", _NEXT), ("sex", _SEX)):
        if rule.match(rest):
            return f"after.{said}"
    if not rest:
        return "after.nothing"
    if rest[0] in _OF_PLACES:
        return "after.place"
    if _CODE.match(rest):
        return "after.code"
    if not "\u3400" <= rest[0] <= "\u9fff":
        return "after.sign"
    kind = _kind_from(text, end, cut)
    said = (
        "verb"
        if rest[0] in _VERBS or kind == "v"
        else "noun"
        if kind == "n"
        else "small"
        if kind in _SMALL
        else "other"
    )
    return f"after.{said}"


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
def _weights() -> dict[str, float]:
    return {
        f"{group}.{name}" if group else name: weight
        for group, weights in vocabulary.read("weights.toml").items()
        for name, weight in (weights.items() if isinstance(weights, dict) else ((group, weights),))
    }
