"""How much a reading of bytes looks like something people write: the measure behind the choice of an encoding.

Any single-byte table decodes almost anything, and GB18030 decodes most of what is cp1252: `ANDRÉN` becomes `ANDR蒒`.
What gives the wrong reading away is its script: a rare Han character glued to the rest of a Latin word, or a row of
accented capitals where nobody would write one. Each non-ASCII character counts for or against; the mean is the score.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

_RUN: Final = re.compile(r"[^\x00-\x7f]+")
_PUNCTUATION: Final = frozenset("“”‘’—…·《》〈〉「」『』、。，：；？！（）【】～￥　№℃×")
_LATIN_SIGNS: Final = frozenset("“”‘’–—…€£¥§©®™°ºª«»·¿¡½¼¾²³±×\xa0†‰´`¨¸•")
_RARE: Final = -0.1
_LEVELS: Final = {"big5": (0xC6, 0.5, -0.3), "shift_jis": (0x97, 0.4, -0.3), "euc_kr": (0x00, -0.4, -0.4)}
_KANA_SETS: Final = frozenset(("shift_jis", "cp932"))
_HANGUL_SETS: Final = frozenset(("euc_kr", "cp949"))


def score(lines: Iterable[bytes], name: str) -> tuple[float, float]:
    """(mean weight of the non-ASCII characters, share of the lines that decode) of `lines` read as `name`."""
    total = read = seen = 0
    points = 0.0
    for line in lines:
        total += 1
        try:
            text = line.decode(name)
        except UnicodeDecodeError:
            continue
        read += 1
        for run in _RUN.finditer(text):
            before, after = text[run.start() - 1 : run.start()], text[run.end() : run.end() + 1]
            points += _run(run.group(), before, after, name)
            seen += len(run.group())
    return (points / seen if seen else 0.0), (read / total if total else 0.0)


def line_score(line: bytes, name: str) -> float | None:
    """The score of one line; None when it does not decode."""
    value, share = score((line,), name)
    return value if share else None


def _run(run: str, before: str, after: str, name: str) -> float:
    points = sum(weight(character, name) for character in run)
    letters = _letter(before) + _letter(after)
    first = run[0]
    if len(run) == 1 and letters and _script(first) == "han":
        # One Han character inside a Latin word, or at its end with a letter for its second byte: an accented letter
        # and its neighbour, misread.
        swallowed = _letter(before) and _bytes(first, name)[-1:].isalpha()
        return points - (1.0 if letters == 2 or swallowed else 0.0)
    if _script(first) == "latin":
        return points - _crowding(len(run), letters)
    if name == "cp1252" and len(run) > 2:
        return points - len(run)
    return points


def _crowding(length: int, letters: int) -> float:
    """In Latin text accented letters stand among plain ones; several in a row are a misreading."""
    if length == 1:
        return 0.0 if letters else 0.5
    return 1.0 if length == 2 and letters == 2 else 1.5 * length


def _letter(text: str) -> int:
    return int(text.isascii() and text.isalpha())


@lru_cache(maxsize=70_000)
def weight(character: str, name: str) -> float:
    """What one character says for the reading as `name`."""
    script = _script(character)
    if script == "other":
        return _sign(character, name)
    if script == "han":
        return _han(character, name)
    if script == "latin":
        return 1.0 if name in {"cp1252", "utf-8"} else -0.3
    return _kana(character, name) if script == "kana" else _hangul(character, name)


def _sign(character: str, name: str) -> float:
    if character in (_LATIN_SIGNS if name == "cp1252" else _PUNCTUATION):
        return 0.5
    category = unicodedata.category(character)
    if category.startswith("C"):
        return -1.0
    return 0.2 if category.startswith("P") or name == "utf-8" else -0.3


def _kana(character: str, name: str) -> float:
    if name not in _KANA_SETS:
        return 0.0
    return 0.2 if ord(character) >= 0xFF00 else 0.7


def _hangul(character: str, name: str) -> float:
    if name not in _HANGUL_SETS:
        return 0.3
    return 1.0 if character in _SYLLABLES else 0.55


def _han(character: str, name: str) -> float:
    if character in _COMMON:
        return 1.0
    if name in _LEVELS:  # the first level of a national set holds its common characters
        last, first_level, second_level = _LEVELS[name]
        return first_level if _lead(character, name) <= last else second_level
    data = _bytes(character, "gb2312")
    if data:
        return 0.5 if data[0] <= 0xD7 else 0.15
    return 0.5 if name == "utf-8" and _lead(character, "big5") <= 0xC6 else _RARE


def _lead(character: str, name: str) -> int:
    data = _bytes(character, name)
    return data[0] if data else 0xFF


def _bytes(character: str, name: str) -> bytes:
    try:
        return character.encode(name)
    except UnicodeEncodeError:
        return b""


@lru_cache(maxsize=70_000)
def _script(character: str) -> str:
    point = ord(character)
    if 0x4E00 <= point <= 0x9FFF or 0x3400 <= point <= 0x4DBF or 0x20000 <= point <= 0x323AF:
        return "han"
    if (0xC0 <= point <= 0x24F and point not in {0xD7, 0xF7}) or point == 0x1E9E:
        return "latin"
    if 0x3040 <= point <= 0x30FF or 0xFF66 <= point <= 0xFF9F:
        return "kana"
    return "hangul" if 0xAC00 <= point <= 0xD7A3 else "other"


# Characters that headers, names, addresses and remarks are made of, simplified and traditional.
_COMMON: Final = frozenset(
    "的一是不了人我在有他这為为之大来來以个個中上们們到说說国國和地也子时時道出而要于於就下得可你年生会會员員姓名手机機"
    "号號电電话話地址性别別男女省市区區县縣路街楼樓室单單元身份证證邮郵箱微信客户戶订訂商品数數量金额額备備注註日期状狀"
    "态態先生小姐王李张張刘劉陈陳杨楊黄黃赵趙周吴吳徐孙孫马馬朱胡郭何林高罗羅郑鄭梁谢謝宋唐许許韩韓冯馮邓鄧曹彭曾肖"
    "田董袁潘于蒋蔣蔡余杜叶葉程苏蘇魏吕呂丁任沈姚卢盧姜崔钟鍾谭譚陆陸汪范金石廖贾賈夏韦韋付方白邹鄒孟熊秦邱江尹薛闫段"
    "雷侯龙龍史陶黎贺賀顾顧毛郝龚邵万萬钱錢严嚴覃武戴莫孔向汤湯北京上海广廣州深圳杭南京成都重庆慶天津武汉漢西安浙东東四"
    "川湖福建徽河海山辽宁寧黑吉云雲贵貴陕甘青内內蒙古新疆藏公司有限店开開行银銀农農工建设設招是否已未无無全部普通卡明文"
    "华華平志伟偉建国國红紅军軍玉英秀兰蘭春梅芳丽麗强強晓曉雪婷静靜佳家美宇子轩軒浩雨梓涵欣怡俊杰傑思琪嘉诗詩心一二三"
    "四五六七八九十百千月日送货貨退款请請打快递遞收到付款购買买卖賣价價格服务務产產品类類型编編码碼备用联聯系繫方式积積"
    "分级級会社港台灣湾院村镇鎮乡鄉花园園广场場幢座层層门門学學校医醫师師老同事后後前面放家里裡电视好很多去没沒看问問题題",
)
_SYLLABLES: Final = frozenset(
    "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구울시도군동로길번호부산대인천광경기름명소화"
    "민지수영은현진미희경준재원연선혜승태규상나라다가세자고객일월년금액회사",
)
