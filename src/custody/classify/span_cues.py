r"""Words before and after a value that make it personal or nobody's, and the tests built of them (span_rules.py).

A test sees the 32 characters before a value, the value, and the 24 after it. A word that names the value must stand right
before it: between the two only a sign, 是, a bracket or the like may stand.
"""

import re
from collections.abc import Callable
from typing import Final

from custody.base.late import late
from custody.classify import check_one, checks

Test = Callable[[str, str, str], bool]

_THEN: Final = r"[\s:：#=（(“\"]*(?:号码?|号|为|是|[:：]|no\.?|number|num|nr\.?|is|was|as|:|#)*[\s:：#=（(“\"]*$"


def named(words: str) -> re.Pattern[str]:
    """The end of a text that names the value behind it by one of these words."""
    return late(rf"(?:{words}){_THEN}", re.IGNORECASE)


ORDERS: Final = late(
    r"(订单|单号|[催查退补此这该]单|运单|快递|物流|流水|编号|编码|工单|券|优惠码|批次|案号|户号|学籍号?|住院号?|门诊号?|病案号?|保单|合同|条码|货号|型号|收据|发票|票号|座位|航班|车次|"
    r"order|tracking|waybill|invoice|receipt|batch|sku|ref|reference|ticket|case|claim|mrn|trace|build|version|版本|v|no\.|#|rma|serial|s/n|(?<![a-z])sn|policy|booking|conf(?:irmation)?|isbn|ean|upc|routing)"
    r"(号码?|id|number|no|code|代?码)?\.?[\s:：#.为是]*$", re.IGNORECASE)  # fmt: skip
