"""Chinese postal addresses in running text: a road, an estate or a place, and the chain of numbers and houses behind it.

A number with a unit (`27号`, `3幢`, `1801室`) is where an address is recognised. To the right it goes on as long as units
and named houses follow; to the left it begins at the first place name, or after the word that leads to an address.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from custody.base.late import late
from custody.classify import vocabulary
from custody.classify.span_words import words

_HAN: Final = "\u4e00-\u9fff"
_NUMBER: Final = r"[0-9A-Za-z一二三四五六七八九十百零甲乙丙丁东西南北]{1,6}(?:[-–][0-9A-Za-z]{1,5}){0,2}(?:之(?:[一二三四五六七八九十]{1,2}|[0-9]{1,2}))?"
_UNIT: Final = (
    rf"{_NUMBER}(?:号楼|#(?:楼|栋|幢)?(?=[0-9A-Za-z一二三四五六七八九十-])|号院|号院子|支弄|弄|号(?![码线单口柜窗前后早晚中上下我他还到起缴交开生报]|之[前后])(?:仓|库|店|铺|档|门)?|栋|幢|单元|层|楼(?![道梯下层盘]|上(?!班))|室(?!内|外)|座(?!位|机)|"
    r"房(?!间|子|租|卡|型)|户(?![籍口名主])|组|队(?!长)|期(?![间待])|区|门(?![口店诊票])|铺|仓|栏|塔|馆|[Ff](?![A-Za-z]))(?:之(?:[一二三四五六七八九十]{1,2}|[0-9]{1,2}))?"
)
_UNITS: Final = late(rf"{_UNIT}|(?<=[栋幢座楼元])\d{{3,4}}(?!\d)")
_ROOM: Final = late(r"单元|室|户|(?<=[栋幢座楼])-?\d{3,4}$")
_DASHES: Final = r"(?![48]00-)(?:(?<![A-Za-z])[A-Z])?\d{1,4}(?:[-–]\d{1,4}){1,3}(?![\d年月日])"
_HOUSE: Final = (
    r"(?:大厦|广场|中心|大楼|写字楼|酒店|宾馆|饭店|医院|学校|中学|小学|大学|学院|[东西南北]?[一二三]?院|校区|公寓|花园|小区|家园|新村|苑|园区|商场|超市|市场|产业园|科技园|"
    r"工业园|创业园|基地|工厂|厂区|仓库|有限公司|公司|银行|营业厅|派出所|居委会|村委会|物业|门岗|驿站|家属院|宿舍楼?|国际|城)"
)
_BESIDE: Final = rf"(?!(?:楼下|楼上|旁边?|对面|隔壁|附近|门口|[东南西北后前]门)[{_HAN}]{{0,8}}?{_HOUSE}(?![{_HAN}A-Za-z0-9]*\d))"  # the shop downstairs is not where one lives
_NEXT: Final = late(
    rf"\s?(?:{_UNIT}|{_DASHES})|(?<=[塔座栋幢楼])\d{{1,2}}[A-Z]?(?![A-Z\d])|[,，]\s?(?={_NUMBER}(?:栋|幢|单元|室|楼|层|座)){_UNIT}|"
    rf"{_BESIDE}[A-Za-z]{{0,6}}[{_HAN}A-Za-z]{{1,14}}?{_HOUSE}(?![{_HAN}])|[A-Za-z]{{0,6}}[{_HAN}A-Za-z0-9]{{1,12}}?(?={_UNIT}|{_DASHES})|"
    rf"{_BESIDE}[A-Za-z]{{0,6}}[{_HAN}A-Za-z]{{1,14}}?{_HOUSE}|(?<=[栋幢座楼元室门号塔园苑城厦场心府庭轩邸寓区村一二三四五六七八九十])-?[A-Z]?\d{{2,5}}(?![\d年月日元个件块点:：.])|[东西南北中]户|(?<=[层楼室])[东西南北中](?![{_HAN}])"
)
_FIRST: Final = late(rf"{_UNIT}|(?<=[{_HAN}]){_DASHES}")
_ROAD: Final = (
    r"(?:大道|大街|路|街|巷|胡同|道|里|村|镇|乡|屯|庄|坊|段|公路|国道|小区|花园|家园|新村|公寓|大厦|广场|中心|苑|园|城|湾|府|郡|庭|轩|邸|社区|街道|科技园|产业园|"
    r"工业区|开发区|商城|市场|半岛|小镇|山庄|名都|豪庭|华府|嘉园|雅苑|桥)"
)
_ROADED: Final = late(
    rf"[{_HAN}]{_ROAD}(?:[东西南北中]段?|[一二三四五六七八九十]段)?(?:\d{{1,4}}$|[{_HAN}A-Za-z]{{0,6}}$)"
)
_RUN: Final = late(rf"[{_HAN}A-Za-z0-9（）()·]{{1,40}}$")
_STRONG: Final = late(r"号楼|号院|栋|幢|单元|\d室|座|弄|\d-\d+-\d|期")
_LEVELS: Final = late(rf"[{_HAN}]{{1,10}}?(?:省|自治区|市|自治州|地区|盟|区|县|旗|镇|乡|街道)")
_ROAD_ONLY: Final = late(
    rf"(?:[{_HAN}]{{2,8}}?(?:省|自治区|市|自治州|州|区|县|旗|镇|乡|街道)){{2,5}}[{_HAN}]{{1,12}}?(?:大道|大街|路|街|巷|村|小区|广场|大厦|公寓|花园|学校|医院)(?![{_HAN}]*?(?:号|弄|栋|幢))(?:(?<=村)[{_HAN}]{{1,3}}组(?![长织成{_HAN}]))?"
    rf"(?:与[{_HAN}]{{1,8}}路)?(?:交叉口|交汇处?|交界处?|路口)?(?:[向往]?[东西南北]侧?\d{{0,4}}米?)?(?:路[东西南北])?"
)
_CROSSING: Final = late(
    rf"[{_HAN}]{{1,8}}?(?:大道|大街|路|街|巷)(?:[和与跟、]|[{_HAN}]?)[{_HAN}]{{1,8}}?(?:大道|大街|路|街|巷)(?:交叉路?口|交汇处?|交界处?|交口|路口)(?:[东西南北]{{1,2}}(?:角|侧|\d{{1,4}}米))?"
    rf"(?:[{_HAN}A-Za-z0-9]{{1,12}}?(?:大厦|广场|百货|中心|商场|商城|超市|市场|酒店|宾馆|医院|银行|小区|花园|公寓|写字楼|店|城|学校|加油站|地铁站|公交站))?"
)
_CUES: Final = late(
    r".*(?:收货地址|收件地址|联系地址|家庭住址|详细地址|通讯地址|单位地址|公司地址|新地址|新址|地址|住址|寄到|寄往|寄至|寄回|寄给|送到|送至|送往|送去|改为|改成|改到|改寄|改送|应为|应该是|"
    r"发到|发往|发去|搬到|搬至|搬去|换到|换成|家住|现住|居住在|租住|住在|住|位于|坐落于?|户籍|老家在?|公司在|单位在|快递到|配送到|配送至|上门|反映|反馈|投诉|来自|前往|送达|放到|放在|(?<!解)放|搬入|入住|租了|租|暂住|借住|常住|现居|居|定居|途经|经过|地处|靠近|约在|停在|装在|装到|报修|业主群|麻烦送|麻烦寄|请送|请寄|到|至|在|为|是|于|从|去|寄|送|说|称)[:：]?"
)
_LONGEST: Final = 120  # no address is longer; a cell of units alone costs no more than its length
_POSTCODE: Final = late(r"[,，\s]{0,2}(?:邮编[:：]?\s?)?\d{6}(?!\d)")


def find_han_places(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each address, left to right, apart from each other."""
    done, found = 0, []
    for match in _FIRST.finditer(text):
        if match.start() < done:
            continue
        first = _numbered(text, match.start())
        end = _end(text, first)
        start = _start(text, done, first, text[first:end])
        if start is not None and end - start >= 4:
            found.append((start, end))
            done = end
    yield from found
    for match in (*_CROSSING.finditer(text), *_ROAD_ONLY.finditer(text)):
        start = _trimmed(text, match.start(), match.end())
        if all(match.end() <= one or start >= other for one, other in found):
            found.append((start, match.end()))
            yield start, match.end()


