"""What a word of a header means over figures, over answers or over a few kinds: the charge of a battery, `deposit_paid`, `social_security` in sums."""

import re
from typing import Final

from custody.classify import headers, shapes
from custody.classify.profile import ColumnProfile

_NEARLY_ALL: Final = 0.9
_HALF: Final = 0.5
_CHARGED: Final = ("chargelevel", "chargestatus", "charge")
_INTEREST: Final = re.compile(r"interests?$")
# What is paid in for somebody's insurance is of his pay, where the cells are sums and no numbers of his.
_INSURED: Final = re.compile(r"(social|national)(security|insurance)$|社保$|社会保险$")
_SNOWFLAKE: Final = 18.5  # digits; a resident identity number has fifteen or eighteen
_FULL_NAME: Final = 1.9  # characters; a Chinese family name has one, seldom two
_ANSWERS: Final = 3
_KEPT: Final = frozenset(("record.key", "account.customer_id", "org.name", "name.full"))
_COUNTS: Final = frozenset(("number", "no", "num", "nr"))
_SUMS: Final = frozenset(("finance.balance", "trade.amount"))
_DONE: Final = frozenset(("paid", "received", "refunded", "settled"))  # whether at all, where the answer is yes or no
_ASKS: Final = frozenset(("has", "have", "had", "is", "was"))


def meant(said: headers.Said, column: ColumnProfile) -> str | None:
    """The class that the word has over these cells; none where it is what it always is."""
    if not column.told:
        return None
    return _of_sums(said, column) or _of_numbers(said, column) or _of_answers(said, column)


def _of_sums(said: headers.Said, column: ColumnProfile) -> str | None:
    figured = column.share("decimal", "digits") >= _NEARLY_ALL
    sums = figured and column.share("decimal") >= _HALF
    if sums and said.cls == "trade.item":
        return "trade.amount"
    if sums and said.cls == "taste.preference" and _INTEREST.search(said.words):
        return "finance.credit"
    if sums and said.cls.startswith("id.") and _INSURED.search(said.words):
        return "finance.income"
    return "record.other" if figured and said.cls == "person.criminal" and said.words.startswith(_CHARGED) else None


def _of_numbers(said: headers.Said, column: ColumnProfile) -> str | None:
    """A resident's number that none can have, a card's that is a resident's, a family name of people named in full."""
    long = column.share("digits") >= _NEARLY_ALL and column.mean_length > _SNOWFLAKE
    if long and said.cls == "id.cn_resident" and said.words.isascii():
        return "account.customer_id"
    words = headers.tokens(column.name)
    if said.cls == "location.trace" and words[-1:] == ["id"] and len(words) > 1 and column.uniqueness >= _NEARLY_ALL:
        return "record.key"  # each visit's own number, not where or when
    if said.cls == "finance.card_number" and column.share("cn_id") >= _HALF:
        return "id.cn_resident"
    han = said.cls == "name.family" and column.wordy("han") >= _NEARLY_ALL
    return "name.full" if han and column.mean_length >= _FULL_NAME else None


def _of_answers(said: headers.Said, column: ColumnProfile) -> str | None:
    if said.cls == "record.key" and said.words in _COUNTS and shapes.kinds(column):
        return "record.code"
    words = headers.tokens(column.name)
    if said.cls in _SUMS and words[-1] in _DONE and shapes.answers(column):
        return "record.code"
    asked = words[0] in _ASKS and said.cls in _KEPT
    return "record.code" if asked and column.distinct <= _ANSWERS else None