ID_WORD: Final = named(r"(?:身份证|证件|身份号码?|ID card|identity(?: card)?|身分证|公民身份)\S{0,4}?")
_ID_NEAR: Final = late(r"(身份证|证件|身份号)[^\d，,。;；]{0,14}(?:[（(][^）)\d]{0,8}[，,]\s?)?$")
CARD_WORD: Final = named(
    r"卡号|[银工农建交招中]行卡|(?:还款|收款|提现|扣款|绑定|代发|结算)卡|银联卡|储蓄卡|信用卡|借记卡|工资卡|邮储卡|浦发卡|card(?:\s?(?:number|no\.?))?|visa|mastercard|amex"
)
_BANK_WORD: Final = named(r"[建工农中交招]行|邮储|[\u4e00-\u9fff]{2,5}银行|信用社|农信|农商行?")
_WHOLE: Final = 16  # digits of a card of a Chinese bank, or more
ACCOUNT_WORD: Final = named(
    r"账号|账户|帐号|帐户|户头|对公户|acct\.?|a/c|account(?:\s?(?:number|no\.?))?|konto(?:nummer)?"
)
PASSPORT_WORD: Final = named(
    r"(?:护照|護照|passport|reisepass|passeport|pasaporte|passaporto|パスポート|旅券|여권)(?:[号號码碼证件]|番号|번호|\s?(?:no\.?|n[º°]|nr\.?|number|num|#|is|:))*"
)
PERMIT_WORD: Final = late(
    rf"(?:通行[证證]|回[乡鄉][证證]|台胞[证證]|港澳[证證]|permit|(?:台胞|港胞|澳胞|回乡|港澳|台湾)[^\d]{{0,12}}证件?号?){_THEN}",
    re.IGNORECASE,
)
LICENCE_WORD: Final = named(
    r"(?:驾驶证|驾照|驾证|driver'?s?’? licen[cs]e|driving licen[cs]e|(?<![a-z])licen[cs]e|(?<![a-z])DL|führerschein(?:nummer|-?nr\.?)?|permis de conduire|(?:permiso|carnet|licencia) de conducir|carteira de habilitação|(?<![a-z])cnh|patente di guida|rijbewijs|免許証|免許番号|運転免許|운전면허|駕照|駕駛執照)\S{0,3}?"
)
OTHER_ID_WORD: Final = named(
    r"national id(?:entity)?|national insurance|(?<![a-z])nhs|(?<![a-z])rut|(?<![a-z])cin|(?<![a-z])rg|cédula|cedula|personalausweis|ausweis|steuer-?id|svnr|sozialversicherung|carte d'identité|社会保障号|社保卡?号|医保卡?号|残疾人?证|居住证|在留カード|外国人登録|(?<![a-z])NI|nino|nric|(?<![a-z])hkid|aadhaar|(?<![a-z])nif|(?<![a-z])bsn|burgerservicenummer|(?<![a-z])nir|sécurité sociale|身分證|주민(?:등록)?번호|マイナンバー|個人番号|(?<![a-z])pan|curp|(?<![a-z])cpf|(?<![a-z])dni|(?<![a-z])nie|codice fiscale|"
    r"personnummer|pesel|(?<![a-z])rrn|(?<![a-z])SIN|香港身份证|澳门身份证|外国人永久居留证|永居证|军官证|士兵证|警官证"
)
BIRTH_WORD: Final = late(
    r"(生日|出生日期|出生年月日?|出生时间|出生于|出生|生于|生辰|D\.?O\.?B\.?|date of birth|birth(?:day|date)?|born(?: on)?|geboren(?: am)?|geb\.|geburtsdatum|née? le|né\(e\) le|date de naissance|nacid[oa] (?:el|en)|fecha de nacimiento|nascid[oa] (?:em|a)|data de nascimento|nat[oa] il|data di nascita|生年月日|생년월일|(?<!\w)b\.)"
    r"[\s:：,，是为（(]*(?:is|was|on|am|le|el|em|il)?[\s:：]*$|(?:生日|出生[日年月期]*)[^。；;\n]{0,24}?(?:登记|改为|应为|应该是|更正为|写成|填成|误写为?)[\s:：]*$|(?<![\u4e00-\u9fff])[男女][，,、/\s]{1,2}(?:[\u4e00-\u9fff]{1,3}族?[，,、/\s]{1,2})?$",
    re.IGNORECASE,
)
BIRTH_AFTER: Final = late(r"^\s*[）)]?\s*(出生|生(?![产活成意效日])|born)")
SSN_WORD: Final = late(
    r"(ssn|social security|社会安全号|社安号)(?:\s?(?:number|no\.?|num|码))?\S{0,3}[\s:：#]*(is|on file)?\s*$",
    re.IGNORECASE,
)
MAC_WORD: Final = named(r"(?<![a-z])mac(?:\s?(?:地址|address|addr|id))?|物理地址|网卡地址?")
IP_WORD: Final = named(r"(?<![a-z])ip(?:v6)?(?:\s?(?:地址|address|addr))?")
TAX_WORD: Final = late(r"(税号|信用代码|识别号|开票)[\s:：]*[为是]?\s*$")
VIN_WORD: Final = named(r"车架号?|车辆识别代?号?|底盘号|(?<![a-z])vin")
PLATE_WORD: Final = named(
    r"(?:licen[cs]e |number )?plates?|(?<![a-z])(?:van|car|truck|vehicle|cab|taxi|lorry)|registration|reg\.?|(?<![a-z])reg|车牌号?码?|(?:使馆|领馆)?车|kennzeichen|kfz|nummernschild|immat(?:riculation)?|plaque|matrícula|placa|targa"
)
CALL_WORD: Final = late(
    r"(?:电话|電話|携帯|号码|手機|座机|固话|宅电|总机|手机|(?<![a-z])hk|tel|phone|fax|传真|致电|拨|call|mobile|cell|text|number|reach|contact|answering|messages|whatsapp|ph|tél(?:éphone)?|portable|teléfono|tfno|móvil|celular|telefon|handy|rufnummer|telefono|cellulare)\.?\s?(?:号码?|no\.?|number|me|him|her|us|them)?\s?(?:is|at|on|to|为|是|[:：])*\s*$",
    re.IGNORECASE,
)
_CALL_AFTER: Final = late(
    r"^\s*(?:is|was|（|\()?\s*(?:his|her|my|their|the)?\s?(?:\w+ )?(?:number|phone|cell|mobile|landline|电话)",
    re.IGNORECASE,
)
_VERSION: Final = late(
    r"(v|ver|version|版本号?|build|固件|软件|系统|程序|应用|app|升级到?|更新到?|退回到?|release|firmware)[\s:：.]*$",
    re.IGNORECASE,
)
_HOTLINE: Final = late(
    r"^(95\d{3,4}|96\d{3,4}|1\d{2,4}|(?:\+?1[ .-]?)?\(?8(?:00|33|44|55|66|77|88)\)?[ .-]\d{3}[ .-]\d{4}|[48]00[- ]?\d{3,4}[- ]?\d{3,4}|[48]00[- ]?\d{7}|0(?:800|808|900)[ /-]?\d{3,4}(?:[ -]?\d{3,5})?)(?:\s?(?:转|ext\.?|x|-)\s?\d{1,6})?$"
)
_PLACES: Final = late(  # private ranges, and name servers that everybody uses
    r"^(10\.|127\.|0\.|255\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|114\.114\.11[0-9]\.11[0-9]$|208\.67\.22[02]\.22[02]$|"
    r"(8\.8\.8\.8|8\.8\.4\.4|1\.1\.1\.1|1\.0\.0\.1|223\.5\.5\.5|223\.6\.6\.6|119\.29\.29\.29|182\.254\.11[68]\.116|180\.76\.76\.76|"
    r"9\.9\.9\.9|1\.2\.4\.8|4\.2\.2\.[1-6])$)"
)
_MOBILE: Final = late(r"1[3-9]\d{9}")
_GROUPS: Final = 8
_PLATE_SIZES: Final = (7, 8)
_UNITS: Final = late(r"\s*(元|块|分钟|件|万|人|个|天|次|%|％)")
_NO_HANDLES: Final = frozenset(
    [
        "wechat",
        "weixin",
        "number",
        "account",
        "group",
        "name",
        "locked",
        "login",
        "logged",
        "from",
        "with",
        "that",
        "this",
        "said",
        "reported",
        "please",
        "email",
        "phone",
        "was",
        "has",
        "the",
        "and",
    ]
)


