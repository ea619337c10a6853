"""What neighbours tell: whether a table is about people, and what an unclear column then is (taxonomy.toml, header).

In a person's row nothing personal is ever `record.none`: what fits no class is `record.other`. In a table about nobody
a price is no purchase, a place nobody's address and a name the name of a thing.
"""

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from custody.classify import evidence, halves, headers, likeness, named, neighbours, shapes, themes
from custody.classify.profile import ColumnProfile, TableProfile
from custody.classify.taxonomy import classes
from custody.classify.telling import reaches_a_person
from custody.classify.themes import Draft

_DIRECT: Final = frozenset((
    "name.given", "name.family", "name.alias", "contact.email", "contact.phone", "contact.address", "contact.im",
    "person.birth_date", "person.gender", "person.guardian", "person.ethnicity", "person.religion", "person.politics",
    "person.marital_status", "person.age", "id.cn_resident", "id.passport", "id.travel_permit", "id.driver_license",
    "id.us_ssn", "id.national_other", "id.tax", "finance.card_number", "finance.bank_account", "finance.income",
    "account.username", "account.password", "account.secret", "vehicle.plate", "device.ip", "device.id",
    "location.position", "person.health", "person.criminal", "person.biometric",
))  # fmt: skip
_LINK: Final = frozenset(("account.customer_id",))
_THINGS: Final = {
    "trade.time": "record.time", "trade.order_id": "record.key", "trade.payment_method": "record.code",
    "trade.tracking": "record.key", "account.loyalty": "record.none", "person.language": "record.code",
    "contact.country": "record.none", "contact.region": "record.none", "contact.city": "record.none",
    "device.agent": "record.none", "finance.card_detail": "record.none", "trade.amount": "record.none",
    "trade.item": "record.none", "record.other": "record.none", "text.free": "record.none", "job.title": "record.none",
    "taste.preference": "record.none", "taste.profile": "record.none", "taste.marketing": "record.code",
    "name.full": "record.none", "name.alias": "record.none", "person.title": "record.none",
    "contact.postal_code": "record.none", "contact.url": "record.none", "person.photo": "record.none",
    "person.education": "record.none", "person.nationality": "record.none", "location.trace": "record.none",
    "person.age": "record.none", "finance.credit": "record.none", "finance.balance": "record.none",
    "person.gender": "record.none", "device.id": "record.key", "contact.address": "record.none",
    "location.position": "record.none", "person.health": "record.none", "name.given": "record.none",
    "name.family": "record.none", "account.username": "record.none", "account.secret": "record.none",
    "account.customer_id": "record.key", "job.employer": "record.none", "finance.income": "record.none",
    "person.marital_status": "record.none", "person.birth_date": "record.time", "device.ip": "record.none",
    "vehicle.plate": "record.none", "contact.im": "record.none", "person.ethnicity": "record.none",
    "person.religion": "record.none", "finance.bank_account": "record.none", "account.password": "record.none",
}  # fmt: skip
_GOODS: Final = re.compile(
    r"(medication|medicine|drug|disease|symptom|vaccine|allergen|product|categor|goods|item|sku|film|movie|album|artist|track|genre|inventory|warehouse|catalog|region|territor|"
    r"country|countries|province|state|city|currency|language|book|title|author|menu|dish|course|holiday|商品|产品|分类|品牌|"
    r"地区|字典|菜单|角色|库存|仓库|图书|书籍|书目|目录|菜品|菜谱|药品|药典|课程|套餐|车型|房型|价目|节假日|代码|编码)"
    r"(s|es|ies|_?en|_?list|_?info|表|信息|资料|列表|目录|字典|库)?\d*$"
)


_KEYED: Final = re.compile(r"(id|key|code|no|number|编号|编码|号)$")


def personal(profile: TableProfile, drafts: Sequence[Draft]) -> bool:
    """Whether the table is about people: it identifies them or names a customer in each row."""
    return _personal(profile, drafts) or any(one.cls in _LINK and one.confidence >= 60 for one in drafts)


