"""What the key of a value in JSON says of it: its class, the label to search it with, and whether it is wholly such a value.

A key that names people, places or accounts needs no pattern in the value. One that is short and plain (`name`, `contact`)
counts only beside a key that leaves no doubt: a product has a name too, but no telephone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from custody.classify import headers
from custody.classify.span_json import Value
from custody.classify.vocabulary import blank

_LABELS: Final = {
    "contact.phone": "电话：", "id.cn_resident": "身份证：", "finance.card_number": "卡号：", "finance.bank_account": "账号：", "id.passport": "护照：",
    "person.birth_date": "出生日期：", "account.username": "用户名：", "id.driver_license": "驾驶证：", "vehicle.plate": "车牌：", "vehicle.vin": "车架号：",
    "id.travel_permit": "通行证：", "trade.order_id": "订单号：", "trade.tracking": "运单号：",
}  # fmt: skip
_NAMES: Final = ("name.full", "name.given", "name.family")
_WHOLE: Final = (*_NAMES, "name.alias", "contact.address", "account.username", "account.password", "contact.im")
_REST: Final = ("id.", "vehicle.plate")
_SURE: Final = ("contact.phone", "contact.email", "contact.address", "id.", "name.")
_LONGEST: Final = {"contact.address": 120}
_FIRM: Final = 4.0


@dataclass(frozen=True, slots=True)
class Said:
    """The class a key gives ('' for none) and the words to set before its value."""

    cls: str
    label: str

    def whole(self, text: str) -> tuple[int, int] | None:
        """Where the value stands when the key alone says what it is."""
        return _bounds(text, self.cls) if self.cls in _WHOLE and _holds(self.cls, text.strip()) else None

    def rest(self, text: str) -> tuple[int, int] | None:
        """Where the value stands when nothing was found in it, and the key leaves no doubt."""
        numbered = sum(one.isdigit() for one in text) >= 4
        return _bounds(text, self.cls) if self.cls.startswith(_REST) and numbered else None


def judged(values: Sequence[Value]) -> list[Said]:
    """What each key says, with the other keys of its object in view."""
    told = [_first(one.key) for one in values]
    pairs = list(zip(values, told, strict=True))
    sure = {one.group for one, (cls, weight) in pairs if weight >= headers.WHOLE and cls.startswith(_SURE)}
    sure |= {one.group for one, (cls, _) in pairs if cls == "name.given"} & {
        one.group for one, (cls, _) in pairs if cls == "name.family"
    }  # first and last: each could be a place in a row, both together are a person
    return [
        Said(cls if weight >= headers.WHOLE or (weight >= _FIRM and one.group in sure) else "", _label(cls, one.key))
        for one, (cls, weight) in zip(values, told, strict=True)
    ]


def _first(key: str) -> tuple[str, float]:
    said = headers.judge(key) if key else ()
    return (said[0].cls, said[0].weight) if said else ("", 0.0)


def _label(cls: str, key: str) -> str:
    return _LABELS.get(cls) or (f"{key}：" if key else "")


def _holds(cls: str, value: str) -> bool:
    if len(value) < (1 if cls == "name.family" else 2) or len(value) > _LONGEST.get(cls, 40) or blank(value):
        return False
    if cls in _NAMES:
        return not any(one.isdigit() or one in "@/{[<" for one in value)
    return cls != "contact.address" or len(value) >= 5


def _bounds(text: str, cls: str) -> tuple[int, int] | None:
    start = len(text) - len(text.lstrip())
    return (start, start + len(text.strip())) if cls and text.strip() else None