def _numbered(text: str, first: int) -> int:
    """Where the number begins: a side of the town (南12栋) belongs to it, unless it ends a name: 江南|12栋."""
    if text[first] not in "东西南北" or not text[first + 1].isdigit():
        return first
    return first + 1 if words(text).over(first) else first


def _end(text: str, start: int) -> int:
    first = _FIRST.match(text, start)
    end = first.end() if first else start
    while end - start < _LONGEST and (following := _NEXT.match(text, end)) and following.end() > end:
        end = following.end()
    code = _POSTCODE.match(text, end)
    return code.end() if code else end


def _start(text: str, floor: int, first: int, chain: str) -> int | None:
    """Where the address begins; None when the number has no road, estate or place before it."""
    run = _RUN.search(text, max(floor, first - 40), first)
    begin = run.start() if run else first
    head = text[begin:first]
    places = len(_LEVELS.findall(head)) + bool(_known().search(head))
    houses = len(_STRONG.findall(chain))
    if len(_UNITS.findall(chain)) >= 2 and not _ROADED.search(head) and not places:
        return (
            first if houses and _ROOM.search(chain) else None
        )  # 5号楼3单元1102: a line of an address, within an estate that both sides know
    if not (_ROADED.search(head) or (places and head) or (houses >= 2 and len(head) >= 2)):
        return None
    return _trimmed(text, begin, first)


def _trimmed(text: str, begin: int, first: int) -> int:
    """After the last word that leads to an address, or at the first known place."""
    head = text[begin:first]
    if (known := _known().search(head)) and known.end() < len(
        head
    ):  # at its end it is what the estate is called: 锦绣江南12栋
        return begin + known.start()
    levels = _LEVELS.search(head)
    if (
        levels
        and (word := words(text).ends.get(begin + levels.end()))
        and word.kind.startswith("ns")
        and word.start > begin
    ):
        return word.start  # 代缴崂山区: the segmenter knows the place by its name
    cue = _CUES.match(head[: levels.end()] if levels else head)
    return begin + (cue.end() if cue and cue.end() < len(head) else 0)


@cache
def _known() -> re.Pattern[str]:
    """Provinces and towns, with the ending of their kind where it stands."""
    words = vocabulary.vocabulary()
    names = {
        one
        for one in words["contact.region"] | words["contact.city"]
        if len(one) >= 2 and "\u4e00" <= one[0] <= "\u9fff"
    }
    names -= {"华东", "华南", "华北", "华中", "西南", "西北", "东北", "高新区", "朝阳区"}
    return late("(?:" + "|".join(sorted(map(re.escape, names), key=len, reverse=True)) + r")(?!路|大道|大街|街)")
