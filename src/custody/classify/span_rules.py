r"""Patterns of values in running text, each with a test on what stands around it (taxonomy.toml, header; span_cues.py).

`\b` does not work beside Chinese, so every boundary is a look-around on the characters that may belong to the value.
A check digit, or a word that names the value, makes a long number personal; a word for orders or parcels unmakes it.
"""

import re
from dataclasses import dataclass
from typing import Final

from custody.base.late import late
from custody.classify import span_cues as cues
from custody.classify.patterns import PLATES

_NO_WORD: Final = r"(?<![A-Za-z0-9])"
_NO_MORE: Final = r"(?![A-Za-z0-9])"
_LATIN: Final = "A-Za-zÀ-ÖØ-öø-ž"
_MONTH: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_MONTHS: Final = (  # of German, French, Spanish, Portuguese and Italian
    r"(?:januar|februar|märz|mai|juni|juli|oktober|dezember|janvier|février|fevrier|mars|avril|juin|juillet|août|aout|septembre|octobre|novembre|décembre|decembre|enero|febrero|marzo|abril|mayo|junio|"
    r"julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre|janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|"
    r"ottobre|novembre|dicembre|april|august|september|november)"
)
_HAN_YEAR: Final = r"[一二三四五六七八九〇零]{2}(?:[一二三四五六七八九〇零]{2})?"
_HAN_MONTH: Final = r"(?:[一二三四五六七八九]|十[一二]?)月(?:[一二三]?十?[一二三四五六七八九十][日号])?"
_DATE: Final = (
    rf"(?<![一二三四五六七八九〇零])(?:{_HAN_YEAR}年{_HAN_MONTH}|(?:农历|阴历)?{_HAN_MONTH})|(?<![\d年月])(?:0?[1-9]|1[0-2])月(?:0?[1-9]|[12]\d|3[01])[日号]|"
    rf"(?<!\d)\d{{1,2}}(?:er|º|°|\.)?(?: de)? {_MONTHS},?(?: de| del)? (?:19|20)\d{{2}}(?!\d)|(?:明治|大正|昭和|平成|令和)(?:\d{{1,2}}|元)年\d{{1,2}}月\d{{1,2}}日|"
    r"(?<!\d)(?:(?:19|20)\d{2}(?:[-/.]\d{1,2}[-/.]\d{1,2}|年\d{1,2}月(?:\d{1,2}[日号]?)?|[-/.](?:0?[1-9]|1[0-2])(?![\d./-])|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))|"
    r"\d{2}年\d{1,2}月(?:\d{1,2}[日号]?)?|\d{1,2}[-/.]\d{1,2}[-/.](?:(?:19|20)\d{2}|\d{2}(?!\d))|"
    rf"\d{{1,2}}(?:st|nd|rd|th)?(?: of)?[ -]{_MONTH},?[ -](?:19|20)\d{{2}}|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? (?:19|20)\d{{2}})(?!\d)"
)
_AT: Final = (
    r"(?:\s?(?:@|\(at\)|\[at\]|\{at\}|（at）|#(?=[\w-]+\.com))\s?| at (?=[\w-]+ ?(?:\.|\(dot\)|\[dot\]| dot )))"
)
_DOT: Final = r"(?:\.|\s?(?:\(dot\)|\[dot\]|\{dot\})\s?| dot )"
_EXTENSION: Final = r"(?:\s?(?:转|分机|ext\.?|extension|x|#)\s?\d{1,6})"
_APPS: Final = r"telegram|whatsapp|instagram|insta|twitter|tiktok|skype|line id|line|discord|kakao|slack|snapchat|signal|viber|(?:her|his|my|their) handle(?: on \w+)?"


