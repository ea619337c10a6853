r"""Patterns of values in running text, each with what must or must not stand before it (taxonomy.toml, header).

`\b` does not work beside Chinese, so every boundary is a look-around on the characters that may belong to the value.
A check digit, or a word that names the value, makes a long number personal; a word for orders or parcels unmakes it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from custody.classify import checks
from custody.classify.patterns import PLATES

_NO_WORD: Final = r"(?<![A-Za-z0-9])"
_NO_MORE: Final = r"(?![A-Za-z0-9])"
_ORDERS: Final = re.compile(
    r"(订单|单号|[催查退补此这该]单|运单|快递|物流|流水|编号|编码|工单|券|优惠码|批次|order|tracking|waybill|invoice|batch|sku|ref|ticket|trace|build|version|版本|v|no\.|#)"
    r"(号|id|number|no|code|码)?[\s:：#.为是]*$", re.IGNORECASE)  # fmt: skip
_ID_WORD: Final = re.compile(
    r"(身份证|证件|身份号|身份号码|ID card|identity|身分证)\S{0,4}[\s:：]*[为是]?\s*$", re.IGNORECASE
)
_CARD_WORD: Final = re.compile(
    r"(卡号|银行卡|信用卡|储蓄卡|借记卡|card(\s?(number|no\.?))?|visa|mastercard)[\s:：#]*[为是]?\s*$", re.IGNORECASE
)
_ACCOUNT_WORD: Final = re.compile(
    r"(账号|账户|帐号|户头|account(\s?(number|no\.?))?)[\s:：#]*[为是]?\s*$", re.IGNORECASE
)
_PASSPORT_WORD: Final = re.compile(r"(护照|passport)\S{0,3}[\s:：#]*[为是]?\s*(no\.?|number)?\s*$", re.IGNORECASE)
_PERMIT_WORD: Final = re.compile(r"(通行证|回乡证|台胞证|permit)\S{0,3}[\s:：]*[为是]?\s*$", re.IGNORECASE)
_LICENCE_WORD: Final = re.compile(
    r"(驾驶证|驾照|driver'?s? licen[cs]e)\S{0,3}[\s:：#]*[为是]?\s*(no\.?|number)?\s*$", re.IGNORECASE
)
_BIRTH_WORD: Final = re.compile(
    r"(生日|出生日期|出生于|出生|生于|DOB|date of birth|birth(day|date)?|born( on)?)[\s:：,，是为]*(is|was|on)?\s*$",
    re.IGNORECASE,
)
_BIRTH_AFTER: Final = re.compile(r"^\s*(出生|生(?![产活成意])|born)")
_SSN_WORD: Final = re.compile(r"(ssn|social security)\S{0,8}[\s:：#]*(is|on file)?\s*$", re.IGNORECASE)
_TAX_WORD: Final = re.compile(r"(税号|信用代码|识别号|开票)[\s:：]*[为是]?\s*$")
_VERSION: Final = re.compile(
    r"(v|ver|version|版本号?|build|固件|软件|系统|程序|应用|app|升级到?|更新到?|退回到?|release|firmware)[\s:：.]*$",
    re.IGNORECASE,
)
_HOTLINE: Final = re.compile(r"^(95\d{3,4}|96\d{3,4}|1\d{2,4}|[48]00[- ]?\d{3,4}[- ]?\d{3,4}|[48]00[- ]?\d{7})$")
_PLACES: Final = re.compile(  # private ranges, and name servers that everybody uses
    r"^(10\.|127\.|0\.|255\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|114\.114\.11[0-9]\.11[0-9]$|208\.67\.22[02]\.22[02]$|"
    r"(8\.8\.8\.8|8\.8\.4\.4|1\.1\.1\.1|1\.0\.0\.1|223\.5\.5\.5|223\.6\.6\.6|119\.29\.29\.29|182\.254\.11[68]\.116|180\.76\.76\.76|"
    r"9\.9\.9\.9|1\.2\.4\.8|4\.2\.2\.[1-6])$)"
)
_DATE: Final = (
    r"(?<!\d)(?:(?:19|20)\d{2}(?:[-/.]\d{1,2}[-/.]\d{1,2}|年\d{1,2}月\d{1,2}[日号]?|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))|"
    r"\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d{2}|\d{1,2} (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,? (?:19|20)\d{2}|"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2},? (?:19|20)\d{2})(?!\d)"
)

_IBAN_PLACES: Final = frozenset(
    [
        "AD",
        "AE",
        "AL",
        "AT",
        "AZ",
        "BA",
        "BE",
        "BG",
        "BH",
        "BR",
        "BY",
        "CH",
        "CR",
        "CY",
        "CZ",
        "DE",
        "DK",
        "DO",
        "EE",
        "EG",
        "ES",
        "FI",
        "FO",
        "FR",
        "GB",
        "GE",
        "GI",
        "GL",
        "GR",
        "GT",
        "HR",
        "HU",
        "IE",
        "IL",
        "IQ",
        "IS",
        "IT",
        "JO",
        "KW",
        "KZ",
        "LB",
        "LC",
        "LI",
        "LT",
        "LU",
        "LV",
        "LY",
        "MC",
        "MD",
        "ME",
        "MK",
        "MR",
        "MT",
        "MU",
        "NL",
        "NO",
        "PK",
        "PL",
        "PS",
        "PT",
        "QA",
        "RO",
        "RS",
        "SA",
        "SC",
        "SE",
        "SI",
        "SK",
        "SM",
        "ST",
        "SV",
        "TL",
        "TN",
        "TR",
        "UA",
        "VA",
        "VG",
        "XK",
    ]
)

Test = Callable[[str, str, str], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """A class, its expression (group `v` is the value, else the whole) and a test on (before, value, after)."""

    cls: str
    expression: re.Pattern[str]
    holds: Test
    needs: str = ""


def _always(before: str, value: str, after: str) -> bool:  # noqa: ARG001 - one signature for all tests
    return True


def _digits(value: str) -> str:
    return "".join(one for one in value if one.isdigit())


def _resident(before: str, value: str, after: str) -> bool:  # noqa: ARG001 - one signature for all tests
    if "*" in value:
        return True
    if len(value) == 15:
        return bool(_ID_WORD.search(before))
    if bool(checks.resident([value])[0]):
        return not _ORDERS.search(before) or bool(_ID_WORD.search(before))
    return bool(_ID_WORD.search(before))


def _card(before: str, value: str, after: str) -> bool:  # noqa: ARG001 - one signature for all tests
    if "*" in value:
        return len(value.replace(" ", "")) >= 12
    digits = _digits(value)
    if not 13 <= len(digits) <= 19:
        return False
    if _CARD_WORD.search(before):
        return True
    return bool(checks.luhn([digits])[0]) and len(digits) >= 15 and not _ORDERS.search(before)


def _phone(before: str, value: str, after: str) -> bool:
    if _HOTLINE.match(value.strip()) or _ORDERS.search(before[-16:]):
        return False
    return not (re.search(r"(卡号|身份证|账号)[\s:：]*$", before) or re.match(r"\s*(元|块|分钟|件)", after))


def _cued(word: re.Pattern[str]) -> Test:
    return lambda before, value, after: bool(word.search(before))  # noqa: ARG005 - one signature for all tests


def _ip(before: str, value: str, after: str) -> bool:
    return not _PLACES.match(value) and not _VERSION.search(before[-12:]) and not re.match(r"(版|/\d)", after)


def _iban(before: str, value: str, after: str) -> bool:  # noqa: ARG001 - one signature for all tests
    return value[:2] in _IBAN_PLACES and bool(checks.iban([value.replace(" ", "")])[0])


def _uscc(before: str, value: str, after: str) -> bool:  # noqa: ARG001 - one signature for all tests
    if bool(checks.uscc([value])[0]):
        return not _ORDERS.search(before) or bool(_TAX_WORD.search(before))
    return bool(_TAX_WORD.search(before))


def _vin(before: str, value: str, after: str) -> bool:  # noqa: ARG001 - one signature for all tests
    named = re.search(r"(车架号|vin)[\s:：#]*[为是]?\s*$", before, re.IGNORECASE)
    return bool(named) or (
        bool(checks.vin([value])[0]) and any(one.isalpha() for one in value) and not _ORDERS.search(before)
    )


def _ssn(before: str, value: str, after: str) -> bool:  # noqa: ARG001 - one signature for all tests
    area = value[:3]
    return bool(_SSN_WORD.search(before)) or (
        area not in {"000", "666"} and area < "900" and not _ORDERS.search(before)
    )


def _birth(before: str, value: str, after: str) -> bool:  # noqa: ARG001 - one signature for all tests
    return bool(_BIRTH_WORD.search(before[-24:]) or _BIRTH_AFTER.match(after))


def _handle(before: str, value: str, after: str) -> bool:  # noqa: ARG001 - one signature for all tests
    return value.lower().lstrip("@") not in {"wechat", "weixin", "number", "account", "group"}


def _rule(cls: str, expression: str, holds: Test = _always, needs: str = "", flags: int = 0) -> Rule:
    return Rule(cls, re.compile(expression, flags), holds, needs)


_AT: Final = r"\s?(?:@|\(at\)|\[at\]|（at）| at (?=[\w-]+ ?(?:\.|\(dot\)|\[dot\])))\s?"
_DOT: Final = r"(?:\.|\s?\(dot\)\s?|\s?\[dot\]\s?)"
RULES: Final = (
    _rule("contact.url", r"(?:https?://)?(?:www\.|m\.)?(?:linkedin\.com/in|weibo\.com|facebook\.com|twitter\.com|instagram\.com|github\.com|xiaohongshu\.com/user/profile|douyin\.com/user)/[\w.%/-]*[\w-]", needs="."),
    _rule("contact.email", rf"(?<![A-Za-z0-9._%+-])[A-Za-z0-9](?:[A-Za-z0-9._%+*-]*[A-Za-z0-9_*+-])?{_AT}[A-Za-z0-9-]+(?:{_DOT}[A-Za-z0-9-]+)*{_DOT}[A-Za-z]{{2,}}(?![A-Za-z0-9])", flags=re.IGNORECASE),
    _rule("account.password", r"(?:密码|重置|口令|password|passwd|pwd|passwort|mot de passe|contraseña|senha)\s?(?:[:：是为=]|改为|改成|重置为|设为|is|was|to|set to|changed to|ist|est|es)\s*(?P<v>(?=[^\s]*[0-9!@#$%^&*_])[A-Za-z0-9!@#$%^&*_.-]{4,32})", flags=re.IGNORECASE),
    _rule("account.username", r"(?:用户名|登录名|登陆名|登录账号|会员名|账户名|淘宝ID|淘宝账号|京东账号|user ?name|login(?: name| id)?|user id)\s?[:：是为]?\s?(?P<v>[A-Za-z][A-Za-z0-9_.-]{3,30}[A-Za-z0-9])(?![A-Za-z0-9@])", _handle, flags=re.IGNORECASE),
    _rule("account.username", r"(?:账户|账号|帐号|用户)\s?[:：是为]?\s?(?P<v>[A-Za-z][A-Za-z]*[0-9_.-][A-Za-z0-9_.-]{2,30})(?![A-Za-z0-9@])", _handle),
    _rule("account.secret", r"(?:验证码|verification code|OTP)\s?[:：是为]?\s*(?P<v>\d{4,8})(?!\d)", flags=re.IGNORECASE),
    _rule("finance.bank_account", rf"{_NO_WORD}[A-Z]{{2}}\d{{2}}(?: ?[A-Z0-9]{{4}}){{2,7}}(?: ?[A-Z0-9]{{1,4}})?{_NO_MORE}", _iban),
    _rule("id.cn_resident", rf"{_NO_WORD}[1-9]\d{{5}}(?:18|19|20)\d{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{{3}}[\dXx]{_NO_MORE}", _resident),
    _rule("id.cn_resident", rf"{_NO_WORD}[1-9]\d{{2,9}}\*{{4,14}}\d{{0,4}}[\dXx]{_NO_MORE}", lambda b, v, a: 15 <= len(v) <= 18 and not _CARD_WORD.search(b), "*"),  # noqa: ARG005 - one signature
    _rule("id.cn_resident", rf"{_NO_WORD}[1-8]\d{{5}}\d{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{{3}}{_NO_MORE}", _resident),
    _rule("org.cn_uscc", rf"{_NO_WORD}[1-9ANY][1-9]\d{{6}}[0-9A-HJ-NP-RTUWXY]{{10}}{_NO_MORE}", _uscc),
    _rule("finance.card_number", r"(?<![A-Za-z0-9*-])(?:62|81|4|5[1-5]|2[2-7]|3[47]|6011|65|9)\d{1,5}(?:[ -]?\d{2,8}){2,6}(?![A-Za-z0-9*])", _card),
    _rule("finance.card_number", r"(?<![A-Za-z0-9*])\d{4,6}(?:[ -]?\*{2,6}){1,4}[ -]?\d{3,4}(?![A-Za-z0-9*])", _card, "*"),
    _rule("finance.bank_account", r"(?<![A-Za-z0-9*-])\d{8,24}(?![A-Za-z0-9*])", _cued(_ACCOUNT_WORD)),
    _rule("id.us_ssn", r"(?<![A-Za-z0-9-])[\d*]{3}-[\d*]{2}-\d{4}(?![A-Za-z0-9-])", _ssn, "-"),
    _rule("id.passport", rf"{_NO_WORD}(?:[A-Z]{{1,2}}\d{{6,8}}|(?=[A-Z0-9]*\d[A-Z0-9]*\d[A-Z0-9]*\d)[A-Z][A-Z0-9]{{7,8}}){_NO_MORE}", _cued(_PASSPORT_WORD)),
    _rule("id.travel_permit", rf"{_NO_WORD}[A-Z]?\d{{8,10}}{_NO_MORE}", _cued(_PERMIT_WORD)),
    _rule("id.driver_license", rf"{_NO_WORD}[A-Z]?\d[\dA-Z]{{6,17}}{_NO_MORE}", _cued(_LICENCE_WORD)),
    _rule("vehicle.vin", rf"{_NO_WORD}[A-HJ-NPR-Z0-9]{{17}}{_NO_MORE}", _vin),
    _rule("vehicle.plate", rf"[{PLATES}][A-Z][·.•\- ]?[A-HJ-NP-Z0-9*]{{5,6}}[学警挂]?(?![A-Za-z0-9])"),
    _rule("device.mac", r"(?<![0-9A-Fa-f:-])(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}(?![0-9A-Fa-f:-])"),
    _rule("location.position", r"(?<![\d.])-?\d{1,3}\.\d{4,}\s?[,，]\s?-?\d{1,3}\.\d{4,}(?![\d.])", needs="."),
    _rule("device.ip", r"(?<![\d.A-Za-z])(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}(?![\d.]*\d)", _ip, "."),
    _rule("device.ip", r"(?<![0-9A-Fa-f:.])(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}(?![0-9A-Fa-f:])|(?<![0-9A-Fa-f:.])(?:[0-9A-Fa-f]{1,4}:){2,6}:(?:[0-9A-Fa-f]{1,4}:){0,4}[0-9A-Fa-f]{1,4}(?![0-9A-Fa-f:])", needs=":"),
    _rule("person.birth_date", _DATE, _birth, flags=re.IGNORECASE),
    _rule("contact.im", r"(?<![A-Za-z0-9])(?:微信(?:号|名|昵称)?|微信ID|wechat(?: id)?|weixin|wx号?|vx|v信|威信|薇信)\s?(?:号|id)?\s?[:：是为叫]?\s?(?P<v>@?[A-Za-z][A-Za-z0-9_-]{4,19})(?![A-Za-z0-9_-])", _handle, flags=re.IGNORECASE),
    _rule("contact.im", r"(?:QQ号?|扣扣|企鹅号?|钉钉号?)\s?(?:号码?)?\s?[:：是为]?\s?(?P<v>[1-9]\d{4,10})(?!\d)", flags=re.IGNORECASE),
    _rule("contact.im", r"(?:telegram|whatsapp|instagram|twitter|skype|line id|line|discord|kakao|slack)\s?(?:id|handle|account|is|at)?\s?[:：]?\s?(?P<v>@[A-Za-z0-9_.]{3,30}[A-Za-z0-9_]|live:[\w.]+)", flags=re.IGNORECASE),
    _rule("contact.im", r"(?:skype|line id|telegram|discord)\s?(?:id|handle|account)?\s?(?:[:：]|is)\s?(?P<v>[A-Za-z][A-Za-z0-9_.]{3,30})", _handle, flags=re.IGNORECASE),
    _rule("contact.phone", r"(?<![\dA-Za-z*.-])(?:\+|00)(?!86)[1-9]\d{0,2}[ .-]?(?:\(\d{1,5}\)[ .-]?)?\d{1,5}(?:[ .-]?\d{2,5}){1,5}(?:\s?(?:ext\.?|x|转)\s?\d{1,6})?(?![\dA-Za-z*])", _phone),
    _rule("contact.phone", r"(?<![\dA-Za-z*+.])(?:(?:\(\+86\)|\+86|0086|86(?=[- ]?1))[- ]?)?1[3-9]\d(?:[- ]?[\d*]{4}[- ]?\d{4}|\*{4,8}\d{0,4}|[- ]?\d{3}[- ]?\d{2}[- ]?\d{3})(?![\d*])(?:(?:转|ext\.?\s?|x)\s?\d{1,6})?", _phone),
    _rule("contact.phone", r"(?<![\dA-Za-z*+.-])(?:(?:\+?86|0086)[- ]?)?(?:\(0\d{2,3}\)|（0\d{2,3}）|0\d{2,3})[- ]?[2-9]\d{2,3}[- ]?[\d*]{4}(?:\s?(?:转|分机|-|ext\.?|x)\s?\d{1,6})?(?![\d*])", _phone),
    _rule("contact.phone", r"(?<![\dA-Za-z*.+-])(?:1[ .-])?(?:\(\d{3}\)\s?|\d{3}[-. ])\d{3}[-. ]\d{4}(?:\s?(?:ext\.?|x|#)\s?\d{1,6})?(?![\dA-Za-z*-])", _phone),
    _rule("contact.phone", r"(?<![\dA-Za-z*.+/-])0[1-9](?:[ .-]\d{2}){4}(?![\d*]|[.-]\d)", _phone),
    _rule("contact.phone", r"(?<![\dA-Za-z*.+/-])0[1-9]\d{1,4}[ /-]\d{3,4}[ -]?\d{3,4}(?![\d*]|[./-]\d)(?:\s?(?:转|分机|-|ext\.?|x)\s?\d{1,6})?", _phone),
    _rule("contact.phone", r"(?:电话|座机|tel|phone|fax|传真|致电|call)\s?(?:号码|no\.?|number)?\s?[:：是为at]*\s?(?P<v>[2-9]\d{6,7}(?:-\d{1,5})?|\d{3}-\d{4}|0\d{2,4}[ /]\d{4,8})(?![\d-])", _phone, flags=re.IGNORECASE),
)  # fmt: skip
