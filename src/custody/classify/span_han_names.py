"""Chinese names of people in running text, weighed by what stands before, inside and after them.

A family name begins too many words for one cue to decide: 周 in 周末, 高 in 高兴. So each place where a family name could
begin is weighed: words that lead to a name, a border, given names of usual characters, a title or a telephone behind;
common words that only begin like names (words/names.toml) weigh against it.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from custody.classify import vocabulary

ENOUGH: Final = 3.0
_HAN: Final = "\u3400-\u9fff"
_LEADS: Final = (
    "客户姓名|会员姓名|收货人|收件人|收货|收件|联系人|寄件人|发件人|持卡人|监护人|投保人|被保险人|紧急联系人|经办人|负责人|登记人|申请人|购买人|签收人|代收人|代理人|"
    "受益人|报修人|介绍人|推荐人|担保人|付款人|收款人|户名|开户名|户主|业主|住户|房东|租客|车主|司机|师傅|骑手|患者|病人|产妇|学员|学生|同学|家长|顾客|客户|客人|住客|"
    "贵宾|旅客|乘客|会员|用户|买家|卖家|员工|同事|店员|店长|导购|教练|老师|医生|护士|姓名|名字|本人|法人|老人|我是|我叫|名叫|叫做|曾用名|真名|署名|抬头|落款|"
    "爱人|妻子|丈夫|老公|老婆|太太|父亲|母亲|爸爸|妈妈|儿子|女儿|孩子|宝宝|哥哥|姐姐|弟弟|妹妹|朋友|配偶|同行人|入住人|随行|联系|转告|通知|告知|致电|回访|电询|委托|代表|驾驶员|业务员|服务员|收银员|管理员|配送员|快递员|维修工|客服|经理|主任|小朋友"
)
_WEAK: Final = "叫由给帮跟和与向替找请让是为托问被把将对同及、等约报"
_BEHIND: Final = (
    "先生|女士|小姐|同学|老师|医生|师傅|阿姨|叔叔|大爷|大妈|奶奶|爷爷|经理|主任|总监|教练|大夫|护士|太太|夫人|收$|来电|致电|身份证|手机|电话|反馈|投诉|要求|咨询|预约|表示|到店|下单|"
    "签收|报名|办理|购买|退货|退款|申请|联系|微信|邮箱|护照|反映|办卡|补办|注销|改签|续费|转账|付款|入住|退房|出院|就诊|复诊|生日|客户|会员|称|说"
)
_VERBS: Final = frozenset(
    "的式为是来电要说称反于在已想需打问申购退投办将把与和及到从手身联住预提希请我他她先女小去买用收签加给向这那也都就还很不没有可未会再当经核微邮护证卡号您你改转交取寄订约昨今明上下周每前后因但又才只刚正等过补续带让被岁送打发做拿开装修约点充缴付查问催吵哭笑吃喝进出走跑找看听写盖搬挪停坐站等自跟确负处（("
)
_ADDRESSED: Final = frozenset(
    "工总姐哥叔姨嫂爷局处科董导队"
)  # 黄工, 王总: how one speaks to people, not what they are called
_LEAD: Final = re.compile(rf"(?:{_LEADS})(?:姓名|名字)?(?P<sign>\s?[:：]\s?|[是为叫]|\s)?[“\"（(]?$")
_CALLED: Final = re.compile(r"(?:名|名字|户名|叫|叫做)$")
_TITLE: Final = re.compile(rf"\s?(?:{_BEHIND})")
_NEXT: Final = re.compile(
    r"[\s，,、:：]{0,2}[（(]?(?:\+?86[- ]?)?1[3-9][\d*]|[\s，,、]{0,2}[（(]?\d{6}[\d*]{8,11}[\dXx]|\s?[（(]?0\d{2,3}-?\d{7}"
)
_SEX: Final = re.compile(r"[\s，,、（(]{1,2}[男女](?![士朋友生孩装款鞋])")
_COMMON: Final = 130  # the family names that come first in the word list


def find_han(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each name, the surest first; they may overlap."""
    found = [(*best, place) for place in range(len(text) - 1) if (best := _best(text, place)) is not None]
    for _, size, place in sorted(found, key=lambda one: (-one[0], one[2])):
        yield place, place + size


def _best(text: str, place: int) -> tuple[float, int] | None:
    """The better of the two lengths that a name at this place could have, when it is sure enough."""
    surname = 2 if text[place : place + 2] in vocabulary.compound_surnames() else 1
    if surname == 1 and text[place] not in vocabulary.surnames():
        return None
    before = _before(text, place)
    scores = [
        (before + _inside(text[place : place + size], surname, before) + _after(text, place + size), size)
        for size in (surname + 2, surname + 1)
        if place + size <= len(text) and all("\u3400" <= one <= "\u9fff" for one in text[place : place + size])
    ]
    best = max(scores, default=(0.0, 0))
    return best if best[0] >= ENOUGH else None


def _before(text: str, place: int) -> float:
    if place == 0:
        return 1.0
    head = text[max(0, place - 10) : place]
    lead = _LEAD.search(head)
    if lead is not None:
        return 3.5 if (lead["sign"] and lead["sign"].strip()) or _CALLED.search(lead[0]) else 3.0
    last = text[place - 1]
    if last in _WEAK:
        return 1.4
    if last in "员师":
        return 2.0
    return -1.5 if "\u3400" <= last <= "\u9fff" else 1.0


def _inside(name: str, surname: int, before: float) -> float:
    score = 2.5 if surname == 2 else 0.8 if name[0] in _usual() else 0.3
    score += sum(0.6 if vocabulary.han_given(one) else -1.2 for one in name[surname:])
    if len(name) == 3 and name[1] == name[2]:  # 汤圆圆: doubled given names are nothing else
        score += 0.5
    elif surname == 1 and name[:2] in _words():
        score -= 1.5 if before >= 3.5 else 4.0
    if len(name) - surname == 2 and name[surname:] in _words():
        score -= 2.5
    if len(name) - surname == 1 and name[-1] in _ADDRESSED:
        score -= 5.0
    return score - (5.0 if name in vocabulary.not_names() else 0.0)


def _after(text: str, end: int) -> float:
    rest = text[end : end + 24]
    if _TITLE.match(rest):
        return 2.0 if rest[0] not in "说称" else 1.2
    if _NEXT.match(rest):
        return 2.2
    if _SEX.match(rest):
        return 2.0
    if not rest or not "\u3400" <= rest[0] <= "\u9fff":
        return 1.0
    return 1.1 if rest[0] in _VERBS or rest[:2] in _words() else -1.0


@cache
def _usual() -> frozenset[str]:
    return frozenset(vocabulary.read("names.toml")["han_surnames"][:_COMMON])


@cache
def _words() -> frozenset[str]:
    """Words that begin as names do, towns and provinces among them."""
    known = vocabulary.vocabulary()
    places = {one for one in known["contact.city"] | known["contact.region"] if len(one) == 2}
    return frozenset(vocabulary.read("names.toml")["han_words"].split()) | places | vocabulary.not_names()
