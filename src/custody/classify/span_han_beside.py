"""What stands before and after a stretch that may be a Chinese name, as features of the weights (span_han_names.py)."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from custody.base.late import late
from custody.classify import vocabulary
from custody.classify.span_words import Word, Words, guessed, words

_HAN: Final = "\u3400-\u9fff"
LEADS: Final = (
    "姓名|名字|收货|收件|寄件|联系人|联系|户名|本人|法人|署名|抬头|落款|曾用名|真名|师傅|老师|医生|护士|教练|经理|主任|店长|导购|客服|司机|骑手|"
    "床|号床|床位|爱人|妻子|丈夫|老公|老婆|太太|父亲|母亲|爸爸|妈妈|爸|妈|儿子|女儿|孩子|宝宝|哥哥|姐姐|弟弟|妹妹|外公|外婆|爷爷|奶奶|舅舅|姑姑|叔叔|阿姨|哥|姐|"
    "朋友|配偶|家属|亲属|家长|同事|同学|小朋友|随行|随同|房东|外教|法定代表|"
    rf"(?<![{_HAN}]他)[人员]|[{_HAN}][人员者师户主客生友胞方工]|居民|村民|市民|股民|律师|病患|当事|法务|财务|出纳|人事|行政|采购|前台|管家|顾问|经办|中介|技师|店员|员工|教官|助教|班主任|主刀|主治|管床|转告|通知|告知|致电|回访|电询|委托|代表|找|请问|烦请|其[夫妻子女父母]|[我他她](?:妹|姐|弟|哥|爸|妈|儿|媳妇|外甥|侄子|侄女|闺女|姑娘)|楼[上下]是|隔壁是|对面是|交接给|移交给|对接人|对接|显示|查到|给了|联系不上|称呼"
)
NAMED: Final = "自称|真名|本名|真实姓名|全名|我是|我叫|名叫|叫做|名字叫|叫|姓名|名|户名|人是|者是|本人"
WEAK: Final = "经由归给帮跟和与向替请让是为托问被把将对同及、等约报的"
_BEHIND: Final = (
    "是一[位名个]|，一[位名]|先生|女士|小姐|同学|老师|医生|医师|师傅|阿姨|叔叔|大爷|大妈|大姐|大哥|奶奶|爷爷|经理|主任|总监|教练|大夫|护士|太太|夫人|律师|院长|校长|教授|主管|店长|收(?![到取货费据])|本人|签字|"
    "签名|妈妈|爸爸|母亲|父亲|家长|家属|一家|来电|致电|身份证|手机|电话|反馈|反映|投诉|要求|咨询|预约|表示|到店|下单|签收|报名|办理|购买|退货|退款|申请|联系|微信|邮箱|护照|"
    "跟进|负责|处理|接待|接手|经手|代办|代签|代取|陪同|名下|医保卡|社保卡|驾驶证|驾照|办卡|补办|注销|改签|续费|转账|付款|入住|退房|出院|就诊|复诊|生日|客户|会员|称|说|这个名字"
)
_VERBS: Final = frozenset("的来去过于在已想需打问购退办将把与和及到从因也都不没会再经转交昨今明又刚")
LEAD: Final = late(rf"(?:{LEADS})(?:姓名|名字)?(?P<sign>\s?[:：]\s?|[是为叫]|\s)?[“\"（(]?$")
CALLED: Final = late(rf"(?:{NAMED})\s?[:：]?$")
_NAMING: Final = late(r"(?:姓名|户名|联系人|收[件货]人|我叫|名叫|名字叫|(?<![\u3400-\u9fff])名片)\s?[:：是为]?\s?$")
TITLE: Final = late(rf"\s?(?:{_BEHIND})")
_WILL: Final = late(  # what only people do, and what they are to others
    r"\s?(?:的?(?:家长|妈妈?|爸爸?|奶奶|爷爷|外婆|外公|姥姥|儿子|女儿|老公|老婆|爱人|妻子|丈夫|姐姐?|妹妹?|哥哥?|弟弟?)|[她他]|小朋友|宝宝|家的?|这[位个]|那[位个边]?[客顾单]?|要(?![求是点不])|想|说|问|让|叫|请|帮|催|介绍|认为|觉得|希望|打算|愿意|同意|拒|答应|"
    r"来(?!源|自)|过来|拿|取|去(?!年)|回来|上门|送|寄|签|打电话|打来|没[来接带拿收在说]|不[在来要想接肯同愿]|已[经]?[到来签取付收电联]|忘|迟到|请假|代[办领交收]|代|带|留[了言]|换[了货]|买|退(?!休|役)|订|付|办|找|约|住|租|搬|押[一二三金付]|生病|接送|自取|接[到了受]|收[到货下])"
)
_MADAM: Final = late(r"\s?(?:先生|女士|太太|夫人|阿姨|叔叔|大爷|大妈|大姐|大哥|奶奶|爷爷)")
_OWNED: Final = late(
    r"的(?:预约|社保卡|医保卡?|快递|货|件|单子?|房间?|课|作业|药|会员卡|卡|退款|尾款|货款|发票|地址|合同|证件|行李|车牌|票|押金|号码?|微信|邮箱|学费|座位|东西|衣服|鞋|床|手机|电话|快递|包裹|护照|身份证|银行卡|会员|账号|账户|订单|车(?![间票辆])|房子|妈妈|爸爸|母亲|父亲|孩子|老公|老婆|儿子|女儿|家属|病历|保单)"
)
_NEXT: Final = late(
    r"[\s，,、:：]{0,2}[（(]?(?:\+?86[- ]?)?1[3-9][\d*]|[\s，,、]{0,2}[（(]?\d{6}[\d*]{8,11}[\dXx]|\s?[（(]?0\d{2,3}-?\d{7}|[\s，,、:：]{0,2}[（(<]?[A-Za-z0-9][\w.+-]{2,30}@"
)
_SEX: Final = late(r"[\s，,、（(]{1,2}(?:[男女](?![士朋友生孩装款鞋])|\d{1,3}\s?岁)")
_OF_PLACES: Final = late("[街路巷弄镇乡县桥湖河江湾岛港]")  # 徐东大|街: what is named so is a place
_CODE: Final = late(r"[A-Z]{1,4}\d{4}")  # 生产许可SC1063: what is numbered so is a paper
_BEHIND_IT: Final = (
    ("honour", _MADAM),
    ("title", TITLE),
    ("will", _WILL),
    ("number", _NEXT),
    ("sex", _SEX),
    ("owned", _OWNED),
    ("place", _OF_PLACES),
    ("code", _CODE),
)
_TOLD: Final = frozenset(("before.lead", "before.called"))
_CLOSED: Final = frozenset(("after.sign", "after.number", "after.sex", "after.nothing"))
_ASIDE: Final = 8
_APART: Final = frozenset(("before.nothing", "before.sign", "before.colon", "before.called"))
_AFTER_NUMBER: Final = late(r"(?<!\d)(?:1[3-9]\d[\d* -]{7,9}\d|0\d{2,3}-?\d{7,8})[\s，,、/）)]{1,2}$")
_STOPS: Final = "，。；！？,;!?\n"
_TO: Final = {  # what leads to a stretch, by how much it leaves for something else than a person
    "before.called": "told", "before.lead": "told", "before.nothing": "apart", "before.clause": "apart", "before.sign": "apart", "before.list": "apart",
    "before.number": "apart", "before.colon": "apart", "before.weak": "weak", "before.time": "weak", "before.v": "weak",
}  # fmt: skip
_BACK: Final = {
    "after.title": "acts", "after.honour": "acts", "after.owned": "acts", "after.will": "will", "after.nothing": "shut", "after.sign": "shut",
    "after.number": "shut", "after.sex": "shut", "after.verb": "verb",
}  # fmt: skip
_SMALL: Final = frozenset("dpcruftaml")  # kinds of the small words: adverbs, prepositions, pronouns, particles


def _told_apart(text: str, start: int, cut: Words, back: str) -> bool:
    """Whether a word that is no noun stands where only a name can: 姓名：容易，; a noun there may be a role (联系人：房东)."""
    kind = cut.kind_at(start)
    if kind[:1] in ("n", "") and kind != "nz":
        return False
    if back == "after.honour":  # 成功先生
        return True
    if back not in _CLOSED:
        return False
    return bool(_NAMING.search(text[max(0, start - 12) : start]))


def made_up(text: str, word: Word) -> str:
    """`.guess` for a word that the segmenter made up or takes for some proper name; its borders may be wrong."""
    return ".guess" if word.kind == "nz" or guessed(text[word.start : word.end]) else ""


def frames(text: str, start: int, end: int, cut: Words) -> Iterator[str]:
    """What stands before and after the stretch, and what both together make of it."""
    to, back = before(text, start), after(text, end)
    yield to
    yield back
    yield from _slotted(text, start, end, cut, f"{_TO.get(to, 'inner')}.{_BACK.get(back, 'inner')}")
    if to in _TOLD and back in _CLOSED:  # 接单员席梦，: whoever is announced and at once left is named
        yield "frame.apposed"
    if to in _APART and back in (
        "after.sex",
        "after.number",
    ):  # 尤其，男，62岁 or 平凡 138…: of a thing one does not say so
        yield "frame.sexed" if back == "after.sex" else "frame.numbered"
    if to in _TOLD and back in ("after.title", "after.honour", *_CLOSED):
        yield from _subject(cut.whole(start, end), back)
    if text[start:end] in vocabulary.not_names() and _told_apart(text, start, cut, back):
        yield "frame.called"


def _slotted(text: str, start: int, end: int, cut: Words, slot: str) -> Iterator[str]:
    """What the place in the sentence says together with the word that stands there: an adjective that signs is somebody."""
    yield f"slot.{slot}"
    if text[end - 1] in "和与及跟同":  # 范冰和|她老公
        yield f"and.{end - start}.{slot.partition('.')[2]}"
    if text[start:end] in vocabulary.not_names():
        yield f"none.{slot}"
    if text[end : end + 1] and _loose(text, end, cut):
        yield f"loose.{end - start}"
    whole = cut.whole(start, end)
    if whole is not None and not whole.kind.startswith("nr"):
        yield f"slotted.{slot}.{whole.kind[:1]}"


def _loose(text: str, end: int, cut: Words) -> bool:
    """Whether one character that given names are made of stands alone behind it: 詹天|保."""
    word = cut.begins.get(end)
    return (
        word is not None
        and word.end == end + 1
        and word.kind[:1] not in tuple("vdpcurm")
        and vocabulary.han_given(text[end])
    )


def _subject(word: Word | None, back: str) -> Iterator[str]:
    """A noun where a person acts: 会员江南投诉; no place is a member, and none complains."""
    if word is not None and word.kind == "ns":
        yield "frame.placed"
    if word is not None and word.kind[:1] in "nst" and back == "after.title":
        yield "frame.subject"


@lru_cache(maxsize=512)
def before(text: str, start: int) -> str:
    """What leads to it, as the name of a weight."""
    if start == 0:
        return "before.nothing"
    head = text[max(0, start - 12) : start]
    lead = LEAD.search(head)
    if CALLED.search(head) or (lead and lead["sign"] and lead["sign"].strip()):
        return "before.called"
    if lead is not None:
        return "before.lead"
    last = text[start - 1]
    if not "\u3400" <= last <= "\u9fff":
        return _sign_to(head, last)
    return "before.weak" if last in WEAK else f"before.{_sort_to(_kind_to(text, start, words(text)), last)}"


def _sign_to(head: str, last: str) -> str:
    if last in ":：":
        return "before.colon"
    if _AFTER_NUMBER.search(head):  # 15013559982，程序: whom the number reaches
        return "before.number"
    if last in _STOPS:
        return "before.clause"
    return "before.list" if last in "、/&+" else "before.sign"


def _sort_to(kind: str, last: str) -> str:
    if kind == "t" or (kind == "m" and last in "点日号月天周"):
        return "time"
    return kind if kind in ("n", "v") else "small" if kind in _SMALL else "other"


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
    return over is not None and made_up(text, over) != ""


@lru_cache(maxsize=512)
def after(text: str, end: int) -> str:
    """What follows, as the name of a weight."""
    rest = text[end : end + 24]
    if not rest:
        return "after.nothing"
    for said, rule in _BEHIND_IT:
        if rule.match(rest):
            return f"after.{said}"
    if not "\u3400" <= rest[0] <= "\u9fff":
        return "after.sign"
    return f"after.{_sort_from(_kind_from(text, end, words(text)), rest[0])}"


def _sort_from(kind: str, first: str) -> str:
    if first in _VERBS or kind == "v":
        return "verb"
    return "noun" if kind == "n" else "small" if kind in _SMALL else "other"
