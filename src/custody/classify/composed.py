"""What a header made of known parts says as a whole: 意向车型, 与患者关系, 是否信教, `preferred_store`, `has_tattoos` (spec/datamap.md §4)."""

import re
from collections.abc import Callable
from typing import Final

from custody.classify import header_rules as rules
from custody.classify import lexicon
from custody.classify.taxonomy import level

Reading = tuple[str, float, str]
_LINKED: Final = 5.4
_WEIGHT: Final = 4.6
_SAID: Final = 4.4
_MAYBE: Final = 3.6
# Whether somebody may be written to, whatever noun ends the header: `Marketing contact status`, `GDPR mktg`.
_PERMITTED: Final = re.compile(
    r"^unsubscrib|^(e?mail|sms|text|phone|call|marketing|gdpr)?opt(ed)?(in|out)(status|date|flag)?$|"
    r"^(accepts?|receives?|allows?)(e?mail|sms)?(marketing|promotions?|newsletters?)$|"
    r"^(gdpr)?(marketing|mktg)(contact)?(status|consent|prefs?|preferences?|permission|ok|allowed)?$|^gdprmktg$|^(ok|okay)to(e?mail|text|call|contact)$|^(e?mail|text|sms)ok$"
)
# A balance of what buys little: 成长值余额, `points_balance`.
_POINTS: Final = re.compile(r"(成长值|积分|里程|经验值|金币|points?|miles|rewards?|loyalty)(账户)?(余额|剩余|balance)$")
# Which kind of member he is, and no number of his own: 会员级别ID.
_KINDS_OF: Final = re.compile(
    r"^(会员|客户|用户|顾客|学员)(级别|等级|类型|类别|分组|分类|标签|状态|来源)(id|编号|编码|代码)$"
)
_SAYING: Final = ((_PERMITTED, "taste.marketing"), (_POINTS, "account.loyalty"), (_KINDS_OF, "record.code"))
# All that was spent so far: 累计耗卡.
_SUMMED: Final = re.compile(
    r"^(累计|合计|总计|共计|历史累计|本年累计)(?=[\u4e00-\u9fff])(?!.*(天|次|年|人|时长|时间|积分|里程)数?$)"
)
_RELATION: Final = re.compile(r"^[与和跟同].{1,8}关系$|^.{1,6}[与和].{1,6}关系$")
_WISHED: Final = re.compile(
    r"^(意向|期望|偏好|偏爱|喜欢|喜爱|喜好|理想|心仪|关注|收藏|求职意向|希望)的?(?=[\u4e00-\u9fff]{2})(?!.*(薪|工资|收入|性别|(时间|日期|状态|来源|客户|学员|编号|金额|人)$))"
)
_WISHES: Final = frozenset(("preferred", "prefered", "prefers", "favorite", "favourite", "fav", "desired", "bevorzugte", "bevorzugter"))  # fmt: skip
_TASTE: Final = frozenset(("pref", "prefs"))
# Of what one may wish these say more: how somebody wants to be called, spoken to, reached or paid.
_MORE: Final = ("name.", "person.language", "person.gender", "contact.phone", "contact.email", "contact.im", "finance.", "trade.payment")  # fmt: skip
_ASKED: Final = re.compile(r"^(是否(为|是|有|存在|属于)?|是不是|有无|有没有|曾否)|(여부|유무|の?有無)$")
_ASKS: Final = frozenset(("is", "has", "have", "had", "was", "ever", "any"))
_TOLD: Final = ("person.health", "person.criminal", "person.politics", "person.religion", "person.ethnicity", "person.sexuality", "person.marital_status", "finance.credit", "finance.balance", "finance.income")  # fmt: skip
# Who does or suffers what the stem before tells of, and is called by his name: 乘机人, 催收员; none of them is a kind of people (残疾人).
_WHO: Final = re.compile(
    r"(?<!残疾)(?<!老年)(?<!失信)(?<!执行)(人|员|师|医生|医师|护士|师傅|司机|metrist|ologist|iatrist|therapist|hygienist|physician|midwife)$"
)
_KINDS: Final = re.compile(r"^(是否|有无)|人员$|军人$")
# What tells of no way that somebody went, though its header begins with one: 入住单号, 住宿费, 登机照片.
_FIRMER: Final = frozenset(("trade.order_id", "trade.amount", "person.photo"))
# What is paid for a treatment tells of none: 手术费, `medication_cost`.
_PAID: Final = re.compile(r"(费|费用|cost|costs|fee|fees|price)$")
# Who or what is numbered, and no patient: 诊断医生ID, 检查科室编码.
_NUMBERED: Final = re.compile(r"(医生|医师|护士|药师|科室|医院|机构|病区|药房|部门)(id|编号|编码|代码|工号)$")
# How much of what stands before: 佣金百分比, 缴费基数, 浮动工资标准.
_MEASURED: Final = re.compile(r"(?<=[\u4e00-\u9fff]{2})(百分比|占比|比例|比率|系数|标准|基数|区间|范围|档次|明细)$")
# What an employer takes off or pays in for somebody's insurance is of his pay: 医疗保险补缴, 社保单位缴费.
# How often and how long what stands before was so: 自伤次数, 戒酒天数.
_COUNTED: Final = re.compile(r"(?<=[\u4e00-\u9fff]{2})(次数|天数|年数|年限|时长|频率|频次)$")
_DIGITS: Final = frozenset(
    ("last", "first", "four", "six", "digits", "ending")
)  # `ssn_last_four`; figures are no words
_SUMS: Final = frozenset(("amount", "amt", "valor", "montant", "monto", "importe", "betrag", "sum", "total"))
_INSURED: Final = re.compile(
    r"^(基本)?(养老|医疗|失业|工伤|生育|社会|大病)(保险|险).*(缴|扣|个人|单位|金额|基数|合计|比例)|^(社保|医保|公积金).*(缴|扣|单位部分|个人部分|合计|比例)"
)
_INSURER: Final = re.compile(r"(余额|账号|账户|卡|号|时间|日期|状态|名称|类型|年限|地|单位)$")
_WORKPLACE: Final = re.compile(r"^(工作|就业|就职|任职|所在|服务)[\u4e00-\u9fff]{0,4}单位(名称|全称)?$")
_AT: Final = frozenset(("at", "upon"))
_MONEY: Final = ("finance.income", "finance.credit", "finance.balance", "trade.amount")


