"""Names of people in running text: Chinese names by a word before or after them, Latin ones by words and name lists."""

import re
from collections.abc import Iterator
from typing import Final

from custody.classify import vocabulary

_HAN: Final = "\u3400-\u9fff"
_BEFORE: Final = (
    "客户姓名|会员姓名|收货人|收件人|联系人|寄件人|发件人|持卡人|监护人|投保人|被保险人|紧急联系人|经办人|负责人|登记人|申请人|购买人|"
    "付款人|户主|业主|租客|车主|司机|患者|病人|学员|学生|家长|顾客|客户|会员|用户|买家|员工|同事|店员|导购|教练|老师|医生|姓名|名字|本人|"
    "我是|我叫|名叫|叫做|叫|称呼|转告|通知|请找|找|转给|交给|抬头|收款人|户名|开户名|签收人|代收人|爱人|妻子|丈夫|父亲|母亲|儿子|女儿|孩子|宝宝|朋友|配偶|由|给|帮|跟|和|与|向|替"
)
_STRONG: Final = frozenset(_BEFORE.split("|")[:-8])
_AFTER: Final = (
    "先生|女士|小姐|同学|老师|医生|师傅|阿姨|叔叔|经理|太太|夫人|来电|致电|身份证|手机|电话|反馈|投诉|要求|咨询|预约|表示|到店|下单|签收|"
    "报名|办理|购买|退货|退款|申请|联系|微信|邮箱|护照|反映|称|说|的手机|的电话|的身份证|的邮箱|的快递|的订单|的地址|的微信|的生日|的会员|的卡"
)
_HONORIFIC: Final = re.compile(r"先生|女士|小姐|同学|老师|医生|师傅|阿姨|叔叔|太太|夫人|经理")
_STOPS: Final = frozenset(
    "的式为是来电要说称反于在已想需打问申购下退投办将把与和及是到从手身联住预提希请我她他先女小老同去买用收签加给向这那也都就还很不没有可未会再当经核微邮护证卡号码您你"
)
_CUE: Final = re.compile(rf"(?:{_BEFORE})(?P<colon>\s?[:：]\s?|[是为]|\s)?")
_TITLE: Final = re.compile(rf"(?:{_AFTER})")
_MASKED: Final = re.compile(
    rf"(?<![{_HAN}*])[{_HAN}](?:[*＊]{{1,3}}[{_HAN}](?![{_HAN}])|[*＊]{{1,3}}|某某?)(?![*＊\d])|(?<=[:：\s人户员客])[{_HAN}][*＊]{{1,2}}(?![*＊\d])"
)
_PLACE: Final = re.compile(rf"(?:^|[，,。；;：:、（(！!？?\s“\"【\]])(?=[{_HAN}])")
_NEXT: Final = re.compile(r"\s?[（(]?\s?(?:\+?86[- ]?)?1[3-9][\d*]{9}|\s?[（(]?\d{17}[\dXx]|\s?0\d{2,3}-?\d{7}")
_WORD: Final = r"[A-ZÀ-ÖØ-ÞŁŚŻŹĆŞİĞČŘŠŽ][a-zà-öø-ÿąćęłńóśźżşığčřšžěůß'’]+"
_PART: Final = rf"(?:{_WORD}(?:-{_WORD})?|(?:Mc|Mac|O['’]|D['’]|De|La|Le|Van|Von){_WORD}|[A-Z]\.)"
_LATIN: Final = re.compile(
    rf"(?<![\w@.'’-]){_PART}(?:\s+(?:van|von|de|der|den|la|le|del|di|da|dos|bin|al|y|e)(?=\s))*(?:\s+{_PART}){{1,4}}(?![\w@])"
)
_LATIN_CUE: Final = re.compile(
    r"(?:customer|client|contact|name|named|holder|cardholder|attn:?|attention|guest|patient|recipient|beneficiary|owner|member|"
    r"tenant|passenger|account of|for|from|by|with|to|dear|hi|hello|mr\.?|mrs\.?|ms\.?|miss|dr\.?|prof\.?|herr|frau|mme|monsieur|madame|"
    r"sr\.?|sra\.?|signed|spoke|mother|father|wife|husband|son|daughter|联系人|收件人|收货人|姓名|客户|找|叫|和|与)[\s:：,]*$",
    re.IGNORECASE,
)


