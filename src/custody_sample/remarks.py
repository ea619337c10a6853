"""What clerks typed into the remark field: ordinary words, other people's data, health, and numbers that are nobody's.

Kinds: phone, id, health, address, card, email, third (another person), decoy (hotlines, order and tracking numbers:
not personal), plain.
"""

from collections.abc import Callable, Mapping
from datetime import date
from random import Random
from typing import Final

from custody_sample import names, numbers, places
from custody_sample.chance import day

KINDS: Final = (
    *("phone", "id", "health", "address", "card", "email"),
    *("third", "decoy", "plain", "decoy", "plain", "health"),
)
_HEALTH: Final = (
    "孩子对花生过敏，试读会点心请注意",
    "客户视力障碍，请推荐大字版和有声书",
    "有糖尿病，不要送糖果礼盒",
    "青霉素过敏史，参加野外读书营须告知领队",
    "术后行动不便，请送货上门",
    "allergic to latex, use paper bags only",
)
_DECOY: Final = (
    "退款有疑问请打95588或400-820-8820",
    "参考订单{order}，快递单号SF{track}，已补发",
    "优惠码QH2025SPRING，系统版本2.14.0.3",
    "12315投诉已撤回，流水{order}",
    "parcel 1Z999AA1{short} delayed, see order {order}",
)
_PLAIN: Final = (
    "喜欢推理小说",
    "常客，周末到店",
    "要求用牛皮纸包装",
    "已处理",
    "无",
    "prefers hardcover, no plastic wrap",
    "生日当月送书签",
)


def remark(rng: Random, kind: str) -> str:
    """One remark of the kind."""
    return _MAKE[kind](rng)


def _id(rng: Random) -> str:
    born, where = day(rng, date(1950, 1, 1), date(2005, 12, 31)), rng.choice(places.DISTRICTS)
    return f"开票核验：{_someone(rng)}，身份证{numbers.resident_id(rng, where.code, born, male=rng.randrange(2) == 0)}"


def _card(rng: Random) -> str:
    bank, number = numbers.card(rng)
    return f"退款至{bank}卡{number}"


def _decoy(rng: Random) -> str:
    order = f"{rng.choice(('2024', '2025'))}{rng.randrange(10**10):010d}"
    track, short = rng.randrange(10**12, 10**13), rng.randrange(10**10)
    return rng.choice(_DECOY).format(order=order, track=track, short=short)


def _phone(rng: Random) -> str:
    number = numbers.mobile(rng)
    if rng.randrange(3) == 0:
        number = numbers.landline(rng, rng.choice(places.DISTRICTS).dial)
    return rng.choice(("备用电话{}", "白天打{}，晚上勿扰", "微信同号{}", "call {} before delivery")).format(number)


def _someone(rng: Random) -> str:
    return names.chinese(rng, male=rng.randrange(2) == 0)


_MAKE: Final[Mapping[str, Callable[[Random], str]]] = {
    "phone": _phone,
    "id": _id,
    "health": lambda rng: rng.choice(_HEALTH),
    "address": lambda rng: f"改寄{places.address(rng, rng.choice(places.DISTRICTS))}，原地址停用",
    "card": _card,
    "email": lambda rng: f"电子发票发 {names.login(rng, rng.randrange(10**6))}@example.org",
    "third": lambda rng: f"由邻居{_someone(rng)}代收，电话{numbers.mobile(rng)}",
    "decoy": _decoy,
    "plain": lambda rng: rng.choice(_PLAIN),
}
