"""The two invented companies and the day the sample was exported.

Both names are made up. Their unified social credit codes have valid check characters (GB 32100-2015) and belong to
nobody known to us.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

AS_OF: Final = date(2026, 3, 16)
"""The day of the export. Ages are counted on it; none of them crosses 14 or 18 before the end of 2026."""


@dataclass(frozen=True, slots=True)
class Company:
    """A party of the invented sale: its name in both languages, its USCC, its city and its country."""

    zh: str
    en: str
    uscc: str
    city: str
    country: str = "CN"


SELLER: Final = Company("青禾书屋（杭州）有限公司", "Qinghe Books (Hangzhou) Co., Ltd.", "91330106MA0QH0X03J", "杭州市")
BUYER: Final = Company(
    "远帆文化（上海）有限公司", "Yuanfan Culture (Shanghai) Co., Ltd.", "91310104MA0YF0W03P", "上海市"
)
