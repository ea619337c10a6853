"""People's names. Put together from common surnames and given-name characters; no list of real people is used."""

from random import Random
from typing import Final

_SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金"
    "石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_DOUBLE: Final = ("欧阳", "司马", "上官", "诸葛", "皇甫", "令狐")
_MALE: Final = "伟强磊军洋勇杰涛明超平刚辉鹏飞波斌宇浩凯健俊帆鑫旭宁龙林建国志文博轩睿航晨哲毅然子豪天佑一鸣思远嘉树"
_FEMALE: Final = "芳娜敏静丽艳娟霞燕玲婷雪慧莹倩颖洁琳佳怡欣雅梦瑶萍红英梅兰玉思语诗涵梓萱若曦可馨晓彤书瑜清月安琪悦"
_RARE: Final = ("䶮", "𠮷", "㛃")
"""Outside GBK: 䶮 has two bytes in GB 18030-2005, 㛃 and 𠮷 have four."""

_GIVEN: Final = {
    "DE": ("Anna Lena Jonas Lukas Greta Felix Jürgen Käthe Sören Mia", "Müller Schmidt Weber Krüger Schäfer Voß"),
    "FR": ("Camille Léa Hugo Chloé Théo Élise Jules Manon Noé Inès", "Martin Lefèvre Dubois Moreau Garçon Béranger"),
    "GB": ("Oliver Amelia Harry Isla George Poppy Alfie Grace Nigel Fiona", "Smith Jones O'Neill Taylor Hughes Reed"),
    "US": ("Emma Liam Ava Noah Mason Ella Logan Chloe Ethan Grace", "Johnson Miller Davis Wilson Lopez Baker Hill"),
    "JP": ("さくら 陽菜 蓮 大翔 美咲 健太 葵 直樹", "佐藤 鈴木 高橋 田中 渡辺 伊藤 山本 中村"),
    "HK": ("Ka Ming;Wing Yan;Chi Keung;Mei Ling;Siu Fong;Tsz Hin", "Chan Wong Lee Cheung Lau Ng Ho Leung"),
    "CA": ("Sophie Owen Zoë Nathan Maya Tyler", "Tremblay Roy Campbell MacDonald Gagné Fraser"),
    "AU": ("Matilda Jack Ruby Cooper Ivy Lachlan", "Nguyen Kelly Murphy Ryan Harris Cook"),
    "SG": ("Wei Ling;Jun Hao;Hui Min;Kok Leong;Siti;Priya", "Tan Lim Goh Teo Koh Ong"),
}  # fmt: skip
_LISTS: Final = {
    country: (tuple(given.split(";") if ";" in given else given.split()), tuple(family.split()))
    for country, (given, family) in _GIVEN.items()
}


def chinese(rng: Random, *, male: bool) -> str:
    """Surname and one or two characters."""
    family = rng.choice(_DOUBLE) if rng.randrange(100) == 0 else rng.choice(_SURNAMES)
    letters = _MALE if male else _FEMALE
    return family + "".join(rng.choice(letters) for _ in range(1 if rng.randrange(4) == 0 else 2))


def rare(rng: Random, rank: int, *, male: bool) -> str:
    """A name with a character that GBK lacks; the characters take turns."""
    return rng.choice(_SURNAMES) + rng.choice(_MALE if male else _FEMALE) + _RARE[rank % len(_RARE)]


def foreign(rng: Random, country: str) -> str:
    """Given name first, but in Japan."""
    given, family = _LISTS.get(country, _LISTS["US"])
    if country == "JP":
        return f"{rng.choice(family)} {rng.choice(given)}"
    return f"{rng.choice(given)} {rng.choice(family)}"


def login(rng: Random, index: int) -> str:
    """The part of an e-mail address before the @: never twice."""
    return f"{rng.choice(_LOGINS)}{rng.choice(('', '.', '_'))}{index + 11:x}"


_LOGINS: Final = (
    *("shumi", "yuedu", "xiaohe", "qingfeng", "nuanyang", "luren", "baicha", "momo", "ayuan", "lele"),
    *("reader", "bookworm", "paper", "ink", "quill", "autumn"),
)