_LENGTHS: Final = (  # of the account numbers of each country, by ISO 13616
    "15 NO|16 BE|18 DK FI FO GL NL|19 MK SI|20 AT BA EE KZ LT LU XK|21 CH HR LI LV|22 BG BH CR DE GB GE IE ME RS VA|23 AE GI IL IQ TL|24 AD CZ ES MD PK RO SA SE SK TN VG|"
    "25 LY PT ST|26 IS TR|27 FR GR IT MC MR SM|28 AL AZ BY CY DO GT HU LB PL SV|29 BR EG PS QA UA|30 JO KW MU|31 MT SC|32 LC"
)


def _ibans() -> str:
    """One expression for the account numbers of all countries, each of its length, with blanks or dashes anywhere."""
    sorts = (one.split() for one in _LENGTHS.split("|"))
    return "|".join(rf"(?:{'|'.join(places)})\d{{2}}(?:[ -]?[A-Z0-9]){{{int(size) - 4}}}" for size, *places in sorts)


_IBANS: Final = _ibans()


@dataclass(frozen=True, slots=True)
class Rule:
    """A class, its expression (group `v` is the value, else the whole) and a test on (before, value, after).

    Any of `needs` must stand in the text in small letters, and so many digits or stars, else the expression is not tried.
    """

    cls: str
    expression: re.Pattern[str]
    holds: cues.Test
    needs: tuple[str, ...] = ()
    digits: int = 0

    def possible(self, low: str, digits: int) -> bool:
        """Whether a text, here in small letters, can hold such a value."""
        return digits >= self.digits and (not self.needs or any(one in low for one in self.needs))


def _rule(
    cls: str, expression: str, holds: cues.Test = cues.always, needs: str = "", digits: int = 0, flags: int = 0
) -> Rule:
    return Rule(cls, late(expression, flags), holds, tuple(needs.split("|")) if needs else (), digits)