_LOOKED_AT: Final = 200
_FEW: Final = 20


def told(profile: TableProfile, drafts: Sequence[Draft]) -> list[Draft] | None:
    """The drafts of a table that nobody's header calls personal and whose text tells of people all the same; else None.

    Two cells with a number or an address that reaches one person are enough: a table about nobody goes to the buyer whole.
    """
    found = [_speaks(column) for column in profile.columns]
    if not any(found):
        return None
    return [
        replace(one, cls="text.free", confidence=80, why=(*one.why, "its text tells of people"))
        if speaks and (one.cls in {"", "text.free"} or one.cls.startswith("record."))
        else one
        for one, speaks in zip(drafts, found, strict=True)
    ]


def _speaks(column: ColumnProfile) -> bool:
    cells = sum(reaches_a_person(value) for value in column.sample[:_LOOKED_AT])
    return cells >= (1 if len(column.sample) < _FEW else 2)


def settle(profile: TableProfile, drafts: Sequence[Draft], *, linked: bool) -> list[Draft]:
    """The drafts in the light of the whole table; `linked`: its rows are about people."""
    settled = [
        _in_row(one, column) if linked else _in_catalogue(one, column)
        for one, column in zip(drafts, profile.columns, strict=True)
    ]
    if linked:
        banked = _banked(settled, profile)
        settled = [_account(one, column, banked=banked) for one, column in zip(settled, profile.columns, strict=True)]
        settled = neighbours.schooled(neighbours.studied(settled, profile), profile)
        settled = neighbours.repaired(neighbours.numbered(settled, profile), profile)
        settled = neighbours.posted(settled, profile)
        settled = neighbours.branded(neighbours.carded(settled, profile), profile)
    if linked and any(one.cls in _BOUGHT for one in settled):
        settled = [_when(one, column) for one, column in zip(settled, profile.columns, strict=True)]
    if linked:
        settled = _everyday(settled, profile)
        settled = _positions(settled, profile)
        settled = themes.among(settled, profile)
        settled = [_alike(one, column) for one, column in zip(settled, profile.columns, strict=True)]
        settled = [_remarked(one, column) for one, column in zip(settled, profile.columns, strict=True)]
    return halves.pairs(settled, profile)


# Words that tell of a lodging, an illness or a sentence beside others that do, and of a house or a job alone; and what they then are.
_EVERYDAY: Final = {
    **dict.fromkeys(("roomnumber", "roomno", "roomnum", "房间号", "房号", "fjh"), "contact.address"),
    **dict.fromkeys(("rzsj", "cxsj", "ldsj", "releasedate", "dateofrelease", "释放日期"), "record.time"),
    **dict.fromkeys(("speed", "heading", "bearing", "altitude", "accuracy", "速度", "航向", "海拔"), "record.other"),
    **dict.fromkeys(("bedid", "bedno", "bednumber", "床号", "床位号", "床位"), "record.other"),
}
_TWOFOLD: Final = frozenset(("location.trace", "person.health", "person.criminal"))
_HALF_READ: Final = 2.0


def _everyday(drafts: list[Draft], profile: TableProfile) -> list[Draft]:
    """A room, a bed or a time under two meanings is the harmless one where no other column speaks for the other."""
    alone = [_everyday_word(one, column) for one, column in zip(drafts, profile.columns, strict=True)]
    told = {one.cls for one, word in zip(drafts, alone, strict=True) if not word} | themes.named(profile)
    if told & {"person.health", "location.position"}:
        told.add("location.trace")  # where a patient lies; how somebody moved who was there
    return [
        replace(
            one,
            cls=_EVERYDAY[word],
            confidence=40,
            why=(*one.why, "nothing beside it speaks of more"),
            header=True,
            said=_HALF_READ,
        )
        if word and one.cls not in told
        else one
        for one, word in zip(drafts, alone, strict=True)
    ]


def _everyday_word(one: Draft, column: ColumnProfile) -> str:
    said = headers.judge(column.name)
    two = bool(said) and said[0].words in _EVERYDAY and one.cls in _TWOFOLD
    return said[0].words if two else ""


