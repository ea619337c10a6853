"""Where people live: districts with their real administrative codes, common street names, invented house numbers."""

from dataclasses import dataclass
from random import Random
from typing import Final


@dataclass(frozen=True, slots=True)
class District:
    """`code` is the six-digit area code of GB/T 2260, `dial` the telephone area code."""

    province: str
    city: str
    name: str
    code: str
    dial: str


@dataclass(frozen=True, slots=True)
class Town:
    """A town abroad; `written` are the ways the shop's clerks wrote its country."""

    country: str
    written: tuple[str, ...]
    region: str
    city: str
    streets: tuple[str, ...]
    line: str


_ROWS: Final = """
浙江省 杭州市 西湖区 330106 0571|浙江省 杭州市 拱墅区 330105 0571|浙江省 杭州市 滨江区 330108 0571
浙江省 宁波市 海曙区 330203 0574|浙江省 温州市 鹿城区 330302 0577|上海市 上海市 浦东新区 310115 021
上海市 上海市 徐汇区 310104 021|上海市 上海市 黄浦区 310101 021|北京市 北京市 朝阳区 110105 010
北京市 北京市 海淀区 110108 010|江苏省 南京市 玄武区 320102 025|江苏省 南京市 鼓楼区 320106 025
江苏省 苏州市 姑苏区 320508 0512|广东省 广州市 天河区 440106 020|广东省 深圳市 南山区 440305 0755
广东省 深圳市 福田区 440304 0755|四川省 成都市 武侯区 510107 028|四川省 成都市 锦江区 510104 028
湖北省 武汉市 洪山区 420111 027|湖北省 武汉市 武昌区 420106 027|陕西省 西安市 雁塔区 610113 029
重庆市 重庆市 渝中区 500103 023|天津市 天津市 南开区 120104 022|山东省 青岛市 市南区 370202 0532
山东省 济南市 历下区 370102 0531|辽宁省 大连市 西岗区 210203 0411|辽宁省 沈阳市 和平区 210102 024
湖南省 长沙市 岳麓区 430104 0731|安徽省 合肥市 蜀山区 340104 0551|福建省 厦门市 思明区 350203 0592
福建省 福州市 鼓楼区 350102 0591|河南省 郑州市 金水区 410105 0371|云南省 昆明市 五华区 530102 0871
黑龙江省 哈尔滨市 道里区 230102 0451|吉林省 长春市 朝阳区 220104 0431|海南省 海口市 龙华区 460106 0898
广西壮族自治区 南宁市 青秀区 450103 0771|甘肃省 兰州市 城关区 620102 0931|新疆维吾尔自治区 乌鲁木齐市 天山区 650102 0991
"""
DISTRICTS: Final = tuple(District(*row.split()) for line in _ROWS.split("\n") for row in line.split("|") if row)
_STREETS: Final = (
    *("解放路", "人民路", "中山路", "建设路", "和平路", "文化路", "新华路", "长江路"),
    *("黄河路", "学院路", "文三路", "青年路", "光明路", "东风路", "滨河路", "朝阳路"),
)
_ESTATES: Final = (
    *("翠苑新村", "桂花园", "阳光花园", "书香苑", "清河家园"),
    *("望江府", "柳浪里", "梧桐里", "云栖小区", "金色家园"),
)

_DE: Final = ("德国", "Germany", "DE")
_FR: Final = ("法国", "France")
_US: Final = ("美国", "USA", "United States")
TOWNS: Final = (
    Town("DE", _DE, "Berlin", "Berlin", ("Lindenstraße", "Gartenweg"), "{street} {n}, 10969 Berlin"),
    Town("US", _US, "NY", "New York", ("Maple Ave", "2nd St"), "{n} {street}, Apt {m}, New York, NY 10003"),
    Town("HK", ("中国香港", "Hong Kong"), "香港", "香港", ("Queen's Road", "Nathan Road"), "Flat {m}, {n} {street}, Hong Kong"),
    Town("FR", _FR, "Île-de-France", "Paris", ("rue des Lilas", "avenue du Parc"), "{n} {street}, 75011 Paris"),
    Town("GB", ("英国", "United Kingdom", "UK"), "London", "London", ("Church Lane", "Mill Road"), "{n} {street}, London N1 9GU"),
    Town("JP", ("日本", "Japan"), "東京都", "東京", ("桜台", "本町"), "東京都新宿区{street}{m}-{n}"),
    Town("US", _US, "CA", "San Francisco", ("Oak Street", "Bay View Dr"), "{n} {street}, San Francisco, CA 94110"),
    Town("CA", ("加拿大", "Canada"), "Ontario", "Toronto", ("Elm Street", "Lakeside Rd"), "{n} {street}, Toronto ON M5V 2T6"),
    Town("AU", ("澳大利亚", "Australia"), "NSW", "Sydney", ("Wattle St", "Harbour Rd"), "{m}/{n} {street}, Sydney NSW 2000"),
    Town("DE", _DE, "Bayern", "München", ("Blumenstraße", "Am Bach"), "{street} {n}, 80331 München"),
    Town("SG", ("新加坡", "Singapore"), "Singapore", "Singapore", ("Garden Road", "Hill Street"), "{n} {street} #0{m}-11, Singapore"),
    Town("FR", _FR, "Rhône", "Lyon", ("rue de la Paix", "quai Vert"), "{n} bis, {street}, 69002 Lyon"),
)  # fmt: skip


def address(rng: Random, where: District) -> str:
    """A Chinese address down to the room."""
    room = f"{rng.randrange(1, 30)}幢{rng.randrange(1, 5)}单元{rng.randrange(1, 19)}0{rng.randrange(1, 5)}室"
    road = f"{rng.choice(_STREETS)}{rng.randrange(1, 900)}号"
    city = "" if where.city == where.province else where.city
    return f"{where.province}{city}{where.name}{road}{rng.choice(_ESTATES)}{room}"


def address_abroad(rng: Random, where: Town) -> str:
    """An address as people write it there."""
    return where.line.format(street=rng.choice(where.streets), n=rng.randrange(1, 199), m=rng.randrange(1, 9))
