"""Postal addresses in running text: from the first place name to the last unit, with the postcode (taxonomy.toml)."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from custody.classify import vocabulary

_HAN: Final = "\u4e00-\u9fff"
_CUES: Final = re.compile(
    r".*(?:收货地址|收件地址|联系地址|家庭住址|详细地址|通讯地址|地址|住址|寄到|寄往|寄至|送到|送至|送往|改为|改成|改到|改寄|发到|发往|搬到|搬至|家住|现住|居住在|住在|位于|"
    r"户籍|快递到|配送到|配送至|上门|到|至|住|在|为|是|于|从|去)"
)
_NUMBER: Final = r"[0-9０-９A-Za-z一二三四五六七八九十百零甲乙丙丁东西南北-]{1,8}"
_UNIT: Final = rf"{_NUMBER}(?:号楼|号院|号|弄|巷|栋|幢|单元|层|楼|室|座|房|户|组|队|区|期|门)"
_ROAD: Final = r"(?:大道|大街|路|街|巷|胡同|道|村|镇|小区|花园|家园|新村|公寓|大厦|广场|中心|苑|园|城|里|坊|湾|府|庄|社区|乡|科技园|产业园|工业区|开发区|商城|市场)"
_TAIL: Final = rf"(?:(?:[,，]?\s?{_UNIT})|[A-Za-z]{{0,10}}[{_HAN}]{{1,8}}(?={_UNIT})|(?<=[座栋幢楼])-?\d{{2,5}}|(?:\s?附近)?[{_HAN}]{{2,10}}(?:小区|花园|公寓|大厦|广场|中心|苑|家园|新村|科技园)){{0,8}}"
_CHINESE: Final = re.compile(
    rf"[{_HAN}]{{2,40}}?(?:{_ROAD}[{_HAN}0-9A-Za-z（()）-]{{0,18}}?(?={_UNIT})|(?<=[路街道巷村园苑座])(?={_UNIT})){_TAIL}"
    rf"(?:[,，\s]{{0,2}}(?:邮编[:：]?\s?)?\d{{6}}(?!\d))?"
)
_LEVELS: Final = re.compile(rf"[{_HAN}]{{1,10}}?(?:省|自治区|市|自治州|地区|盟|区|县|旗|镇|乡|街道)")
_STREETS: Final = (
    r"(?:Street|St|Road|Rd|Avenue|Ave|Boulevard|Blvd|Drive|Dr|Lane|Ln|Way|Court|Ct|Circle|Cir|Place|Pl|Square|Sq|Parkway|Pkwy|Terrace|Ter|Highway|Hwy|"
    r"Trail|Loop|Plaza|Close|Crescent|Row|Gardens|Grove|Hill|Mews|Park|Common|Commons|Crossing|Extension|Extensions|Fall|Falls|Ferry|Field|Fields|Flat|Flats|"
    r"Ford|Forest|Forge|Fork|Forks|Freeway|Garden|Gateway|Glen|Glens|Green|Greens|Groves|Harbor|Harbors|Haven|Heights|Highway|Hills|Hollow|Inlet|Island|Islands|"
    r"Junction|Key|Keys|Knoll|Knolls|Lake|Lakes|Land|Landing|Light|Lights|Lock|Locks|Lodge|Mall|Manor|Manors|Meadow|Meadows|Mill|Mills|Mission|Motorway|Mount|"
    r"Mountain|Neck|Orchard|Oval|Overpass|Parks|Parkways|Pass|Passage|Path|Pike|Pine|Pines|Plain|Plains|Point|Points|Port|Ports|Prairie|Radial|Ramp|Ranch|Rapid|"
    r"Rapids|Rest|Ridge|Ridges|River|Roads|Route|Rue|Run|Shoal|Shoals|Shore|Shores|Skyway|Spring|Springs|Spur|Spurs|Squares|Station|Stravenue|Stream|Streets|"
    r"Summit|Throughway|Trace|Track|Trafficway|Tunnel|Turnpike|Underpass|Union|Unions|Valley|Valleys|Via|Viaduct|View|Views|Village|Villages|Ville|Vista|Walk|Walks|"
    r"Wall|Ways|Well|Wells|Alley|Annex|Arcade|Bayou|Beach|Bend|Bluff|Bluffs|Bottom|Branch|Bridge|Brook|Brooks|Burg|Burgs|Bypass|Camp|Canyon|Cape|Causeway|Center|"
    r"Centers|Circles|Cliff|Cliffs|Club|Corner|Corners|Course|Courts|Cove|Coves|Creek|Crest|Crossroad|Curve|Dale|Dam|Divide|Drives|Estate|Estates|Expressway)"
)
_CAP: Final = r"[A-ZÀ-ÞŁŚŻ][\w'’.-]*"
_FLAT: Final = r"(?:,?\s*(?:Apt|Apartment|Suite|Ste|Unit|Flat|Floor|Room|#)\.?\s*#?[A-Za-z0-9-]+)"
_POST: Final = r"(?:\d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}|[A-Z]\d[A-Z]\s?\d[A-Z]\d|\d{4}\s?[A-Z]{2})"
_TOWN: Final = r"[A-ZÀ-ÞŁŚŻ][^\W\d_]*(?:['’.-][^\W\d_]+)*\.?"
_REST: Final = rf"(?:,\s*{_TOWN}(?:\s(?:of|upon|on|am|an|der|de|la|le|sur|{_TOWN}))*(?!\d)){{0,3}}(?:,?\s+[A-Z]{{2}}(?![A-Za-z0-9]))?(?:,?\s+{_POST})?"
_LATIN: Final = (
    re.compile(rf"(?<![\w-])\d{{1,6}}[A-Za-z]?,?\s+(?:(?:N|S|E|W|North|South|East|West)\.?\s+)?(?:{_CAP}\s+){{1,4}}{_STREETS}(?![a-z])\.?{_FLAT}?{_REST}"),
    re.compile(rf"(?<![\w-])\d{{1,6}}\s(?:{_CAP}\s){{1,3}}{_CAP}{_FLAT}?,\s*{_TOWN}(?:\s{_TOWN}){{0,2}},?\s+(?:[A-Z]{{2}}\s+)?\d{{5}}(?:-\d{{4}})?"),
    re.compile(rf"(?<!\w)(?:Flat|Studio|Unit|Apartment|Suite)\s\w+,?\s+(?:\d+\s+)?(?:{_CAP}\s+){{1,3}}{_TOWN}{_REST}"),
    re.compile(r"(?<!\w)(?:PSC|Unit|USNS|USS|USCGC|USNV)\s[\w ]{1,24},?\s+(?:Box \d+,?\s+)?(?:FPO|APO|DPO)\s[A-Z]{2}\s\d{5}"),
    re.compile(r"(?<!\w)(?:[A-ZÄÖÜ][\wäöüß.-]*[ -])?[A-ZÄÖÜ][\wäöüß-]*(?:straße|strasse|str\.|weg|platz|allee|gasse|ring|ufer|damm|steig)\s*\d{1,4}(?:-\d{1,4})?\s?[a-z]?(?:/\d+)?(?:,?\s+(?:D-|A-|CH-)?\d{4,5}\s+[A-ZÄÖÜ][\wäöüß-]+(?:\s(?:am|an|ob|bei|im|in der)\s[A-ZÄÖÜ]\w+)?)?"),
    re.compile(r"(?<!\w)(?:\d{1,4}(?:\s?bis|\s?ter)?,?\s+)?(?:rue|avenue|boulevard|chemin|place|quai|impasse|allée|cours)\s+(?:(?:de|du|des|la|le|les|l['’]|d['’])\s?)*[A-ZÀ-Þ][\wà-ÿ'’-]*(?:\s[A-ZÀ-Þ][\wà-ÿ'’-]*){0,3}(?:,?\s+\d{5}\s+[A-ZÀ-Þ][\wà-ÿ'’-]*(?:[ -][\wà-ÿ'’-]+){0,3})?", re.IGNORECASE),
    re.compile(r"(?<!\w)(?:Calle|C/|Avenida|Av\.|Avda\.|Plaza|Paseo|Rua|Via|Viale|Piazza)\s+(?:de\s|la\s|del\s|las\s|los\s|di\s|della\s|da\s|do\s)*[A-ZÁÉÍÓÚÑ][\wáéíóúñçãõ]*(?:\s[\wáéíóúñçãõ]+){0,3},?\s+\d{1,5}(?:\s?[A-Za-zºª]{1,2})?(?:,\s*\d{4,5}(?:-\d{3})?\s+[A-ZÁÉÍÓÚÑ]\w+)?"),
)  # fmt: skip


def find_places(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each address."""
    if not text.isascii():
        for match in _CHINESE.finditer(text):
            start = _first_place(text, match.start(), match.end())
            if start is not None:
                yield start, match.end()
    if any(one.isdigit() for one in text):
        for rule in _LATIN:
            for match in rule.finditer(text):
                if any(one.isdigit() for one in match[0]):
                    yield match.start(), match.end()


def _first_place(text: str, start: int, end: int) -> int | None:
    """Where the first place name begins: at a known province or city, else after the last word that leads to an address."""
    head = text[start:end]
    known = _known().search(head)
    if known:
        return start + known.start()
    levels = _LEVELS.search(head)
    cue = _CUES.match(head[: levels.end()] if levels else head)
    place = start + (cue.end() if cue else 0)
    if cue or levels:
        return place if end - place >= 4 else None
    before = text[max(0, start - 12) : start]
    return start if re.search(r"(?:地址|住址|寄到|送到|住)[:：\s]*$", before) else None


@cache
def _known() -> re.Pattern[str]:
    words = vocabulary.vocabulary()
    names = {
        one
        for one in words["contact.region"] | words["contact.city"]
        if len(one) >= 2 and "\u4e00" <= one[0] <= "\u9fff"
    }
    names -= {"华东", "华南", "华北", "华中", "西南", "西北", "东北", "高新区", "朝阳区"}
    return re.compile("|".join(sorted(map(re.escape, names), key=len, reverse=True)))
