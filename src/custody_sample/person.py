"""One customer as the shop knows one, and the columns of the member list."""

from dataclasses import dataclass
from datetime import date
from typing import Final

MEMBER_COLUMNS: Final = (
    *("客户编号", "姓名", "手机号", "身份证号", "出生日期", "性别", "邮箱", "微信号", "省份", "城市", "地址", "国家"),
    *("开户行", "银行卡号", "会员等级", "注册日期", "来源渠道", "同意营销", "监护人姓名", "监护人手机号", "备注"),
)


@dataclass(frozen=True, slots=True)
class Person:
    """The cells of a member row, and beside them what is true of the person (never written to a file).

    `place` is the country of residence as ISO 3166 code, "" when the row does not tell. `born` is the true birth date;
    `age_known` says whether the row shows it (as a date or inside an identity number).
    """

    number: str
    name: str
    phone: str
    id_number: str
    birth: str
    gender: str
    email: str
    wechat: str
    province: str
    city: str
    address: str
    country: str
    bank: str
    card: str
    tier: str
    joined: date
    source: str
    marketing: str
    guardian: str
    guardian_phone: str
    remark: str
    place: str
    dial: str
    born: date
    id_kind: str
    birth_kind: str
    remark_kind: str
    traits: frozenset[str] = frozenset()

    @property
    def age_known(self) -> bool:
        """Whether a reader can learn the age from the row."""
        return bool(self.birth) or self.id_kind in {"valid", "wrong check"}

    def cells(self) -> list[str]:
        """The row under MEMBER_COLUMNS."""
        return [
            *(self.number, self.name, self.phone, self.id_number, self.birth, self.gender, self.email, self.wechat),
            *(self.province, self.city, self.address, self.country, self.bank, self.card, self.tier),
            *(self.joined.isoformat(), self.source, self.marketing, self.guardian, self.guardian_phone, self.remark),
        ]


def age(born: date, on: date) -> int:
    """Full years on that day."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