RULES: Final = (
    _rule("contact.url", r"(?:https?://)?(?:www\.|m\.)?(?:linkedin\.com/in|weibo\.com|facebook\.com|twitter\.com|x\.com|instagram\.com|github\.com|xiaohongshu\.com/user/profile|douyin\.com/user|zhihu\.com/people)/[\w.%/-]*[\w-]", needs="."),
    _rule("contact.email", rf"(?<![{_LATIN}0-9._%+-])(?:o['’])?[{_LATIN}0-9](?:[{_LATIN}0-9._%+*-]*[{_LATIN}0-9_*+-])?{_AT}[{_LATIN}0-9-]+(?:{_DOT}[A-Za-z0-9-]+)*{_DOT}[A-Za-z]{{2,}}(?![A-Za-z0-9])", flags=re.IGNORECASE),
    _rule("finance.bank_account", rf"(?:{_NO_WORD}|(?<=iban))(?:{_IBANS}){_NO_MORE}", cues.iban, digits=2, flags=re.IGNORECASE),
    _rule("account.password", r"(?:密码|重置|口令|wi-?fi (?:pass|key)|passcode|passphrase|password|passwd|pwd|passwort|mot de passe|contraseña|senha)\s?(?:[:：是为=]|改为|改成|重置为|设为|is|was|to|set to|changed to|ist|est|es)\s*(?P<v>(?=[^\s]*[0-9!@#$%^&*_])[A-Za-z0-9!@#$%^&*_.-]{4,32})", needs="密码|重置|口令|fi|passcode|passphrase|password|passwd|pwd|passwort|passe|contraseña|senha", flags=re.IGNORECASE),
    _rule("account.password", r"(?:密码|口令)[^，。,;；\n\x21-\x7e]{0,10}(?:重置|设置?|修?改|换|更新|变更|定)[成为作]了?\s?[:：]?\s?(?P<v>(?=[\x21-\x7e]*[0-9!@#$%^&*_])[A-Za-z0-9!@#$%^&*_.+-]{4,32})", needs="密码|口令"),
    _rule("account.password", r"(?:password|passcode|(?<![a-z])(?:pwd|pw)|passwort|kennwort|contraseña|(?<![a-z])clave|senha|mot de passe|パスワード|비밀번호|密碼)[^\n.;,，。]{0,24}?(?:[:=→：]|(?<![a-z])(?:to|is|as|lautet|ist|auf|es|est|a|für|para|por)(?![a-z])|は|を|「|为|是)\s*[\"'“‘「]?(?P<v>(?=[\x21-\x7e]*\d)(?=[\x21-\x7e]*[A-Za-z])[A-Za-z0-9!@#$%^&*_+-](?:[A-Za-z0-9!@#$%^&*_.+-]{4,30}[A-Za-z0-9!@#$%^&*_+-]))(?![A-Za-z0-9@])", needs="pass|pwd|pw|kennwort|contraseña|clave|senha|パスワード|비밀번호|密碼", flags=re.IGNORECASE),
    _rule("account.password", r"(?<![a-z])(?:new|temp|temporary|initial|old) (?:pw|pwd|password|passcode|pin)\s(?P<v>(?=[\x21-\x7e]*[A-Za-z])(?=[\x21-\x7e]*\d)[A-Za-z0-9!@#$%^&*_+-]{6,32})(?![A-Za-z0-9@])", needs="pw|pass|pin", flags=re.IGNORECASE),
    _rule("account.password", r"(?:password|passcode|(?<![a-z])pwd?)(?![a-z])[^\n]{0,50}?(?<![a-z])(?:temp|temporary|new|now|it)(?: one| pw| password)?(?:'s| is|:| =) ?(?P<v>(?=[\x21-\x7e]*[A-Za-z])(?=[\x21-\x7e]*[\d!@#$%^&*])[A-Za-z0-9!@#$%^&*_+-]{6,32})(?![A-Za-z0-9@])", needs="pass|pw", flags=re.IGNORECASE),
    _rule("account.password", r"(?:密码|口令)\s?(?P<v>(?=[\x21-\x7e]*[A-Za-z])(?=[\x21-\x7e]*\d)[A-Za-z0-9!@#$%^&*_.+-]{6,32})", needs="密码|口令"),
    _rule("account.username", r"(?:用户名|登录名|登陆名|登录账号|会员名|账户名|淘宝ID|淘宝账号|京东账号|user ?name|login(?: name| id)?|user id)\s?[:：是为]?\s?(?P<v>[A-Za-z][A-Za-z0-9_.-]{3,30}[A-Za-z0-9])(?![A-Za-z0-9@])", cues.handle, needs="用户名|登录|登陆|会员名|账户名|id|账号|user|login", flags=re.IGNORECASE),
    _rule("account.username", r"(?:账户|账号|帐号|用户|(?<![A-Za-z])[Uu]ser|(?<![A-Za-z])[Aa]ccount)\s?[:：是为]?\s?(?P<v>[A-Za-z][A-Za-z]*[0-9_.-][A-Za-z0-9_.-]{0,30}[A-Za-z0-9])(?![A-Za-z0-9@])", cues.handle, needs="账户|账号|帐号|用户|user|account"),
    _rule("account.username", r"(?:password|passcode|pwd?|login|access)(?: reset)? for (?P<v>[a-z][a-z_.-]*\d[a-z0-9_.-]*[a-z0-9]|[a-z]{2,}\d)(?![\w@])", cues.handle, needs="pass|pw|login|access"),
    _rule("account.username", r"(?:used|opened|created|uploaded|edited|posted|sent) by (?P<v>[a-z]{1,3}[._][a-z]{3,20}\d{0,4})(?![\w.@])", cues.handle, needs=" by "),
    _rule("account.secret", r"(?:验证码|verification code|OTP)\s?[:：是为]?\s*(?P<v>\d{4,8})(?!\d)", needs="验证码|verification|otp", flags=re.IGNORECASE),
    _rule("id.driver_license", rf"{_NO_WORD}(?=(?:[A-Z]*\d){{4}})(?:[A-Z0-9]{{16}} \d{{2}}|[A-Z0-9]{{6,18}}){_NO_MORE}", cues.cued(cues.LICENCE_WORD), digits=4),
    _rule("id.driver_license", rf"{_NO_WORD}(?=(?:[A-Z -]*\d){{6}})[A-Z0-9]{{2,8}}(?:[ -][A-Z0-9]{{2,8}}){{1,4}}{_NO_MORE}", cues.cued(cues.LICENCE_WORD), digits=6),
    _rule("id.cn_resident", rf"{_NO_WORD}[1-9]\d{{5}}(?:18|19|20)\d{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{{3}}[\dXx]{_NO_MORE}", cues.resident, digits=5),
    _rule("id.cn_resident", r"(?<![A-Za-z0-9*+-])[1-9]\d{1,5}(?:[ -]{1,2}\d{1,8}){1,8}[ -]{0,2}[\dXx](?![A-Za-z0-9*])", cues.spaced_resident, digits=5),
    _rule("id.cn_resident", rf"{_NO_WORD}[1-9]\d{{2,9}}\*{{4,14}}\d{{0,4}}[\dXx]{_NO_MORE}", cues.masked_resident, "*", digits=5),
    _rule("id.cn_resident", rf"{_NO_WORD}[1-8]\d{{5}}\d{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{{3}}{_NO_MORE}", cues.resident, digits=5),
    _rule("org.cn_uscc", rf"{_NO_WORD}[1-9ANY][1-9]\d{{6}}[0-9A-HJ-NP-RTUWXY]{{10}}{_NO_MORE}", cues.uscc, digits=7, flags=re.IGNORECASE),
    _rule("org.cn_uscc", rf"{_NO_WORD}[1-9ANY] ?-?[1-9](?:[ -]?\d){{6}}(?:[ -]?[0-9A-HJ-NP-RTUWXY]){{10}}{_NO_MORE}", cues.spaced_uscc, digits=7),
    _rule("finance.bank_account", r"(?<![A-Za-z0-9*-])\d{2,8}(?:[ -]?\d{2,8}){1,7}(?: \d)?(?! ?\d|[A-Za-z0-9*])", cues.account, digits=8),
    _rule("finance.card_number", r"(?<![A-Za-z0-9*+-])(?:62|81|4|5[0-8]|2[2-7]|3[0-8]|6011|6[0-9]|9|1800|2131)\d{1,5}(?:[ -]?\d{2,8}){2,6}(?: \d)?(?! ?\d|[A-Za-z0-9*])", cues.card, digits=10),
    _rule("finance.card_number", r"(?<![A-Za-z0-9*+-])\d{12,19}(?![A-Za-z0-9*])", cues.cued(cues.CARD_WORD), digits=10),
    _rule("finance.card_number", r"(?<![A-Za-z0-9*])\d{4,6}(?:[ -]?\*{2,6}){1,4}[ -]?\d{3,4}(?![A-Za-z0-9*])", cues.card, "*", digits=10),
    _rule("id.us_ssn", r"(?<![A-Za-z0-9-])[\d*]{3}-[\d*]{2}-\d{4}(?![A-Za-z0-9-])", cues.ssn, "-", digits=8),
    _rule("id.us_ssn", r"(?<![A-Za-z0-9-])\d{3}[ -]?\d{2}[ -]?\d{4}(?![A-Za-z0-9-])", cues.cued(cues.SSN_WORD), digits=8),
    _rule("id.passport", rf"{_NO_WORD}(?:[A-Z]{{1,3}} ?\d{{6,8}}|[A-Z]{{1,2}} ?\d{{3,4}} ?\d{{3,4}}|\d{{2}}[A-Z]{{2}}\d{{5}}|(?=[A-Z0-9]*\d[A-Z0-9]*\d[A-Z0-9]*\d)[A-Z][A-Z0-9]{{7,8}}|\d{{8,9}}){_NO_MORE}", cues.cued(cues.PASSPORT_WORD), digits=3, flags=re.IGNORECASE),
    _rule("id.travel_permit", rf"{_NO_WORD}(?:[A-Z]?\d{{8,10}}|[A-Z]{{1,2}}\d{{7}}){_NO_MORE}", cues.cued(cues.PERMIT_WORD), digits=7, flags=re.IGNORECASE),
    _rule("id.national_other", rf"{_NO_WORD}(?!BG|GB|NK|KN|TN|NT|ZZ)(?:[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{{2}} ?\d{{2}} ?\d{{2}} ?[A-D]|QQ \d{{2}} \d{{2}} \d{{2}} [A-D]){_NO_MORE}", digits=6),
    _rule("id.national_other", rf"{_NO_WORD}[A-Z]{{1,2}}\d{{6}}[(（][0-9A][)）]", digits=6),
    _rule("id.national_other", rf"{_NO_WORD}(?=(?:[A-Z /.-]*\d){{6}})[A-Z]{{0,6}}\d(?:[ /.-]?[A-Z0-9]){{6,18}}{_NO_MORE}", cues.cued(cues.OTHER_ID_WORD), digits=6),
    _rule("vehicle.vin", rf"{_NO_WORD}[A-HJ-NPR-Z0-9]{{17}}{_NO_MORE}", cues.vin, digits=1),
    _rule("vehicle.plate", rf"[{PLATES}][A-HJ-Z][·.•\- ]?[A-HJ-NP-Z0-9*]{{5,6}}[学警挂]?(?![A-Za-z0-9])", digits=1),
    _rule("vehicle.plate", rf"[{PLATES}][A-HJ-Z][·.•\- ]?[A-HJ-NP-Z0-9]{{4}}[学警挂港澳领试超]", digits=1),
    _rule("vehicle.plate", rf"[{PLATES}](?i:[A-HJ-Z][·.•\- ]?(?=[A-Z]{{0,3}}\d)(?:[A-Z]{{0,2}}\d){{2,6}}[A-Z]?)(?![A-Za-z0-9])", cues.regional, digits=1),
    _rule("vehicle.plate", r"使\d{6}(?![\dA-Za-z])", cues.cued(cues.PLATE_WORD), needs="使", digits=1),
    _rule("vehicle.plate", rf"[{PLATES}][A-HJ-Z](?:[·.•\-][A-HJ-NP-Z0-9]{{5,6}}|[A-HJ-NP-Z0-9][·.•\-][A-HJ-NP-Z0-9]{{4,5}}|[A-HJ-NP-Z0-9]{{2}}[·.•\-][A-HJ-NP-Z0-9]{{3,4}})(?![A-Za-z0-9])", digits=1),
    _rule("vehicle.plate", rf"{_NO_WORD}(?=[A-Z -]{{0,6}}\d)[A-Z0-9]{{1,4}}[ -]?[A-Z0-9]{{1,4}}(?:[ -][A-Z0-9]{{1,4}})?{_NO_MORE}", cues.plate, digits=1),
    _rule("vehicle.plate", rf"{_NO_WORD}[A-Z]{{2}}\d{{2}} [A-Z]{{3}}{_NO_MORE}", digits=1),
    _rule("device.mac", r"(?:(?<![0-9A-Fa-f:-])|(?<=[Mm][Aa][Cc]))[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}(?![0-9A-Fa-f:-])"),
    _rule("device.mac", r"(?:(?<![0-9A-Za-z.])|(?<=[Mm][Aa][Cc]))(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4}(?![0-9A-Za-z.])", cues.mac, "."),
    _rule("device.mac", r"(?:(?<![0-9A-Za-z])|(?<=[Mm][Aa][Cc]))[0-9A-Fa-f]{12}(?![0-9A-Za-z])", cues.cued(cues.MAC_WORD), needs="mac|物理地址|网卡"),
    _rule("location.position", r"(?<![\d.])-?\d{1,3}\.\d{4,}\s?[,，]\s?-?\d{1,3}\.\d{4,}(?![\d.])", needs=".", digits=8),
    _rule("device.ip", r"(?<![\d.A-Za-z])(?:(?<![A-Za-z])[Ii][Pp])?(?P<v>(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3})(?![\d.]*\d)", cues.ip, "."),
    _rule("device.ip", r"(?<![0-9A-Fa-f:.])(?=[0-9A-Fa-f:]*:[0-9A-Fa-f:]*:)[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?![0-9A-Fa-f:.])", cues.ip6, ":"),
    _rule("person.birth_date", _DATE, cues.birth, needs="生|男|女|dob|d.o|birth|born|geb|né|nee |nac|nasc|nat|naiss|생년|b.", flags=re.IGNORECASE),
    _rule("contact.im", r"(?<![A-Za-z0-9])(?:微信(?:号|名|昵称)?|微信ID|加微|加[vV]|wechat(?: id)?|weixin|wx号?|vx|v信|威信|薇信)\s?(?:号|id)?\s?[:：是为叫]?\s?(?P<v>@?[A-Za-z][A-Za-z0-9_-]{4,19})(?![A-Za-z0-9_-])", cues.handle, needs="微信|加微|加v|we|wx|vx|v信|威信|薇信", flags=re.IGNORECASE),
    _rule("contact.im", r"(?:QQ号?|扣扣|企鹅号?|钉钉号?)\s?(?:号码?)?\s?[:：是为]?\s?(?P<v>[1-9]\d{4,10})(?!\d)", needs="qq|扣扣|企鹅|钉钉", flags=re.IGNORECASE),
    _rule("contact.im", r"(?:旺旺|抖音号?|小红书号?|快手号?|陌陌号?|微博)\s?(?:号|ID|id|名)?\s?[:：是为叫]?\s?(?P<v>[A-Za-z0-9](?=[\w-]*[\d_])[\w-]{3,24})", needs="旺旺|抖音|小红书|快手|陌陌|微博"),
    _rule("contact.im", r"(?:微信|QQ|wechat)[^\n]{2,40}?(?:换|改|改成|加|或者?|是|试|叫|发到)\s?(?P<v>[A-Za-z][A-Za-z0-9]*_[A-Za-z0-9_]{2,18})(?![\w@.-]*@)(?![A-Za-z0-9_-])", cues.handle, needs="微信|qq|wechat", flags=re.IGNORECASE),
    _rule("contact.im", rf"(?:{_APPS})\s?(?:id|handle|account|is|at)?\s?[:：]?\s?(?P<v>@[A-Za-z0-9_.]{{3,30}}[A-Za-z0-9_]|live:[\w.]*\w)", needs="@|live:", flags=re.IGNORECASE),
    _rule("contact.im", r"(?:skype|line id|telegram|discord)\s?(?:id|handle|account)?\s?(?:[:：]|is\s)\s?(?P<v>[A-Za-z][A-Za-z0-9_.]{3,30}(?:#\d{4})?)", cues.handle, needs="skype|line id|telegram|discord", flags=re.IGNORECASE),
    _rule("contact.im", r"(?:徽信|卫星号?|绿泡泡|(?<![A-Za-z])(?:tg|ig|zalo|kik|insta|snap|v)(?=\s?[:：]))\s?[:：]?\s?(?P<v>@?[A-Za-z][A-Za-z0-9_.-]{3,24}[A-Za-z0-9_])(?![A-Za-z0-9_@-])", cues.handle, needs="徽信|卫星|绿泡泡|tg|ig|zalo|kik|insta|snap|v", flags=re.IGNORECASE),
    _rule("contact.im", rf"{_NO_WORD}[A-Za-z][A-Za-z0-9_.]{{2,31}}#\d{{4}}(?!\d)", needs="#", digits=4),
    _rule("contact.phone", rf"(?<![\dA-Za-z*.-])(?:\+|00)(?!86)[1-9]\d{{0,2}}[ .-]?(?:\(\d{{1,5}}\)[ .-]?)?\d{{1,5}}(?:[ .-]?\d{{2,5}}){{1,5}}{_EXTENSION}?(?![\dA-Za-z*])", cues.phone, digits=6),
    _rule("contact.phone", rf"(?<![\dA-Za-z*+.])(?:(?:\(\+?86\)|\+86|0086|86(?=[- ]?1))[- ]?)?1[3-9]\d(?:[- ]?[\d*]{{4}}[- ]?\d{{4}}|(?P<s>[._])\d{{4}}(?P=s)\d{{4}}|\*{{4,8}}\d{{0,4}}|\d{{1,4}}\*{{4,7}}|[- ]?\d{{3}}[- ]?\d{{2}}[- ]?\d{{3}})(?![\d*]){_EXTENSION}?", cues.phone, digits=6),
    _rule("contact.phone", rf"(?<![\dA-Za-z*+.-])(?:(?:(?:\+?86|0086)[- ]?)?(?:[(（]0(?:10|2\d|[3-9]\d{{2}})[)）]|0(?:10|2\d|[3-9]\d{{2}}))|(?:\+86|0086|86(?=-))[- ]?(?:\(0\))?(?:10|2\d|[3-9]\d{{2}}))[- ]?[2-9]\d{{2,3}}[- ]?[\d*]{{4}}(?:{_EXTENSION}|-\d{{1,6}})?(?![\d*])", cues.phone, digits=6),
    _rule("contact.phone", rf"(?<![A-Za-z])(?:tel|phone|mobile|mob|cell|fax|ph)[.:]?(?P<v>(?:\+?86[- ]?)?1[3-9]\d{{9}}|0\d{{2,3}}[- ]?[2-9]\d{{6,7}})(?![\d*]){_EXTENSION}?", cues.phone, needs="tel|ph|mob|cell|fax", digits=6, flags=re.IGNORECASE),
    _rule("contact.phone", r"(?<![一二三四五六七八九零〇幺两\d])[一幺][三四五六七八九](?:[ -]?[一二三四五六七八九零〇幺]){9}(?![一二三四五六七八九零〇幺十百千万])"),
    _rule("contact.phone", r"(?<![\dA-Za-z*+.-])1[ -]?[3-9](?:[ -]?\d){9}(?![ -]?\d)", cues.called, digits=6),
    _rule("contact.phone", rf"(?<![\dA-Za-z*.+-])(?:1[ .-])?(?:\(\d{{3}}\)\s?|\d{{3}}[-. ])\d{{3}}[-. ]\d{{4}}{_EXTENSION}?(?![\dA-Za-z*-])", cues.phone, digits=6),
    _rule("contact.phone", r"(?<![\dA-Za-z*.+/-])0[1-9](?:[ .-]\d{2}){4}(?![\d*]|[.-]\d)", cues.phone, digits=6),
    _rule("contact.phone", r"(?<![\dA-Za-z*.+/-])0[1-9]\d{0,3}-\d{2,4}-\d{4}(?![\d*]|[./-]\d)", cues.phone, digits=6),
    _rule("contact.phone", rf"(?<![\dA-Za-z*.+/-])(?<!\d )0[1-9]\d{{1,4}}[ /-]\d{{3,4}}[ -]?\d{{3,4}}(?![\d*]|[./-]\d)(?:{_EXTENSION}|-\d{{1,6}})?", cues.phone, digits=6),
    _rule("contact.phone", rf"(?<![\dA-Za-z*.+/-])(?<!\d\d\d )(?:[2-9]\d{{6,7}}(?:-\d{{1,5}})?|\d{{3}}-\d{{4}}|0\d{{2,4}}[ /]\d{{4,8}}|\d{{2,4}}(?:[ .-]\d{{2,4}}){{2,4}}|[1-9]\d{{8,9}}){_EXTENSION}?(?![\dA-Za-z*]|[./-]\d)", cues.called, digits=6),
)  # fmt: skip