_BOUGHT: Final = frozenset(("trade.order_id", "trade.amount", "trade.item", "trade.payment_method", "trade.tracking"))
_WHEN: Final = frozenset(("日期", "时间", "date", "time"))


def _when(one: Draft, column: ColumnProfile) -> Draft:
    """Among purchases, a date whose name says no more than what happened (购车日期, issue_date) is the time of one."""
    said = headers.judge(column.name)
    plain = one.cls == "record.time" and said and said[0].words in _WHEN and headers.normal(column.name) not in _WHEN
    return (
        replace(one, cls="trade.time", confidence=min(one.confidence, 70), why=(*one.why, "stands among purchases"))
        if plain
        else one
    )


def _positions(drafts: list[Draft], profile: TableProfile) -> list[Draft]:
    """Two unread columns side by side that are a latitude and a longitude by their numbers."""
    found = list(drafts)
    for place, (one, other) in enumerate(itertools.pairwise(profile.columns)):
        pair = (place, place + 1)
        if all(drafts[at].cls == "record.other" and not drafts[at].header for at in pair) and _degrees(one, other):
            for at in pair:
                found[at] = Draft(
                    "location.position", 65, (*drafts[at].why, "a latitude beside a longitude"), header=False
                )
    return found


def _degrees(one: ColumnProfile, other: ColumnProfile) -> bool:
    """Numbers of four decimals and more within the bounds of the globe, and not all within those of a rate."""
    if min(one.share("degrees"), other.share("degrees")) < _MOSTLY:
        return False
    first, second = ([abs(float(value)) for value in column.sample if _DEGREES.match(value)] for column in (one, other))
    low, high = sorted((max(first, default=999.0), max(second, default=999.0)))
    return low <= _POLE and high <= _DATE_LINE and low > _RATE


_MOSTLY: Final = 0.7
_DEGREES: Final = re.compile(r"-?\d{1,3}\.\d{4,}$")
_POLE: Final = 90.0
_DATE_LINE: Final = 180.0
_RATE: Final = 2.0


def _banked(row: Sequence[Draft], profile: TableProfile) -> bool:
    """Whether a bank's name, code or balance stands in the row."""
    named = any(_BANK.search(headers.normal(column.name)) for column in profile.columns)
    return named or any(one.cls.startswith(("finance.bank", "finance.balance", "account.secret")) for one in row)


def _account(one: Draft, column: ColumnProfile, *, banked: bool) -> Draft:
    """An account of digits alone beside a bank's name, code or balance is a bank account, not a customer's number; its name is its holder's."""
    said = headers.normal(column.name)
    if banked and said == "accountname" and one.cls == "org.name" and column.wordy("han_org") < _SELDOM:
        return replace(one, cls="name.full", confidence=60, why=(*one.why, "stands beside a bank's code"))
    figures = column.share("digits") if column.told else 1.0
    if one.cls == "account.customer_id" and banked and _ACCOUNT.search(said) and figures >= _FIGURES:
        why = (*one.why, "stands beside a bank's code")
        return replace(one, cls="finance.bank_account", confidence=min(one.confidence, 75), why=why)
    return one


_SELDOM: Final = 0.2
_FIGURES: Final = 0.8
_BANK: Final = re.compile(r"bank|ifsc|routing|swift|联行|开户")
_ACCOUNT: Final = re.compile(r"account(no|num|number)?$|账号$|帐号$|账户$")


