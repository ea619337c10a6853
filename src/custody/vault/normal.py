"""Normal forms of values that people look up (spec/vault.md §13). Changing one needs a new normaliser version.

Every function takes (value, default region) and returns the normal form, or None when there is none.
"""

import re
from typing import Final

import phonenumbers

_HALF: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_MOBILE: Final = re.compile(r"1[3-9]\d{9}", re.ASCII)
_ID_DROP: Final = str.maketrans("", "", " -()")
_ID: Final = re.compile(r"[0-9A-Z]{4,32}", re.ASCII)
_OLD_ID: Final = re.compile(r"\d{15}", re.ASCII)
_SHORTEST_NAME, _LONGEST_NAME = 2, 64
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS: Final = "10X98765432"


def half_width(value: str) -> str:
    """Full-width Latin, digits and signs as half-width; white space at both ends dropped."""
    return (value if value.isascii() else value.translate(_HALF)).strip()


def email(value: str, _region: str = "") -> str | None:
    """Lower case; exactly one `@` with something on both sides; no white space; a final dot of the domain dropped."""
    found = half_width(value).lower().removesuffix(".")
    local, at, domain = found.partition("@")
    if not local or not at or not domain or "@" in domain or any(character.isspace() for character in found):
        return None
    return found


def phone(value: str, region: str) -> str | None:
    """E.164, with `region` (ISO 3166-1 alpha-2) for numbers without a country code; the extension is dropped."""
    text = half_width(value)
    # Mainland mobile numbers are most of what there is, and libphonenumber takes 25 µs each; a test holds both equal.
    if region == "CN" and _MOBILE.fullmatch(text):
        return "+86" + text
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def id_number(value: str, _region: str = "") -> str | None:
    """Upper case without spaces, hyphens, parentheses; a 15-digit resident number as its 18-digit successor."""
    found = half_width(value).translate(_ID_DROP).upper()
    if not _ID.fullmatch(found):
        return None
    return _eighteen(found) if _OLD_ID.fullmatch(found) else found


def name(value: str, _region: str = "") -> str | None:
    """Lower case, letters and digits alone: `LI, Na`, `li na` and `Li·Na` are one; from 2 to 64 of them.

    Numbers and e-mail addresses are no names: who looks for one should not open a bucket of other people for it.
    """
    text = half_width(value).lower()
    found = "".join(character for character in text if character.isalnum())
    if "@" in text or not any(character.isalpha() for character in found):
        return None
    return found if _SHORTEST_NAME <= len(found) <= _LONGEST_NAME else None


def customer_number(value: str, _region: str = "") -> str | None:
    """As it is: case and leading zeros count."""
    return half_width(value) or None


def _eighteen(old: str) -> str:
    """GB 11643: the century, and a check digit by ISO 7064 MOD 11-2."""
    body = f"{old[:6]}19{old[6:]}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + _CHECKS[total % 11]
