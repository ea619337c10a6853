"""Forms that only sensitive values have, looked for in a column's sample whatever its header says (spec/datamap.md §4).

Codes of illness, blood groups, findings, sentences, identity and bank codes of other countries, digests, tokens, flights, bands
of income. A form needs nearly all of a sample of distinct values; a form that a shop's codes could have too needs company.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

_MOST: Final = 64
_FEW: Final = 2


@dataclass(frozen=True, slots=True)
class Mark:
    """`rule` matches whole values of `cls`; `weight` at a full share, from `least` on; `also` looks at the sample as a whole."""

    cls: str
    rule: re.Pattern[str]
    least: float
    weight: float
    words: str
    also: Callable[[Sequence[str]], object] = len


def weigh(sample: Sequence[str]) -> Iterator[tuple[str, float, str]]:
    """(class, weight, why) of each form that the sample has."""
    values = [unicodedata.normalize("NFKC", value).strip() for value in sample[:_MOST]]
    if len(values) < _FEW:
        return
    for mark in _MARKS:
        if not mark.rule.match(values[0]) and not mark.rule.match(values[1]) and not mark.rule.match(values[-1]):
            continue
        right = [value for value in values if mark.rule.match(value)]
        share = len(right) / len(values)
        if share >= mark.least and mark.also(right):
            yield mark.cls, mark.weight - 2 * (1 - share), f"{round(100 * share)} % are {mark.words}"


def _dotted(values: Sequence[str]) -> bool:
    """A third with a point, and letters of several chapters: `A12` alone is a seat too."""
    return sum("." in one for one in values) >= 0.34 * len(values) and len({one[0] for one in values}) >= _FEW


def _grouped(values: Sequence[str]) -> bool:
    """Blood groups: O or AB among them, and no other letters."""
    said = {re.sub(r"[^ABO]", "", one.upper().replace("0", "O")) for one in values}
    return bool(said & {"O", "AB"}) and len(said) >= _FEW


def _checked(
    weights: Sequence[int], value: Callable[[str], list[int]], modulus: int
) -> Callable[[Sequence[str]], bool]:
    def right(values: Sequence[str]) -> bool:
        sums = [sum(one * by for one, by in zip(value(text), weights, strict=False)) % modulus == 0 for text in values]
        return sum(sums) >= 0.7 * len(sums)

    return right


def _hong_kong(text: str) -> list[int]:
    bare = re.sub(r"[()]", "", text.upper()).rjust(9)
    return [36 if one == " " else int(one, 36) for one in bare[:-1]] + [10 if bare[-1] == "A" else int(bare[-1], 36)]


def _taiwan(text: str) -> list[int]:
    first = "ABCDEFGHJKLMNPQRSTUVXYWZIO".index(text[0].upper()) + 10
    return [first // 10, first % 10, *map(int, text[1:])]


def _placed(values: Sequence[str]) -> bool:
    """A place's letters where a bank code has them."""
    return sum(one[4:6].upper() in _ISO for one in values) >= 0.9 * len(values) and len(values) >= _FEW


def _several(values: Sequence[str]) -> bool:
    """Trains or flights of several lines, not the rooms of one house."""
    return len({one[:2] if one[1:2].isalpha() or one[:1].isdigit() else one[:1] for one in values}) >= 2 + (
        len(values) > 8
    )


def _holding(*words: str) -> Callable[[Sequence[str]], bool]:
    """Whether distinct values say it: one in four holds one of the words, two of them at least."""

    def right(values: Sequence[str]) -> bool:
        said = {one.lower() for one in values}
        held = sum(any(word in one for word in words) for one in said)
        return held >= _FEW and 4 * held >= len(said)

    return right


def _branded(values: Sequence[str]) -> bool:
    """The issuer or the word for an end is said: `x123` alone is an extension."""
    return sum(bool(re.search(r"[a-z]{2}|尾号|银联|卡", one, re.IGNORECASE)) for one in values) >= 0.5 * len(values)


