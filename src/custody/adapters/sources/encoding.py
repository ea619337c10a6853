"""Which encoding a text file is in: strict decodings compared by plausibility, never a guess on a sample (design §4).

cp1252 `ANDRÉN` is also valid GB18030, and wrong there: it turns into a Han character inside a Latin word. So each
candidate that decodes the whole file is scored on the runs of non-ASCII text it produces: characters that are common
in their script count for it, rare ones, mixtures inside a word and control characters against it.
"""

import codecs
import unicodedata
from collections import Counter
from typing import Final

CANDIDATES: Final = ("gb18030", "big5", "cp1252", "shift_jis", "euc_kr")
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MARGIN: Final = 0.15
_SAMPLE: Final = 400_000


def detect(data: bytes) -> tuple[str, ...]:
    """The encodings that remain plausible, best first; one means decided, none that no strict decoding exists."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return (name,)
    if data.isascii() or _decodes(data, "utf-8"):
        return ("utf-16-le",) if _looks_utf16(data) else ("utf-8",)
    if _looks_utf16(data):
        return ("utf-16-le",)
    odd = _odd_lines(data)
    scored = sorted(((score(odd, name), name) for name in CANDIDATES if _decodes(data, name)), reverse=True)
    good = [(value, name) for value, name in scored if value > 0]
    if not good:
        return tuple(name for _, name in scored[:1])
    best = good[0][0]
    return tuple(name for value, name in good if value >= best - _MARGIN)


def detect_loose(data: bytes) -> str:
    """The most plausible encoding of a file that has broken lines: judged on the lines that decode."""
    lines = _odd_lines(data).split(b"\n")
    ranked = []
    for name in ("utf-8", *CANDIDATES):
        good = [line for line in lines if _decodes(line, name)]
        share = len(good) / max(1, len(lines))
        value = 1.0 if name == "utf-8" else score(b"\n".join(good), name)
        ranked.append((share * value, name))
    return max(ranked)[1]


def score(odd: bytes, name: str) -> float:
    """Plausibility in [-1, 1] of `odd` (the lines that hold non-ASCII bytes) read as `name`."""
    text = odd[:_SAMPLE].decode(name, errors="ignore")
    points, seen, before = 0.0, 0, " "
    for character in text:
        if not character.isascii():
            seen += 1
            points += _weight(character, before, name)
        elif before != " " and not before.isascii() and character.isalpha() and _script(before) == "han":
            points -= 0.9  # a Han character glued to the rest of a Latin word
        before = character
    return points / seen if seen else 0.0


def _weight(character: str, before: str, name: str) -> float:
    script = _script(character)
    if script == "han":
        if before.isascii() and before.isalpha():
            return -1.0
        return _han(character, name)
    if script == "latin":
        return 0.9 if before.isascii() or _script(before) == "latin" else -0.5
    if script in {"kana", "hangul"}:
        return 0.6 if name in {"shift_jis", "euc_kr"} else 0.1
    category = unicodedata.category(character)
    if category.startswith("C"):
        return -1.0
    return 0.3 if category.startswith("P") else -0.2


def _han(character: str, name: str) -> float:
    level = _COMMON.get(character)
    if level is not None:
        return 1.0
    if name == "gb18030":
        return 0.55 if _level_one(character) else 0.1 if _decodes(character.encode("gb18030"), "gb2312") else -0.2
    if name == "big5":
        return 0.5 if character.encode("big5")[0] <= 0xC6 else -0.2
    return 0.2 if name == "shift_jis" else -0.4


def _level_one(character: str) -> bool:
    data = character.encode("gb18030")
    return len(data) == 2 and 0xB0 <= data[0] <= 0xD7 and data[1] >= 0xA1


def _script(character: str) -> str:
    point = ord(character)
    if 0x4E00 <= point <= 0x9FFF or 0x3400 <= point <= 0x4DBF or point >= 0x20000:
        return "han"
    if 0xC0 <= point <= 0x24F:
        return "latin"
    if 0x3040 <= point <= 0x30FF or 0xFF66 <= point <= 0xFF9F:
        return "kana"
    if 0xAC00 <= point <= 0xD7A3:
        return "hangul"
    return "other"


def _odd_lines(data: bytes) -> bytes:
    return b"\n".join(line for line in data.split(b"\n") if not line.isascii())


def _decodes(data: bytes, name: str) -> bool:
    try:
        data.decode(name)
    except UnicodeDecodeError:
        return False
    return True


def _looks_utf16(data: bytes) -> bool:
    if len(data) < 8 or len(data) % 2:
        return False
    zeros = Counter(place % 2 for place, byte in enumerate(data[:4000]) if byte == 0)
    return zeros[1] > len(data[:4000]) // 5 and zeros[0] == 0


_COMMON: Final = dict.fromkeys(
    "的一是不了人我在有他这为之大来以个中上们到说国和地也子时道出而要于就下得可你年生会员姓名手机号电话地址性别男女"
    "省市区县路街号楼室单元身份证邮箱微信客户订单商品数量金额备注日期状态先生小姐王李张刘陈杨黄赵周吴徐孙马朱胡郭何林"
    "高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱"
    "江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤北京上海广州深圳杭州南京成都重庆天津武汉西安苏浙江东四川"
    "湖福建安徽河南海山辽宁黑吉林云贵陕甘青内蒙古新疆藏公司有限店开行银农工商建设招是否已未无全部普通金卡",
)
