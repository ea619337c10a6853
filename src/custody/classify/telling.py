"""Whether a sentence holds what reaches one person: in a table about nobody that is one too many (spec/sources.md §8)."""

import re
from typing import Final

from custody.classify import spans

_TELLS_WHO: Final = frozenset((
    "contact.phone", "contact.email", "contact.im", "id.cn_resident", "id.passport", "id.us_ssn", "id.national_other",
    "finance.card_number", "finance.bank_account",
))  # fmt: skip
_PROSE: Final = re.compile(r"[\u3400-\u9fff]{2}|[A-Za-z]{2,}[ ,.;:]+[A-Za-z]{2,}")


def reaches_a_person(text: str) -> bool:
    """Whether a telephone, card, account or identity number or an address of mail stands in a sentence."""
    return bool(_PROSE.search(text)) and any(span.cls in _TELLS_WHO for span in spans.find(text))