def always(before: str, value: str, after: str) -> bool:  # noqa: ARG001 - one signature for all tests
    """No word is needed."""
    return True


def cued(word: re.Pattern[str]) -> Test:
    """A word must name it."""
    return lambda before, value, after: bool(word.search(before))  # noqa: ARG005 - one signature for all tests


def digits(value: str) -> str:
    """The digits alone."""
    return "".join(one for one in value if one.isdigit())


_BORN_SOMEWHERE: Final = late(
    r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])\d{4}(?:19[2-9]\d|20[0-2]\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]$"
)


def resident(before: str, value: str, after: str) -> bool:  # noqa: ARG001 - one signature for all tests
    """A resident number named as one, or by its check character, or mistyped: by its place and day of birth, which few numbers have by chance."""
    if ID_WORD.search(before):
        return True
    if len(value) == 15 or ORDERS.search(before):
        return False
    banked = CARD_WORD.search(before) or ACCOUNT_WORD.search(before)
    return check_one.resident(value) or (not banked and bool(_BORN_SOMEWHERE.match(value)))


def spaced_resident(before: str, value: str, after: str) -> bool:
    """A resident number in groups: by its length and, unless it is named, its check character."""
    bare = re.sub("[ -]", "", value).upper()
    if not _BORN_SOMEWHERE.fullmatch(bare):
        return False
    return bool(ID_WORD.search(before)) or (check_one.resident(bare) and resident(before, bare, after))


def masked_resident(before: str, value: str, after: str) -> bool:  # noqa: ARG001 - one signature for all tests
    """A masked number of the usual length, or of any length where it is named."""
    if _ID_NEAR.search(before) or ID_WORD.search(before):
        return True
    return 15 <= len(value) <= 18 and not CARD_WORD.search(before)


def card(before: str, value: str, after: str) -> bool:  # noqa: ARG001 - one signature for all tests
    """A card number by its check digit, or named as one."""
    if "*" in value:
        return len(value.replace(" ", "")) >= 12
    bare = digits(value)
    if not 12 <= len(bare) <= 19:
        return False
    if CARD_WORD.search(before):
        return True
    if (
        bare.startswith("62") and len(bare) >= _WHOLE and _BANK_WORD.search(before)
    ):  # 退到建行6217…: whose check digit may be mistyped
        return True
    return len(bare) >= 14 and check_one.luhn(bare) and not ORDERS.search(before)


def account(before: str, value: str, after: str) -> bool:  # noqa: ARG001 - one signature for all tests
    """A bank account where it is named; a mobile number is an account of something else."""
    bare = digits(value)
    if (
        bare.startswith("62") and len(bare) in (16, 19) and check_one.luhn(bare)
    ):  # a card, though it is called an account
        return False
    return 8 <= len(bare) <= 30 and not _MOBILE.fullmatch(bare) and bool(ACCOUNT_WORD.search(before))