def _personal(profile: TableProfile, drafts: Sequence[Draft]) -> bool:
    strong = [one for one in drafts if one.cls in _DIRECT and one.confidence >= 70]
    called = any(
        one.cls == "name.full" and one.confidence >= 60 and (_says_person(column) or named.looks(column))
        for one, column in zip(drafts, profile.columns, strict=True)
    )
    kinds = {
        one.cls
        for one, column in zip(drafts, profile.columns, strict=True)
        if one in strong and not (one.cls == "person.health" and _measures(column))
    }
    if _BEASTS.search(profile.head.name.lower()) and not kinds & (_IDENTIFY - _OF_BEASTS):
        return False
    called = called or named.listed(profile, drafts)
    whose = any(_WHOSE_ROW.search(headers.normal(column.name)) for column in profile.columns)
    told = Counter(
        one.cls
        for one, column in zip(drafts, profile.columns, strict=True)
        if one.header and one.confidence >= _SURE and one.cls in _SENSITIVE and not _measures(column)
    )
    lent = told.total() - told["person.health"] >= _SEVERAL and bool(kinds & _OF_WHOM)
    goods = _GOODS.search(profile.head.name.lower()) and not kinds & _IDENTIFY - {"person.health"}
    if goods and not whose and not lent:
        return False  # an author, or what a medicine is for, in a catalogue makes it no file of people
    several = told["finance.income"] >= _PAID or told.total() >= _SEVERAL
    held = any(_WARDS.search(headers.normal(column.name)) for column in profile.columns)
    return called or held or bool(kinds & _IDENTIFY) or len(kinds) >= 2 or several or (whose and bool(kinds))


# What is in a book of loans beside debts, and in no catalogue of what is lent.
_OF_WHOM: Final = frozenset(("person.age", "person.gender", "person.marital_status", "person.birth_date"))
# An animal has a sex and a day of birth too; its owner identifies himself.
_BEASTS: Final = re.compile(
    r"(animal|livestock|cattle|sheep|horse|动物|牲畜|种猪|奶牛)s?(_?(info|list|records?)|信息|档案|表)?$"
)
_OF_BEASTS: Final = {"person.birth_date", "person.gender", "person.age", "person.health"}

_SURE: Final = 60
_PAID: Final = 2  # one column of wages may be a scale of pay; two and more are somebody's
_SEVERAL: Final = (
    3  # columns that are sensitive by their names are about somebody, whoever it is; where shops stand is not
)
_SENSITIVE: Final = frozenset(name for name, one in classes().items() if one.level == "sensitive") - {
    "location.position"
}


def _measures(column: ColumnProfile) -> bool:
    """Whether the header names what goods and machines have too: a weight, a height, a temperature."""
    return bool(_MEASURES.search(headers.normal(column.name)))


_MEASURES: Final = re.compile(
    r"(weight|height|width|temperature|pressure|discharge|charge|oxygen|saturation|体重|身高|温|压)[a-z]*(kgs?|mm|cm|c|f|rate)?$|^(weight|height|pain)"
)
# A number that says whose row it is, though it reaches nobody by itself.
_WHOSE_ROW: Final = re.compile(
    r"(employee|staff|worker|^work|^emp|personnel|person|user|member|student|pupil|patient|inmate|offender|child|resident|applicant|borrower|client|customer|guest|teacher|"
    r"empleado|trabajador|maestro|docente|profesor|alumno|funcionario|servidor|salarie|mitarbeiter|personal|yuangong|renyuan|jiaoshi|xuesheng)"
    r"s?(id|no|nr|num|number|nummer|code|key|uid|bianhao)$|"
    r"^(id|no|cod|codigo|matricula)(empleado|trabajador|maestro|docente|profesor|alumno|funcionario|persona|salarie)$|"
    r"^(工号|学号|员工号|员工编号|个人编号|人员编号|职工号|职工编号|教工号|住院号|就诊号|病历号|学生|员工|职工|患者|老人|会员)(id|编号)?$"
)


# Whose number this is tells enough of him: his row is about a person, though nothing else in it is.
_WARDS: Final = re.compile(
    r"(offender|inmate|prisoner|detainee|parolee|probationer|patient|refugee|defendant)[a-z]{0,8}(id|no|nr|num|number|nummer)$|"
    r"^(患者|病人|罪犯|服刑人员|在押人员|矫正对象|戒毒人员|被执行人)(id|编号|号)$"
)


