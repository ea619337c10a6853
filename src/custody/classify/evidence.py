"""What the values of a column speak for, and whether they can be what its header says (spec/datamap.md §4).

Weights are on one scale with headers: 6 is a header that says it in full, 8 a checksum that nearly all values pass,
3 a likely guess. Evidence is a class, a weight and a reason a person can read.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from custody.classify import ailments, marks, national, shapes, vocabulary
from custody.classify.profile import ColumnProfile

_YEAR: Final = re.compile(r"(?<!\d)(19|20)\d\d(?!\d)|^(19|20)\d\d")
_COUNTED: Final = re.compile(r"(?i)token|ticket|叫号|排队")
_FEW: Final = 4
_NEARLY: Final = 0.9


@dataclass(frozen=True, slots=True)
class Evidence:
    """`weight` for `cls`, because of `why`."""

    cls: str
    weight: float
    why: str


def weigh(column: ColumnProfile) -> list[Evidence]:
    """All that the values speak for, the weightiest first."""
    if not column.told:
        return []
    found = [*_checked(column), *_national(column), *_signs(column), *_names(column), *_words(column), *_lists(column)]
    found += [*_health(column), *(Evidence(*one) for one in marks.weigh(column.sample)), *_rest(column)]
    return sorted(found, key=lambda one: -one.weight)


def _per(share: float) -> str:
    return f"{round(100 * share)} %"


def _checked(column: ColumnProfile) -> Iterator[Evidence]:
    for name, cls, least, words in (
        ("cn_id", "id.cn_resident", 0.3, "resident identity numbers with right check characters"),
        ("uscc", "org.cn_uscc", 0.4, "unified social credit codes with right check characters"),
        ("iban", "finance.bank_account", 0.3, "IBANs with right check digits"),
        ("vin", "vehicle.vin", 0.4, "vehicle numbers with right check digits"),
    ):
        right = column.share(name + "+")
        if right >= least:
            yield Evidence(cls, 6.5 + 2.5 * right, f"{_per(right)} of the values are {words}")
    right = column.share("card+")
    if column.share("imei") >= 0.8 and column.share("imei+") >= 0.8 and _issued(column) < 0.5:
        yield Evidence("device.id", 7.5, "15 digits with right check digits, as device numbers have")
    elif right >= 0.4 and right >= 0.55 * column.share("card"):
        yield Evidence("finance.card_number", 5 + 3 * right, f"{_per(right)} are card numbers with right check digits")
    elif column.share("card") >= 0.8 and _issued(column) >= 0.7:
        yield Evidence("finance.card_number", 3.4, "numbers as card issuers give them, check digits apart")


_ISSUERS: Final = re.compile(
    r"^(62\d{14}|62\d{17}|4\d{15}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|35\d{14}|6011\d{12}|9558\d{15})$"
)


def _issued(column: ColumnProfile) -> float:
    """Share of the sample with the beginning and the length of payment cards."""
    bare = [re.sub(r"[ -]", "", value) for value in column.sample]
    return sum(bool(_ISSUERS.match(value)) for value in bare) / len(bare) if bare else 0.0


def _national(column: ColumnProfile) -> Iterator[Evidence]:
    """Numbers of other countries; what mainland patterns or dates already explain is not asked."""
    if (
        column.share("some_digit") < 0.8
        or column.share("cn_mobile", "cn_id", "date", "decimal", "uuid", "ip", "email") > 0.2
    ):
        return
    if (known := national.recognise(column.sample)) is not None:
        cls, share, whose = known
        yield Evidence(cls, 6.0 * share, f"{_per(share)} pass the check of {whose.replace('_', '')}")


def _health(column: ColumnProfile) -> Iterator[Evidence]:
    share = ailments.share(column.sample) if column.share("some_digit") < 0.7 else 0.0
    if share >= 0.4:
        yield Evidence("person.health", 1.6 + 3.2 * share, f"{_per(share)} name illnesses, complaints or medicines")


_SIGNS: Final = (
    # pattern, class, least share, weight at full share, words
    ("email", "contact.email", 0.3, 9.0, "e-mail addresses"),
    ("cn_mobile", "contact.phone", 0.4, 6.6, "mainland mobile numbers"),
    ("cn_landline", "contact.phone", 0.4, 5.4, "numbers that read like landlines"),
    ("cn_id", "id.cn_resident", 0.5, 6.2, "of the form of resident identity numbers"),
    ("cn_id15", "id.cn_resident", 0.7, 3.6, "of the form of old resident identity numbers"),
    ("cn_id_masked", "id.cn_resident", 0.3, 7.5, "masked resident identity numbers"),
    ("card_masked", "finance.card_number", 0.4, 6.5, "masked card numbers"),
    ("plate", "vehicle.plate", 0.4, 8.0, "registration plates"),
    ("ip", "device.ip", 0.6, 8.0, "IP addresses"),
    ("ip6", "device.ip", 0.6, 7.0, "IP addresses"),
    ("mac", "device.mac", 0.6, 8.0, "MAC addresses"),
    ("agent", "device.agent", 0.4, 8.0, "browser signatures"),
    ("openid", "contact.im", 0.6, 7.0, "WeChat OpenIDs"),
    ("ssn", "id.us_ssn", 0.6, 7.0, "of the form of US social security numbers"),
    ("passport_cn", "id.passport", 0.6, 4.6, "of the form of passport numbers"),
    ("permit", "id.travel_permit", 0.7, 3.2, "of the form of travel permits"),
    ("position", "location.position", 0.6, 7.0, "positions"),
    ("tracking", "trade.tracking", 0.6, 4.2, "of the form of parcel numbers"),
    ("uuid", "record.key", 0.7, 4.6, "UUIDs"),
    ("digest", "account.password", 0.6, 3.4, "of the form of password digests"),
    ("image", "person.photo", 0.6, 4.4, "names of picture files"),
    ("url", "contact.url", 0.7, 3.0, "web addresses"),
    ("zip_letters", "contact.postal_code", 0.6, 4.4, "postal codes"),
)


def _signs(column: ColumnProfile) -> Iterator[Evidence]:
    for name, cls, least, full, words in _SIGNS:
        share = column.share(name)
        if share >= least:
            yield Evidence(cls, full - 1.6 * (1 - share), f"{_per(share)} of the values are {words}")
    shaped = column.share("phone_shape")
    if shaped >= 0.5 and column.share("date", "decimal", "ssn", "uuid", "card") < 0.2 and column.share("phone") >= 0.5:
        yield Evidence("contact.phone", 4.6 * shaped, f"{_per(shaped)} have the form of telephone numbers")


_PLACES: Final = ("省", "市", "区", "县", "镇", "乡", "村", "街道", "社区", "州", "盟", "旗", "屯", "庄")


_NO_NAMES: Final = (
    "contact.city",
    "contact.region",
    "status",
    "channel",
    "person.education",
    "person.marital_status",
    "trade.payment_method",
)


def _names(column: ColumnProfile) -> Iterator[Evidence]:
    sample = column.sample
    if not sample or column.share("some_digit") > 0.5:
        return
    if sum(value.endswith(_PLACES) for value in sample) >= 0.4 * len(sample):
        return
    han = [value for value in sample if vocabulary.han_name(value)]
    surnamed = len(han) / len(sample)
    likely = sum(vocabulary.han_given(value) for value in han) / len(sample)
    folded = [vocabulary.fold(value) for value in sample]
    listed = max(vocabulary.share(words, folded) for words in _NO_NAMES)
    if surnamed >= 0.5 and likely >= 0.35 and listed < 0.2 and len(sample) >= _FEW:
        yield Evidence(
            "name.full", 2.2 + 3 * surnamed * min(1, likely + 0.3), f"{_per(surnamed)} begin with Chinese surnames"
        )
    if column.wordy("latin_name") < 0.5 or column.wordy("latin_org") > 0.3:
        return
    both = [vocabulary.latin_names(value) for value in sample]
    given, family = (sum(one[place] for one in both) / len(sample) for place in (0, 1))
    spaced = column.wordy("two_words")
    if spaced >= 0.6 and given + family >= 0.6 and column.wordy("street") < 0.3:
        yield Evidence("name.full", 2 + 2 * max(given, family), f"{_per(max(given, family))} hold common names")
    elif spaced < 0.4 and max(given, family) >= 0.3 and len(sample) >= _FEW and listed < 0.3:
        cls, share = ("name.given", given) if given >= family else ("name.family", family)
        yield Evidence(cls, 1.6 + 3 * share, f"{_per(share)} are common names")


def _words(column: ColumnProfile) -> Iterator[Evidence]:
    address, street = column.wordy("han_address"), column.wordy("street")
    if shapes.papers(column):
        yield Evidence("record.key", 3.0, "numbers of official papers")
        address = 0.0  # 市监许〔2024〕18号 has a city and a number in it
    if address >= 0.4 and column.mean_length >= 6:
        yield Evidence("contact.address", 2 + 3.4 * address, f"{_per(address)} read as Chinese addresses")
    if street >= 0.4 and column.wordy("house") >= 0.4 and column.mean_length < 90:
        yield Evidence("contact.address", 1.6 + 3 * street, f"{_per(street)} hold words of streets")
    org = max(column.wordy("han_org"), column.wordy("latin_org"))
    if org >= 0.4:
        yield Evidence("org.name", 1.6 + 3 * org, f"{_per(org)} end as names of organisations do")
    place = column.wordy("han_place")
    if place >= 0.6 and address < 0.4:
        yield Evidence("contact.city", 1 + 2.4 * place, f"{_per(place)} are names of places")
    if running(column):
        yield Evidence("text.free", 3.0, f"running text of {round(column.mean_length)} characters on average")


def running(column: ColumnProfile) -> bool:
    """Whether the values are sentences."""
    han = column.wordy("han") >= 0.5
    long = column.mean_length >= (12 if han else 28)
    spaced = han or column.wordy("two_words") >= 0.6
    return long and spaced and column.uniqueness >= 0.1 and column.share("url", "number", "date") < 0.3


_LISTS: Final = {
    "person.gender": 3.6, "person.title": 3.4, "person.marital_status": 3.6, "person.education": 3.6,
    "person.ethnicity": 4.6, "person.religion": 4.6, "person.politics": 4.6, "person.sexuality": 4.6,
    "person.health": 4.2, "person.language": 2.6, "person.nationality": 2.6, "contact.country": 3.4,
    "contact.region": 3.0, "contact.city": 3.0, "job.title": 3.2, "finance.card_detail": 3.4,
    "trade.payment_method": 3.4, "account.loyalty": 3.0, "taste.marketing": 2.6,
}  # fmt: skip
_PLAIN: Final = {"flag": 2.0, "status": 2.6, "currency": 2.6, "color": 1.0, "channel": 2.4, "month": 1.4}


def _lists(column: ColumnProfile) -> Iterator[Evidence]:
    sample = [vocabulary.simplified(vocabulary.fold(value)) for value in column.sample]
    if not sample or vocabulary.generic(sample):
        return
    tinted = vocabulary.share("color", sample) == 1  # black and white are origins too
    for cls, full in _LISTS.items():
        share = vocabulary.share(cls, sample) if cls != "person.ethnicity" or not tinted else 0.0
        if share >= 0.6 and not (cls.startswith("contact.") and max(map(len, sample)) <= 2 and share < 0.9):
            yield Evidence(cls, full - 2 * (1 - share), f"{_per(share)} of the distinct values are words of this class")
    for kind, full in _PLAIN.items():
        share = vocabulary.share(kind, sample)
        if share >= 0.7:
            yield Evidence("record.code", full, f"values are words for a {kind}")


def _rest(column: ColumnProfile) -> Iterator[Evidence]:
    dated = dates(column)
    if dated >= 0.6:
        yield from _dated(column)
    elif (
        column.share("digits") >= 0.9 and column.uniqueness >= 0.95 and column.told >= 20 and not shapes.amounts(column)
    ):
        yield Evidence("record.key", 2.0, "whole numbers, each only once")
    elif column.share("code_number") >= 0.8 and column.uniqueness >= 0.9:
        yield Evidence("record.key", 1.8, "numbers with letters, each only once")


def _dated(column: ColumnProfile) -> Iterator[Evidence]:
    years = sorted(int(match[0]) for value in column.sample if (match := _YEAR.search(value)))
    low, high = (years[len(years) // 10], years[-1 - len(years) // 10]) if years else (0, 0)
    if (
        len(years) >= 8
        and not shapes.terms(column)
        and low <= 1992
        and high - low >= 15
        and high <= 2020
        and column.share("clock") < 0.5
    ):
        yield Evidence("person.birth_date", 3.0, f"dates between {low} and {high}")
    yield Evidence("record.time", 1.6, "dates")


def dates(column: ColumnProfile) -> float:
    """Share of values that are dates or instants."""
    return column.share("date", "date_words", "date_compact", "date_era", "month_only")


_PROVINCES: Final = frozenset(
    map(
        str,
        (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82),
    )
)


def divisions(column: ColumnProfile) -> bool:
    """Whether the numbers are codes of Chinese provinces, cities and counties (GB/T 2260): six digits, or nine or twelve of villages."""
    sample = column.sample
    right = sum(len(one) in {6, 9, 12} and one[:2] in _PROVINCES for one in sample)
    return bool(sample) and right >= _NEARLY * len(sample)


def _phones(column: ColumnProfile) -> bool:
    short = column.share("digits") if 5 <= column.mean_length <= 16 else 0
    shaped = column.share("phone") + column.share("masked") + short + column.share("cn_mobile") >= 0.25
    return (shaped or shapes.reached(column)) and dates(column) < 0.5


def _figures(column: ColumnProfile) -> bool:
    return column.share("some_digit") >= 0.25 and dates(column) < 0.5


def _instants(column: ColumnProfile) -> bool:
    return dates(column) + column.share("clock", "epoch", "year", "month_day", "digits") >= 0.25


def _spoken(column: ColumnProfile) -> bool:
    return column.share("some_digit") < 0.5 and column.mean_length < 60


def _numbers(least: float) -> Callable[[ColumnProfile], bool]:
    return lambda c: (
        c.share("some_digit") >= 0.25
        and least <= c.mean_length <= _LONGEST
        and dates(c) < 0.6
        and not c.share("decimal") > 0.5
    )


_LONGEST: Final = 30  # a digest or a key is no number of a paper
_CODED: Final = 60  # numbers so few are codes of a list


_FITS: Final[dict[str, Callable[[ColumnProfile], bool]]] = {
    "contact.email": lambda c: c.share("email", "masked") >= 0.05,
    "contact.phone": _phones,
    "person.birth_date": _instants,
    "trade.time": _instants,
    "record.time": _instants,
    "trade.amount": _figures,
    "finance.income": lambda c: c.share("some_digit") >= 0.2 or c.distinct <= 20,
    "finance.balance": lambda c: c.share("some_digit") >= 0.2 or c.distinct <= 10,
    "finance.credit": lambda c: c.share("some_digit") >= 0.2 or c.distinct <= 20,
    "person.age": lambda c: c.share("some_digit") >= 0.2 and c.mean_length <= 12 and dates(c) < 0.5,
    "name.full": lambda c: _spoken(c) or shapes.reached(c),
    "name.given": _spoken,
    "name.family": _spoken,
    "contact.city": lambda c: (c.share("number") < 0.5 or divisions(c)) and c.mean_length < 60 and dates(c) < 0.5,
    "contact.region": lambda c: _spoken(c) or divisions(c),
    "contact.country": lambda c: c.share("some_digit") < 0.5,
    "contact.address": lambda c: c.share("email", "ip", "url", "decimal") < 0.5 and dates(c) < 0.5,
    "contact.postal_code": lambda c: c.share("some_digit") >= 0.2 and c.mean_length <= 12,
    "id.cn_resident": lambda c: c.share("some_digit") >= 0.25 and c.mean_length >= 7 and dates(c) < 0.6,
    "id.passport": _numbers(5),
    "id.travel_permit": lambda c: _numbers(5)(c) and c.mean_length <= 12,
    "id.driver_license": _numbers(4),
    "id.national_other": _numbers(5),
    "id.us_ssn": _numbers(3.5),
    "id.tax": _numbers(5),
    "finance.card_number": _numbers(8),
    "finance.bank_account": lambda c: (
        (c.mean_length >= 6 or (c.mean_length >= 3 and c.share("digits") >= 0.9))
        and not c.share("decimal", "clock") > 0.5
    ),
    "account.secret": lambda c: (
        not _COUNTED.search(c.name) or c.share("digits") < 0.9 or c.mean_length >= _FEW
    ),  # what queues are counted by is no secret; an answer or a key of a few digits is one all the same
    "device.ip": lambda c: c.share("ip", "ip6") >= 0.1,
    "device.mac": lambda c: c.share("mac") >= 0.1,
    "person.gender": lambda c: c.distinct <= 12 or c.told < 12,
    "person.marital_status": lambda c: c.distinct <= 20 or c.told < 12,
    "vehicle.plate": lambda c: 3 <= c.mean_length <= 12,
    "account.customer_id": lambda c: dates(c) < 0.5 and c.share("decimal") < 0.5 and c.mean_length <= 64,
    "record.key": lambda c: dates(c) < 0.5 and c.share("decimal") < 0.5 and c.mean_length <= 64,
    "trade.payment_method": lambda c: dates(c) < 0.5 and c.share("decimal") < 0.5,
    "text.free": lambda c: c.share("number") < 0.8 and dates(c) < 0.6,
    "org.name": lambda c: c.share("number") < 0.8 and dates(c) < 0.5,
    "org.cn_uscc": lambda c: c.mean_length >= 9,
    "job.title": lambda c: c.share("number") < 0.8 or c.distinct <= _CODED,
    "trade.item": lambda c: dates(c) < 0.5,
    "record.code": lambda c: dates(c) < 0.5,
    "person.photo": lambda c: c.share("number") < 0.8,
    "person.language": lambda c: c.share("number") < 0.8 or c.distinct <= _CODED,
    "person.education": lambda c: dates(c) < 0.5,
    "contact.url": lambda c: c.share("number") < 0.5,
    "location.position": lambda c: c.share("some_digit") >= 0.3,
    "taste.marketing": lambda c: c.distinct <= 12 or dates(c) > 0.3 or c.told < 12,
}


def fits(cls: str, column: ColumnProfile) -> bool:
    """Whether values can be of the class that the header names. A column without values fits anything."""
    test = _FITS.get(cls)
    return test is None or not column.told or test(column)
