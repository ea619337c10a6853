"""What about one person's values cannot be right: invalid by form or check digit, in contradiction with one another (spec/freshness.md §1).

A check knows what it knows: a value of a class without a form of its own is never called wrong.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

import phonenumbers

from custody.classify.checks import CHECKS
from custody.vault.index import NEWEST, normalise
from custody.vault.normal import half_width

STALE: Final = "stale"
INVALID: Final = "invalid"
CONTRADICTORY: Final = "contradictory"
DUPLICATE: Final = "duplicate"
BOUNCED: Final = "bounced"
WHYS: Final = (
    "no-sign-of-life",
    "form",
    "checksum",
    "two-values",
    "identity-number",
    "id-number",
    "customer-number",
    "email",
    "phone",
    "came-back",
)
"""Every code that a doubt may give as its reason."""
KINDS: Final = (STALE, INVALID, CONTRADICTORY, DUPLICATE, BOUNCED)


@dataclass(frozen=True, slots=True)
class Value:
    """One value on file: where it stands, of which class, in which revision of its record."""

    table: str
    row: int
    column: str
    cls: str
    record: int
    revision: int
    text: str = field(repr=False)


class Doubt(NamedTuple):
    """What is doubted of a value, and why, as a code."""

    value: Value
    kind: str
    why: str


def invalid(values: Sequence[Value], region: str) -> Iterator[Doubt]:
    """Values whose class has a form or check digits, and which have neither."""
    for one in values:
        why = wrong(one.cls, one.text, region)
        if why:
            yield Doubt(one, INVALID, why)


def wrong(cls: str, text: str, region: str) -> str:
    """Why a value cannot be one of its class, as a code; '' where it can be, or where nobody can tell."""
    plain = half_width(text)
    if not plain or cls not in _TESTS or _MASKED & set(plain):
        return ""
    return _TESTS[cls](_DROP.sub("", plain) if cls in _NUMBERS else plain, region)


def contradictory(values: Sequence[Value]) -> Iterator[Doubt]:
    """Birth and sex against the identity number; two different values of what a person has only one of."""
    by_class = defaultdict[str, list[Value]](list)
    for one in values:
        by_class[one.cls].append(one)
    for cls in _ONLY_ONE:
        forms = {_form(cls, one.text) for one in by_class[cls]} - {""}
        if len(forms) > 1:
            yield from (Doubt(one, CONTRADICTORY, "two-values") for one in by_class[cls] if _form(cls, one.text))
    for number in by_class["id.cn_resident"]:
        yield from _against(number, by_class)


def _against(number: Value, by_class: Mapping[str, Sequence[Value]]) -> Iterator[Doubt]:
    digits = normalise(NEWEST["id-number"], number.text, "") or ""
    if wrong("id.cn_resident", digits, "CN") or len(digits) != _RESIDENT:
        return
    for one in by_class.get("person.birth_date", ()):
        born = day(one.text)
        if born and born != digits[6:14]:
            yield Doubt(one, CONTRADICTORY, "identity-number")
    for one in by_class.get("person.gender", ()):
        told = _GENDER.get(half_width(one.text).casefold())
        if told is not None and told != int(digits[16]) % 2:
            yield Doubt(one, CONTRADICTORY, "identity-number")


def day(text: str) -> str:
    """A date as eight digits; '' for what is none, or may be read in two ways."""
    found = _DAY.fullmatch(half_width(text))
    if not found:
        return ""
    try:
        return f"{date(int(found[1]), int(found[2]), int(found[3])):%Y%m%d}"
    except ValueError:
        return ""


def _form(cls: str, text: str) -> str:
    if cls == "person.birth_date":
        return day(text)
    return normalise(NEWEST["id-number"], text, "") or ""


def _resident(text: str, _region: str) -> str:
    """Eighteen characters with the right last one, or fifteen digits of the old form, which has none."""
    if re.fullmatch(r"\d{15}", text, re.ASCII):
        return ""
    if not re.fullmatch(r"\d{17}[\dXx]", text, re.ASCII):
        return "form"
    return "" if CHECKS["resident"]([text])[0] else "checksum"


def _card(text: str, _region: str) -> str:
    if not re.fullmatch(r"\d{12,19}", text, re.ASCII):
        return "form"
    return "" if CHECKS["luhn"]([text])[0] else "checksum"


def _account(text: str, _region: str) -> str:
    """An account number of a country with check digits (ISO 13616); of any other nobody can tell."""
    if not re.fullmatch(r"[A-Za-z]{2}\d{2}[A-Za-z0-9]{11,30}", text, re.ASCII):
        return ""
    return "" if CHECKS["iban"]([text])[0] else "checksum"


def _uscc(text: str, _region: str) -> str:
    if not re.fullmatch(r"[0-9A-Za-z]{18}", text, re.ASCII):
        return "form"
    return "" if CHECKS["uscc"]([text])[0] else "checksum"


def _email(text: str, _region: str) -> str:
    form = normalise(NEWEST["email"], text, "")
    return "" if form and re.fullmatch(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+", form) else "form"


def _phone(text: str, region: str) -> str:
    """A number that its country gives out; a form that could be dialled is not enough."""
    form = normalise(NEWEST["phone"], text, region)
    if form is None:
        return "form"
    return "" if phonenumbers.is_valid_number(phonenumbers.parse(form)) else "form"


def _birth(text: str, _region: str) -> str:
    found = _DAY.fullmatch(text)
    return "form" if found and not day(text) else ""


_RESIDENT: Final = 18
_ONLY_ONE: Final = ("id.cn_resident", "person.birth_date")
_NUMBERS: Final = ("id.cn_resident", "finance.card_number", "finance.bank_account", "org.cn_uscc")
_MASKED: Final = frozenset("*•×")
_DROP: Final = re.compile(r"[\s\u00a0-]+")
_DAY: Final = re.compile(r"((?:18|19|20)\d\d)[-/.年]?([01]?\d)[-/.月]?([0-3]?\d)日?(?:[ T].*)?")
_GENDER: Final = {"男": 1, "m": 1, "male": 1, "先生": 1, "女": 0, "f": 0, "female": 0, "女士": 0}
_TESTS: Final[Mapping[str, Callable[[str, str], str]]] = {
    "id.cn_resident": _resident, "finance.card_number": _card, "finance.bank_account": _account, "org.cn_uscc": _uscc,
    "contact.email": _email, "contact.phone": _phone, "person.birth_date": _birth,
}  # fmt: skip