def readings(words: list[str], whole: str, known: Callable[[str], str]) -> list[Reading]:
    """(class, weight, what it rests on) of a header of known parts; `known`: the class of a whole known word, or none."""
    if said := _bare(words, whole, known):
        return said
    if cls := next((cls for rule, cls in _SAYING if rule.search(whole)), ""):
        return [(cls, _LINKED, whole)]
    if _RELATION.match(whole):
        return [("record.other", _WEIGHT, whole)]
    if (rest := _wished(words, whole)) and not any(known(one).startswith(_MORE) for one in (rest, *words[1:])):
        return [("taste.preference", _WEIGHT, whole)]
    return _told(words, whole, known)


def _bare(words: list[str], whole: str, known: Callable[[str], str]) -> list[Reading]:
    """A known word without what links its parts, or without how often, how much of it, or which of its digits."""
    rests = (
        (lexicon.unlinked(words), "", _LINKED),
        (_COUNTED.sub("", whole), _TOLD, _SAID),
        (cut(words), ("id.", "finance.bank", "finance.card"), _WEIGHT),
        (_summed(words), _MONEY[:3], _WEIGHT),
        (_MEASURED.sub("", whole), _MONEY, _WEIGHT),
    )
    for rest, classes, weight in rests:
        if rest not in {"", whole} and (cls := known(rest)) and cls.startswith(classes):
            return [(cls, weight, rest)]
    return []