def _long(values: Sequence[str]) -> bool:
    """As long as an IBAN at least, and mostly with a right length: parcel and container numbers are shorter."""
    return sum(len(one.replace(" ", "")) >= _IBAN for one in values) >= 0.9 * len(values)


_IBAN: Final = 15
_IBANS: Final = "AD|AE|AT|BE|BG|CH|CY|CZ|DE|DK|EE|ES|FI|FR|GB|GR|HR|HU|IE|IL|IS|IT|LI|LT|LU|LV|MC|MT|NL|NO|PL|PT|RO|SA|SE|SI|SK|SM|TR|UA"


def _both_sexes(values: Sequence[str]) -> bool:
    return {one.lower() for one in values} >= {"m", "f"}


_ISO: Final = frozenset(
    [
        "AD",
        "AE",
        "AR",
        "AT",
        "AU",
        "BE",
        "BG",
        "BR",
        "BY",
        "CA",
        "CH",
        "CL",
        "CN",
        "CO",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "EG",
        "ES",
        "FI",
        "FR",
        "GB",
        "GR",
        "HK",
        "HR",
        "HU",
        "ID",
        "IE",
        "IL",
        "IN",
        "IS",
        "IT",
        "JP",
        "KR",
        "KW",
        "KZ",
        "LT",
        "LU",
        "LV",
        "MA",
        "MC",
        "MO",
        "MT",
        "MX",
        "MY",
        "NG",
        "NL",
        "NO",
        "NZ",
        "PE",
        "PH",
        "PK",
        "PL",
        "PT",
        "QA",
        "RO",
        "RS",
        "RU",
        "SA",
        "SE",
        "SG",
        "SI",
        "SK",
        "TH",
        "TN",
        "TR",
        "TW",
        "UA",
        "US",
        "UY",
        "VN",
        "ZA",
    ]
)
_AIRLINES: Final = "CA|MU|CZ|HU|3U|ZH|MF|SC|FM|HO|9C|GS|KN|JD|PN|EU|G5|8L|AA|UA|DL|WN|B6|BA|AF|LH|KL|EK|QR|SQ|CX|NH|JL|KE|OZ|TK|AC|QF|VS|U2|FR|LX|OS|SK|AY|IB|TP|AZ|ET|SU|AI|6E|MH|TG|GA|VN|PR|CI|BR|EY|LA|AM|LO|NZ"
_CRIMES: Final = (
    r"theft|stealing|larceny|burglar|robber|assault|homicide|murder|manslaughter|rape\b|sexual (?:assault|abuse|offen)|kidnap|arson|fraud|forgery|embezzl|dui|dwi|driving under|"
    r"drug (?:possess|offen|traffick|deal|charge)|possession of|trespass|vandal|weapons? (?:charge|offen|possess)|shoplift|extort|blackmail|perjury|probation|stalking|domestic violence|"
    r"felony|misdemeanou?r|money launder|human traffick|disorderly conduct"
)


_ORIGINS_ONLY: Final = ("asian", "hispanic", "latin", "caucasian", "african", "mixed", "indian", "pacific", "arab", "native", "alaska", "white british", "pakistani", "bangladeshi", "caribbean", "malay", "maori", "indigenous", "european", "roma")  # fmt: skip
_ORIGINS: Final = (
    r"white|black|caucasian|asian|mixed|hispanic|latin[ox@]?|african( |-)?(american)?|afro(-| )?\w+|american indian|native american|alaska native|native hawaiian|pacific islander|middle eastern|"
    r"north african|arab(ic)?|indian|pakistani|bangladeshi|chinese|malay|filipino|japanese|korean|vietnamese|caribbean|british|irish|european|gypsy|roma|traveller|maori|indigenous|aboriginal|"
    r"torres strait islander|south asian|east asian|southeast asian|coloured|any other|background|heritage|islander"
)
_OFFENCES: Final = (
    "盗窃|诈骗|电信诈骗|网络诈骗|故意伤害|故意杀人|过失致人死亡|危险驾驶|醉驾|酒驾|醉酒驾驶|交通肇事|寻衅滋事|抢劫|抢夺|强奸|猥亵|贩毒|贩卖毒品|吸毒|容留他人吸毒|开设赌场|赌博|聚众斗殴|敲诈勒索|绑架|非法拘禁|"
    "贪污|受贿|行贿|挪用公款|职务侵占|非法吸收公众存款|集资诈骗|信用卡诈骗|合同诈骗|掩饰隐瞒犯罪所得|妨害公务|纵火|放火|走私|伪造证件|拐卖妇女儿童|涉黑|涉恶|帮信|卖淫|嫖娼|殴打他人"
)