def find_names(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each name, possibly overlapping; the caller resolves."""
    if not text.isascii():
        yield from _han(text)
    yield from _latin(text)


def _han(text: str) -> Iterator[tuple[int, int]]:
    for match in _CUE.finditer(text):
        strong = match["colon"] is not None and match["colon"].strip() in {":", "：", "是", "为"}
        if size := _sized(text, match.end(), sure=strong or match[0].strip() in _STRONG):
            yield match.end(), match.end() + size
    for match in _PLACE.finditer(text):
        if size := _sized(text, match.end(), sure=False):
            yield match.end(), match.end() + size
    for match in _HONORIFIC.finditer(text):
        if size := _before(text, match.start()):
            yield match.start() - size, match.start()
    for match in _MASKED.finditer(text):
        if vocabulary.han_name(match[0]) or match[0][0] in vocabulary.surnames():
            yield match.start(), match.end()


def _before(text: str, end: int) -> int:
    """Length of the name that ends where a form of address begins; 0 when none does."""
    for size in (4, 3, 2):
        name = text[max(0, end - size) : end]
        surname = 2 if name[:2] in vocabulary.compound_surnames() else 1
        fits = len(name) == size and size - surname in {1, 2} and (surname == 2 or name[0] in vocabulary.surnames())
        if fits and all(vocabulary.han_given(one) for one in name[surname:]):
            return size
    return 0


def _sized(text: str, start: int, *, sure: bool) -> int:
    """Length of the name that begins at `start`; 0 when none does. `sure`: a word before says that a name follows."""
    surname = 2 if text[start : start + 2] in vocabulary.compound_surnames() else 1
    if surname == 1 and text[start : start + 1] not in vocabulary.surnames():
        return 0
    best, sure = 0, sure or surname == 2
    for size in (surname + 1, surname + 2):
        name = text[start : start + size]
        if len(name) < size or any(not "\u3400" <= one <= "\u9fff" or one in _STOPS for one in name[surname:]):
            break
        after = text[start + size :]
        if name in vocabulary.not_names():
            break
        ended = not after or not "\u3400" <= after[0] <= "\u9fff"
        told = bool(_TITLE.match(after))
        given = vocabulary.han_given(name)
        if sure and (ended or told or after[0] in _STOPS):
            best = size if given or ended or told else best
        elif (
            (sure and size == surname + 2 and all(vocabulary.han_given(one) for one in name[surname:]))
            or (told and given)
            or (_NEXT.match(after) and given)
        ):
            best = size
    return best


def _latin(text: str) -> Iterator[tuple[int, int]]:
    for match in _LATIN.finditer(text):
        words = [(found.start(), found.end(), found[0]) for found in re.finditer(r"\S+", match[0])]
        while words and _plain(words[0][2]) in vocabulary.not_names():
            words = words[1:]
        while words and _plain(words[-1][2]) in vocabulary.not_names():
            words = words[:-1]
        if len(words) < 2 or any(_plain(word) in vocabulary.not_names() for _, _, word in words):
            continue
        start, end = match.start() + words[0][0], match.start() + words[-1][1]
        given, family = vocabulary.latin_names(text[start:end])
        cued = bool(_LATIN_CUE.search(text[max(0, start - 24) : start]))
        if (given and family) or ((given or family) and cued) or (cued and _person_next(text, end)):
            yield start, end


def _plain(word: str) -> str:
    return word.lower().strip(".,'’")


def _person_next(text: str, end: int) -> bool:
    return bool(re.match(r"\s*(?:called|asked|wants|said|is|was|has|signed|\(|,|\.|;|$|[\u3400-\u9fff])", text[end:]))