_IDENTIFY: Final = frozenset((
    "contact.email", "contact.phone", "id.cn_resident", "id.passport", "id.us_ssn", "id.national_other",
    "id.driver_license", "id.travel_permit", "finance.card_number", "finance.bank_account", "person.birth_date",
    "contact.address", "contact.im", "account.password", "name.given", "name.family", "person.guardian",
    "vehicle.plate", "device.ip", "account.username", "person.gender", "person.marital_status", "person.health",
))  # fmt: skip
_PERSON_WORDS: Final = re.compile(
    r"customer|client|member|user|person|contact|employee|staff|patient|student|holder|recipient|receiver|consignee|"
    r"first|last|full|姓名|联系人|收货人|收件人|客户|会员|员工|买家|学员|患者|持卡人|业主"
)


def _says_person(column: ColumnProfile) -> bool:
    return bool(_PERSON_WORDS.search(headers.normal(column.name)))


def _in_row(one: Draft, column: ColumnProfile) -> Draft:
    if one.cls in {"", "record.none"}:
        why = (*one.why, "stands in a person's row")
        return replace(one, cls=_unknown(column), confidence=min(one.confidence, 45), why=why, header=one.header)
    return one


_TELLS: Final = (
    "name.", "contact.", "job.", *(name for name, one in classes().items() if one.level == "sensitive")
)  # fmt: skip
_UNREAD: Final = frozenset(("record.other", "record.key", "record.code"))
_ALIKE: Final = 0.6


def _alike(one: Draft, column: ColumnProfile) -> Draft:
    """A column that nobody could read and whose name is like those of names, ways to reach somebody, work or a sensitive class."""
    if one.said or one.header or one.cls not in _UNREAD:
        return one
    cls, share = likeness.best(column.name)
    if share < _ALIKE or not cls.startswith(_TELLS) or not evidence.fits(cls, column) or not _believed(cls, column):
        return one
    return replace(one, cls=cls, confidence=40, why=(*one.why, "its name is like words of this class"))


def _remarked(one: Draft, column: ColumnProfile) -> Draft:
    """What nobody could read and holds words put together is text, in which more may be found; so is what tells of an illness or a death in one cell."""
    if one.cls != "record.other" or one.header or one.said > _HALF_READ:
        return one
    if not shapes.remarks(column) and not (column.tells and column.share("some_digit") <= _MOSTLY):
        return one
    return replace(one, cls="text.free", why=(*(why for why in one.why if why != themes.NOTHING), "short remarks"))


def _believed(cls: str, column: ColumnProfile) -> bool:
    """Whether values bear a class that the name is only like, where values of the class have a form of their own."""
    if not column.told:
        return cls not in named.NAMES
    if cls == "id.cn_resident":
        return column.share("cn_id", "cn_id15", "cn_id_masked") >= _BORNE
    if cls == "location.position":
        return column.share("degrees", "position") >= _BORNE or column.wordy("two_words") >= _BORNE
    if cls in _BEARING:
        return column.share(_BEARING[cls]) >= _BORNE
    if cls in _OPINIONS:
        return column.share("decimal", "digits") < _MOSTLY
    return cls not in named.NAMES or named.looks(column, _BORNE)


_BORNE: Final = 0.2
_BEARING: Final = {"contact.url": "url", "finance.balance": "some_digit"}
_OPINIONS: Final = frozenset(
    ("person.criminal", "person.religion", "person.politics", "person.ethnicity", "person.sexuality")
)


def _unknown(column: ColumnProfile) -> str:
    text = headers.normal(column.name)
    return "record.key" if text.endswith(("guid", "uuid")) else "record.other"


def _in_catalogue(one: Draft, column: ColumnProfile) -> Draft:
    if one.cls == "":
        return Draft("record.none", 50, (*one.why, "the table is about nobody"), header=False)
    if one.cls in _THINGS:
        cls = (
            "record.key" if one.cls == "trade.item" and _KEYED.search(headers.normal(column.name)) else _THINGS[one.cls]
        )
        return replace(one, cls=cls, confidence=70, why=(*one.why, "the table is about nobody"))
    return one