def _m(
    cls: str, rule: str, least: float, weight: float, words: str, also: Callable[[Sequence[str]], object] = len
) -> Mark:
    return Mark(cls, re.compile(rf"(?:{rule})$", re.IGNORECASE), least, weight, words, also)


_MARKS: Final = (
    _m("person.health", r"[A-TV-Z]\d[\dA-Z](\.[\dx]\w{0,6})?(\+[A-Z]\d\d\.?\d*\*)?", 0.8, 5.6, "codes of illnesses", _dotted),
    _m("person.health", r"(A|B|AB|O|0)\s?型?(\s?[,/(]?\s?(RH|Rh)?\s?([+\-±]|\(?[+-]\)?|阳性?|阴性?|pos(itive)?|neg(ative)?)?\)?)?|不详|未知|unknown|未查", 0.9, 5.0, "blood groups", _grouped),
    _m("person.health", r"(RH|RhD?)?\s?[(（]?(阴性|阳性|弱阳性?|未检出|检出|可疑阳性|negative|positive|weakly positive|not detected|detected|reactive|non-?reactive|陰性|陽性|음성|양성)[)）]?([(（][+-]+[)）])?|未查|未做|未检测|not tested|unknown", 0.9, 4.8, "findings of tests"),
    _m("person.health", r"(?:[7-9]\d|1\d\d|2[0-4]\d)\s?/\s?(?:[3-9]\d|1[0-4]\d)(\s?mmHg)?", 0.9, 5.2, "blood pressures"),
    _m("person.health", r"(科兴|国药(?!准字|控股|集团)|北京生物|武汉生物|兰州生物|康希诺|智飞|康泰|sinovac|sinopharm|cansino|pfizer|biontech|comirnaty|moderna|spikevax|astra ?zeneca|janssen|j&j|novavax|sputnik ?v?|covishield|covaxin).{0,12}", 0.6, 4.8, "vaccines"),
    _m("person.health", r"(完全|部分|不能|基本|重度|中度|轻度)?(自理|失能|半失能|依赖|失智|半自理|介助|介护)|(轻|中|重|极重)度(失能|残疾|依赖)|能力完好|(fully |partially )?(independent|dependent)", 0.7, 4.8, "grades of care"),
    _m("person.health", r"(never|formerly|former|current|ex|non)?[ -]?(every ?day |some ?days )?smok(er|ed|es|ing)|(从不|已戒|偶尔|经常|每天)?(吸烟|抽烟|饮酒|喝酒)|不(吸烟|抽烟|饮酒|喝酒)|unknown", 0.7, 4.8, "habits of smoking or drinking"),
    _m("person.criminal", r".{1,18}罪|(判处)?(有期徒刑|拘役|管制|无期徒刑|死刑|缓刑|社区矫正|假释|行政拘留|取保候审|监视居住|免予刑事处罚).{0,14}", 0.6, 5.2, "crimes or sentences"),
    _m("person.criminal", rf".{{0,30}}\b({_CRIMES}).{{0,30}}", 0.6, 4.8, "crimes"),
    _m("finance.credit", r"正常(类|贷款)?|关注(类|贷款)?|次级(类|贷款)?|可疑(类|贷款)?|损失(类|贷款)?", 0.9, 4.8, "grades of loans", lambda values: len({one[:2] for one in values} & {"关注", "次级", "可疑", "损失"}) >= _FEW),
    _m("finance.credit", r".{0,4}(逾期|还款中|已结清|未结清|呆账|核销|展期|代偿|charged off|late \(.*\)|in grace period|fully paid|default(ed)?|delinquent|past due|current)", 0.7, 4.4, "states of debts", lambda values: any(re.search("逾期|呆账|核销|结清|late|default|charged|delinq|past due", one, re.IGNORECASE) for one in values)),
    _m("finance.income", r"(less than |under |over |below |above |more than |up to |[<>≥≤]=?\s?)?[$€£¥￥]?\s?\d[\d,.]*\s?[kw万千]?元?\s?([-~–—至到]|to|and)?\s?([$€£¥￥]?\s?\d[\d,.]*\s?[kw万千]?)?\s?(元|万|k|以上|以下|以内|\+|or more|and over)*(/月|/年|每月|per month|per year)?", 0.8, 3.4, "bands of income", lambda values: sum(bool(re.search(r"[-~–—至到]|to |less|under|over|以上|以下|以内|\+", one, re.IGNORECASE)) and bool(re.search(r"[$€£¥￥元万kK]", one)) for one in values) >= 0.7 * len(values)),
    _m("person.health", r"(足月|自然)?顺产|(急诊|择期)?剖[宫腹]产|(产钳|胎吸)?助产|早产|难产|(normal |spontaneous |assisted )?vaginal( delivery)?|(elective |emergency )?(c-?section|caesarean|cesarean)|nsvd|lscs", 0.8, 4.8, "ways of birth"),
    _m("person.health", r"治愈|痊愈|好转|未愈|无效|加重|恶化|转院|死亡|未治|康复中?|稳定|其他", 0.9, 4.6, "outcomes of treatments", _holding("治愈", "痊愈", "好转", "未愈")),
    _m("person.health", r"(特级|[一二三四ⅠⅡⅢI1-4]{1,3}级|重症|普通|特殊)护理", 0.8, 4.8, "grades of care"),
    _m("person.health", r"(.{0,16}(每[日天晚周][1-4一二两三四]次|[bt]id|q[idn]d?|必要时).{0,8})|口服|外用|含服|吸入|静[脉]?(滴注?|注射?|推注?)|肌[肉]?注射?|皮下注射?|oral(ly)?|intravenous|topical|subcutaneous|intramuscular|inhaled|p\.?o\.?|i\.?v\.?|i\.?m\.?", 0.8, 4.4, "ways to take a medicine"),
    _m("person.health", r"无症状(感染者)?|轻症?|普通型?|轻型|中型|重型|重症?|危重(症|型)?|确诊(病例)?|疑似(病例)?|密切接触者?|密接|次密接|临床诊断病例|mild|moderate|severe|critical|asymptomatic", 0.9, 4.2, "grades of an illness", _holding("症", "疑似", "密接", "密切接触", "severe", "asympt", "危重")),
    _m("person.health", r"(身体)?(健康|亚健康|良好|较好|一般|较差|很差|差|体弱(多病)?|虚弱|患病|慢性病|患有?(大病|慢性病|长期慢性病)|残疾|有疾病|无疾病|大病)", 0.9, 4.2, "states of health", _holding("健康", "体弱", "患", "残疾", "病")),
    _m("person.ethnicity", rf"(non[- ]?hispanic )?({_ORIGINS})([ /,(-]+(or |and )?({_ORIGINS}))*\)?|two or more( races)?|multi-?racial|other( race| ethnic group)?|unknown", 0.8, 4.6, "origins", _holding(*_ORIGINS_ONLY)),
    _m("person.ethnicity", r"SC|ST|OBC([- ](A|B|NCL|CL))?|BC(-[A-E])?|MBC|EWS|General|Gen|UR|NT(-[A-D])?|SBC|VJ", 0.9, 4.6, "castes of a register", _holding("sc", "st", "obc")),
    _m("person.religion", r"(roman |greek |russian |eastern |united )?(catholic(ism)?|protestant|anglican|church of england|baptist|methodist|presbyterian|lutheran|pentecostal|evangelical|orthodox|adventist|mormon|lds|christian(ity)?|islam(ic)?|muslim|sunni|shia|hindu(ism)?|buddhis[mt]|jewish|judaism|jain(ism)?|sikh(ism)?|taoist|atheist|agnostic|pagan|bahai|jehovah'?s witness(es)?)|none|no religion|other|unknown", 0.8, 4.6, "faiths", _holding("catholic", "baptist", "methodist", "muslim", "islam", "hindu", "buddhis", "christian", "jewish", "lutheran", "anglican", "sikh")),
    _m("person.religion", r"(信仰|信奉|信)?(佛教?|道教?|基督教?|天主教?|伊斯兰教?|东正教?|回教|民间信仰|藏传佛教|喇嘛教)(徒)?|不信教|无(宗教)?信仰|无神论|未信教|无|其他", 0.9, 4.6, "faiths", _holding("佛", "基督", "天主", "伊斯兰", "不信教", "宗教信仰")),
    _m("person.politics", r"(the )?(republican|democrat(ic)?|libertarian|green|independent|unaffiliated|no party( preference| affiliation)?|non-?partisan|constitution|working families|conservative|labou?r|liberal( democrats?)?|reform|other|none)( party)?", 0.9, 4.6, "parties", _holding("republican", "democrat", "labour", "conservative")),
    _m("person.politics", r"REP?|DEM?|IND|LIB|LBT|GRE?|GRN|UNA|UAF|NPA|NPP|NON|CON|CST|OTH|U|I|N", 0.95, 4.4, "parties in short", lambda values: {one.upper()[:1] for one in values} >= {"R", "D"} and any(len(one) > 2 for one in values)),
    _m("person.politics", r"(中国)?(中共|共产党)?(正式|预备|流动)?党员|(共青)?团员|群众|入党积极分子|(党员)?发展对象|(民[革盟建进]|九三学社|农工党|致公党|台盟)(社员|党员|盟员|会员|成员)?|无党派(民主)?人士?|少先队员", 0.9, 4.8, "what parties call their own", _holding("党", "团员")),
    _m("person.criminal", rf"({_OFFENCES})([、,，;；/ ]({_OFFENCES}))*(案|罪)?", 0.6, 4.8, "crimes"),
    _m("person.criminal", r"在押|已?释放|服刑中?|取保候审|监视居住|刑满释放|假释|缓刑|暂予监外执行|在逃|已抓获|批准?逮捕|刑事拘留|行政拘留|社区矫正|解除矫正|收监|in custody|released( on (bail|bond|recognizance))?|paroled|on parole|incarcerated|absconded|awaiting trial|sentenced", 0.9, 4.8, "states of custody", _holding("押", "释", "刑", "保候审", "逃", "拘", "矫正", "custody", "parole", "incarcerated", "sentenced")),
    _m("finance.credit", r"(逾期|拖欠|欠款|欠费).{0,8}|正常还款|按时还款|(已|未|提前)(结清|还清)|还款中|待还款|催收中?|坏账|呆账|核销|展期|代偿", 0.7, 4.6, "states of debts", _holding("逾期", "拖欠", "欠", "结清", "还清", "还款", "坏账", "催收")),
    _m("finance.credit", r"(个人|住房|商业|按揭|抵押|质押|信用|消费|经营|助学|公积金|汽车|装修|小额|联保|扶贫|保证|担保|农户|组合|流动资金|生源地){1,3}(性)?(贷款?|借款)|(房|车|学|网|消费|经营|信用|抵押|装修)贷", 0.8, 4.4, "kinds of loans"),
    _m("finance.credit", r"等额本[息金]|先息后本|到期(一次性)?还本(付息)?|按[月季年]付息.{0,8}|利随本清|一次性还本付息|等本等息", 0.8, 4.4, "ways to repay"),
    _m("finance.credit", r"debt[_ ]consolidation|credit[_ ]card( refinancing)?|home[_ ]improvement|major[_ ]purchase|small[_ ]business|medical( expenses)?|car|vacation|moving|wedding|house|educational?|renewable[_ ]energy|other|venture|personal|home ?buying|(student|auto|mortgage|payday|credit-builder|personal|home equity) loan", 0.9, 4.6, "what loans are for", _holding("consolidation", "loan")),
    _m("finance.income", r"(城市|农村|城镇)?(低保|五保|特困|贫困|脱贫|低收入|困难|建档立卡|一般农?)(边缘)?(供养)?(贫困)?(家庭|户|人员|人口|对象|生|职工)|一般户|非贫困户|非低保户|边缘(易致贫)?户|突发严重困难户|监测(对象|户)|已脱贫(户)?|未脱贫(户)?|脱贫不稳定户", 0.8, 4.6, "kinds of poor households", _holding("低保", "五保", "特困", "贫", "困难", "低收入", "建档立卡")),
    _m("finance.income", r"[<>≤≥]=?\s?\d+\s?k", 0.9, 4.4, "bands of income"),
    _m("finance.income", r"工资性?(收入)?|(家庭)?经营性?(收入)|财产性(收入)|转移性(收入)|务工(收入)?|外出务工|务农|种植业?|养殖业?|退休金|养老金|低保金?|经商|打工|子女(赡养|供养)|salary|wages?|self[- ]employ(ed|ment)|pension|social security|ssi|ssdi|tanf|unemployment( benefits?)?|child support|disability benefits?|no income|none", 0.9, 4.2, "sources of income", _holding("收入", "养老金", "退休金", "低保", "务工", "pension", "ssi", "social security", "child support")),
    _m("id.national_other", r"[A-Z]{1,2}\d{6}\([\dA]\)", 0.7, 7.0, "identity numbers of Hong Kong"),
    _m("id.national_other", r"[A-Z]{1,2}\d{6}[\dA]", 0.9, 6.0, "identity numbers of Hong Kong", _checked((9, 8, 7, 6, 5, 4, 3, 2, 1), _hong_kong, 11)),
    _m("id.national_other", r"[A-Z][1289]\d{8}", 0.9, 6.5, "identity numbers of Taiwan", _checked((1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1), _taiwan, 10)),
    _m("id.national_other", r"[157]\d{6}\(\d\)", 0.9, 6.0, "identity numbers of Macao"),
    _m("id.national_other", r"\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])-[1-8*][\d*]{6}", 0.8, 7.0, "resident registration numbers of Korea"),
    _m("id.national_other", r"\d{3}\.\d{3}\.\d{3}-\d{2}|[\d*]{3}\.\d{3}\.\d{3}-[\d*]{2}", 0.8, 7.0, "numbers of the form of a CPF"),
    _m("id.national_other", r"\d{1,2}\.\d{3}\.\d{3}-[\dkK]", 0.8, 6.5, "numbers of the form of a RUT"),
    _m("id.national_other", r"(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\s?(\d{2}\s?){3}[A-D]", 0.8, 6.5, "national insurance numbers"),
    _m("id.national_other", r"[A-Z]{3}[PCHFATBLJG][A-Z]\d{4}[A-Z]", 0.8, 6.5, "permanent account numbers"),
    _m("id.national_other", r"[A-Z]{4}\d{6}[HMX][A-Z]{5}[0-9A-Z]\d", 0.8, 7.0, "population numbers of Mexico"),
    _m("id.national_other", r"[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]", 0.8, 7.0, "tax codes of Italy"),
    _m("id.national_other", r"[STFGM]\d{7}[A-Z]", 0.9, 5.6, "identity numbers of Singapore"),
    _m("id.national_other", r"\d{6}-\d{2}-\d{4}", 0.9, 5.6, "identity numbers of Malaysia"),
    _m("id.driver_license", r"[A-Z9]{5}\d[0156]\d([0-2]\d|3[01])\d[A-Z9]{2}\d[A-Z]{2}", 0.8, 7.0, "driving licence numbers of Britain"),
    _m("finance.bank_account", r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?", 0.95, 5.4, "codes of banks", _placed),
    _m("finance.bank_account", r"[A-Z]{4}0[A-Z0-9]{6}", 0.95, 5.4, "codes of banks in India"),
    _m("finance.card_number", r"[2-6]\d{3}[ -]\d{4}[ -]\d{4}[ -]\d{4}([ -]\d{1,3})?", 0.8, 6.2, "numbers written as those of cards"),
    _m("finance.card_number", r"(?:visa|mc|master ?card|amex|american express|discover|jcb|银联|信用卡|借记卡|储蓄卡)?\W{0,3}(?:x{1,4}|\*{1,4}|ending( in)?|尾号)\W{0,2}\d{4}", 0.5, 4.6, "ends of card numbers", _branded),
    _m("finance.bank_account", rf"(?:{_IBANS})\d{{2}}(?: ?[A-Z0-9]{{4}}){{2,7}}(?: ?[A-Z0-9]{{1,3}})?", 0.6, 4.6, "of the form of IBANs", _long),
    _m("finance.bank_account", r"\d{2}-\d{2}-\d{2}[ /,;]+\d{6,8}", 0.6, 6.0, "sort codes with account numbers"),
    _m("person.gender", r"[mfuxo]", 0.95, 2.4, "letters for men and women", _both_sexes),
    _m("account.loyalty", r".{0,4}([年季月周次天]|半年|私教|体验|储值|会员|双人|家庭|学生|[金银铜钻]|铂金|白金|黑金)卡.{0,4}|(annual|monthly|off-peak|day|family|student|corporate|lifetime)( (pass|plan|membership|dd))?|pay ?g|payg", 0.7, 3.6, "kinds of membership", _holding("卡", "annual", "monthly", "off-peak", "lifetime")),
    _m("account.password", r"[0-9a-f]{56}|[0-9a-f]{96}|[0-9a-f]{128}", 0.8, 4.8, "password digests"),
    _m("account.password", r"\{(S?SHA\d*|S?MD5|CRYPT|PBKDF2[\w-]*|ARGON2\w*)\}.{8,}|\$(1|5|6|7|y|P|H|S|2[abxy]?|argon2\w*|scrypt|pbkdf2[\w-]*)\$.{8,}|(pbkdf2|scrypt|bcrypt|argon2\w*|sha1|sha256|md5)[_:$].{16,}|[0-9a-f]{32,64}:[\w.!@#$%^&*]{2,64}", 0.6, 6.5, "password digests"),
    _m("account.secret", r"eyJ[\w-]{8,}\.[\w-]{4,}\.?[\w-]*", 0.6, 7.5, "signed tokens"),
    _m("account.secret", r"otpauth://.+|-----BEGIN .*|(sk|pk|rk)[-_](live|test|proj)?[-_]?\w{12,}|gh[pousr]_\w{20,}|xox[abp]-.{10,}|AKIA[A-Z0-9]{16}|AIza[\w-]{30,}", 0.6, 7.5, "keys or secrets"),
    _m("person.biometric", r"\[\s*(-?\d+(\.\d+)?(e-?\d+)?\s*,\s*){31,}-?\d+(\.\d+)?(e-?\d+)?\s*\]", 0.7, 4.8, "vectors of features"),
    _m("location.trace", rf"({_AIRLINES})\s?\d{{3,4}}[A-Z]?", 0.8, 5.0, "flights", _several),
    _m("location.trace", r"[GDCZTKYSL]\d{1,4}", 0.95, 3.6, "trains", lambda values: len({one[0].upper() for one in values}) >= 3),
)  # fmt: skip