def phone(before: str, value: str, after: str) -> bool:
    """A telephone number that is no hotline, order or amount."""
    if _HOTLINE.match(value.strip()) or ORDERS.search(before[-16:]):
        return False
    if value.startswith("00") and len(digits(value)) < 11:
        return False
    return not (re.search(r"(卡号|身份证|证号)[\s:：]*$", before) or _UNITS.match(after))


def called(before: str, value: str, after: str) -> bool:
    """A short or foreign number, where a word says that one calls it."""
    return phone(before, value, after) and bool(CALL_WORD.search(before) or _CALL_AFTER.match(after))


def ip(before: str, value: str, after: str) -> bool:
    """An address on the public net that is no version."""
    return (
        not _PLACES.match(value) and not _VERSION.search(before[-12:]) and not re.match(r"\s?[版节章条款项]|/\d", after)
    )


def ip6(before: str, value: str, after: str) -> bool:  # noqa: ARG001 - one signature for all tests
    """An address of the sixth version: eight groups, or fewer around the one gap that it may have."""
    groups = [one for one in value.split(":") if one]
    whole = value.count(":") == _GROUPS - 1 and len(groups) == _GROUPS
    gap = value.count("::") == 1 and ":::" not in value and len(groups) < _GROUPS
    edged = (value[0] == ":" and value[1] != ":") or (value[-1] == ":" and value[-2] != ":")
    return (whole or (gap and not edged)) and (len(groups) > 2 or (groups != [] and bool(IP_WORD.search(before))))


def mac(before: str, value: str, after: str) -> bool:  # noqa: ARG001 - one signature for all tests
    """An address of a network card in three groups, as routers write it: with a letter, or named."""
    return any(one.isalpha() for one in value) or bool(MAC_WORD.search(before))


def iban(before: str, value: str, after: str) -> bool:  # noqa: ARG001 - one signature for all tests
    """An IBAN by its check digits."""
    return check_one.iban(re.sub("[ -]", "", value).upper())


def uscc(before: str, value: str, after: str) -> bool:  # noqa: ARG001 - one signature for all tests
    """A unified social credit code by its check character, or named as one."""
    if check_one.uscc(value.upper()):
        return not ORDERS.search(before) or bool(TAX_WORD.search(before))
    return bool(TAX_WORD.search(before))


def spaced_uscc(before: str, value: str, after: str) -> bool:  # noqa: ARG001 - one signature for all tests
    """A unified social credit code in groups: named, and its check character right."""
    bare = re.sub("[ -]", "", value)
    return bare != value and bool(TAX_WORD.search(before)) and check_one.uscc(bare)


def vin(before: str, value: str, after: str) -> bool:  # noqa: ARG001 - one signature for all tests
    """A vehicle number by its check digit, or named as one."""
    return bool(VIN_WORD.search(before)) or (
        bool(checks.vin([value])[0]) and any(one.isalpha() for one in value) and not ORDERS.search(before)
    )


def ssn(before: str, value: str, after: str) -> bool:  # noqa: ARG001 - one signature for all tests
    """A social security number that is in a range that was given out."""
    area = value[:3]
    return bool(SSN_WORD.search(before)) or (area not in {"000", "666"} and area < "900" and not ORDERS.search(before))


def birth(before: str, value: str, after: str) -> bool:  # noqa: ARG001 - one signature for all tests
    """A date of which the words say that somebody was born."""
    return bool(BIRTH_WORD.search(before) or BIRTH_AFTER.match(after))


def handle(before: str, value: str, after: str) -> bool:  # noqa: ARG001 - one signature for all tests
    """A name of an account and not a word of the sentence."""
    return value.lower().lstrip("@") not in _NO_HANDLES


def regional(before: str, value: str, after: str) -> bool:  # noqa: ARG001 - one signature for all tests
    """A Chinese plate in whatever case: five or six characters behind the letter of the town."""
    return len(re.sub(r"[·.•\- ]", "", value)) in _PLATE_SIZES


def plate(before: str, value: str, after: str) -> bool:  # noqa: ARG001 - one signature for all tests
    """A plate of another country, where it is named: letters and digits."""
    return (
        bool(PLATE_WORD.search(before)) and any(one.isdigit() for one in value) and any(one.isalpha() for one in value)
    )