def _told(words: list[str], whole: str, known: Callable[[str], str]) -> list[Reading]:
    if _INSURED.match(whole) and not _INSURER.search(whole):
        return [("finance.income", _SAID, whole)]
    if _WORKPLACE.match(whole):
        return [("job.employer", _WEIGHT, whole)]
    if _AT & {*words[1:-1]} and (cls := known("".join(_before(words)))):
        return [(cls, _SAID, "".join(_before(words)))]
    if (rest := _asked(words, whole)) and (cls := known(rest)).startswith(_TOLD):
        return [(cls, _SAID, rest)]
    return []


def cut(words: list[str]) -> str:
    """What some digits are of: `ssn_last_four`, `iban_ending`; empty if the header does not end so."""
    kept = len(words)
    while kept > 1 and words[kept - 1] in _DIGITS:
        kept -= 1
    return "" if kept == len(words) else "".join(words[:kept])


def _summed(words: list[str]) -> str:
    """What a sum is of, before it or behind: `vale_transporte_valor`, `montant_prime`."""
    if len(words) < 2 or not _SUMS & {words[0], words[-1]}:
        return ""
    return "".join(words[1:] if words[0] in _SUMS else words[:-1])


def _before(words: list[str]) -> list[str]:
    """What stands before the moment it is of: `days_sober_at_entry`, `weight_at_birth`."""
    return words[: next(place for place, one in enumerate(words) if place and one in _AT)]


def silent(stem: str, cls: str, words: list[str], whole: str, noun: str) -> bool:
    """Whether a stem does not stand in the header, or tells less there than the noun at its end."""
    numbers = noun == "record.key" and (
        stem in rules.WHO_OR_WHERE or bool(re.search(rf"{re.escape(stem)}[者人]", whole))
    )
    return stem not in whole or numbers or rules.buried(stem, words) or _firmer(cls, noun, whole)


def _firmer(cls: str, noun: str, whole: str) -> bool:
    if cls == "person.health" and noun in {"", "trade.amount"}:
        return bool(_PAID.search(whole))
    return (cls == "location.trace" and noun in _FIRMER) or (noun == "record.key" and bool(_NUMBERED.search(whole)))


def who(whole: str) -> list[Reading]:
    """The name of somebody, if the last characters of the header say that it may be one; the values decide."""
    match = None if _KINDS.search(whole) else _WHO.search(whole)
    return [("name.full", _MAYBE, match[1])] if match and match.start() > 1 else []


def _wished(words: list[str], whole: str) -> str:
    """What is wished for, after the word for a wish; empty if nothing is."""
    if (match := _WISHED.match(whole)) is not None:
        return whole[match.end() :]
    if len(words) > 1 and (words[0] in _WISHES or words[-1] in _TASTE):
        return "".join(words[1:] if words[0] in _WISHES else words[:-1])
    return ""


def _asked(words: list[str], whole: str) -> str:
    """What a yes or a no is asked of; empty if nothing is."""
    if _ASKED.search(whole):
        return _ASKED.sub("", whole)
    return "".join(words[1:]) if len(words) > 1 and words[0] in _ASKS else ""


def leading(words: list[str], known: Callable[[str], str]) -> list[Reading]:
    """French, Spanish, Portuguese and Italian put the noun first: `adresse postale`, `fecha de alta`, `peine de prison ferme`."""
    if _SUMMED.match("".join(words)):
        return [("trade.amount", _MAYBE, "".join(words))]
    for kept in range(len(words) - 1, 0, -1) if words[-1] not in rules.LAST else ():
        first = "".join(words[:kept])
        if len(first) >= _OPENS and (cls := known(first)) and level(cls) == "sensitive":
            return [(cls, _MAYBE, first)]
    lead = lexicon.leads().get(words[0], "")
    return [(lead, 3.0, words[0])] if lead and len(words) > 1 else []


_OPENS: Final = 6  # letters of a sensitive word that may open a header
