"""From a subject's fact row to schema leaves, and to the places whose law applies (docs/architecture.md §4)."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Final

from custody.base.canonical import Json

_CATEGORY: Final = {
    "finance.": "financial_account", "person.health": "medical_health", "person.biometric": "biometric",
    "person.religion": "religious_belief", "location.": "location_track", "person.criminal": "criminal_conviction",
    "person.ethnicity": "special", "person.politics": "special", "person.sexuality": "special",
}  # fmt: skip
# What no column shows of one person: the matter's own statement counts for everybody, in every compartment or where it is sensitive.
_TOLD_OF_ALL: Final = frozenset(("device_identifiers", "npi", "phi"))
_TOLD_OF_SENSITIVE: Final = frozenset(
    ("credit_information", "face", "human_genetic", "public_place_images", "specific_identity")
)
_MONTH: Final = re.compile(r"\d{4}-\d{2}")
_EEA: Final = (
    "AT", "BE", "BG", "CY", "CZ", "DK", "EE", "ES", "FI", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL",
    "PT", "RO", "SE", "SI", "SK",
)  # fmt: skip
_ALSO: Final = {
    "DE": ("DE", "EU"), "FR": ("EU", "FR"), "US-CA": ("US", "US-CA"), "CA-QC": ("CA", "CA-QC"), "GB": ("UK",),
    **dict.fromkeys(_EEA, ("EU",)),
}  # fmt: skip

_READ: Final = ("residence", "categories", "contract_status", "objected")
_AGES: Final = (13, 14, 16, 18)
_IDLE: Final = "inactive_years"
# Differs from month to month: part of a case only where a law of its places asks for it.
INACTIVE: Final = "data.inactive_years"
_LONG_AGO, _NOT_YET = date.min.isoformat(), date.max.isoformat()

# Data names the country, seldom the state: whose law is not excluded binds, for unknown never clears.
_PERHAPS: Final = {"US": ("US", "US-CA"), "CA": ("CA", "CA-QC")}


def read(row: Mapping[str, Json], on: date) -> tuple[tuple[str, Json], ...]:
    """What `facts` and `regimes` read of a fact row on that day; people who agree on it are one case."""
    known = [(name, row[name]) for name in _READ if name in row]
    turns = [(f"turns_{years}_on", row.get(f"turns_{years}_on")) for years in _AGES]
    passed = [
        (name, _LONG_AGO if date.fromisoformat(day) <= on else _NOT_YET) for name, day in turns if isinstance(day, str)
    ]
    idle = [(_IDLE, years)] if (years := _inactive(row, on)) is not None else []
    return tuple((name, tuple(value) if isinstance(value, list) else value) for name, value in (*known, *passed, *idle))


def changes_after(row: Mapping[str, Json], on: date) -> str:
    """The first later day on which `read` says something else of this person; empty where there is none."""
    days = (row.get(f"turns_{years}_on") for years in _AGES)
    turns = [day for day in days if isinstance(day, str) and day > on.isoformat()]
    idle = row.get("contract_status") != "active" and _inactive(row, on) is not None
    return min([*turns, *([_next_month(on)] if idle else [])], default="")


def regimes(row: Mapping[str, Json], seller: str) -> tuple[str, ...]:
    """The law of the seller's place and of the person's own; empty when the person's is unknown, which never clears."""
    place = row.get("residence")
    if not isinstance(place, str) or not place or not seller:
        return ()
    return tuple(sorted({*established(seller), *laws(place)}))


def established(place: str) -> tuple[str, ...]:
    """Whose law binds a company of a place: its state is known."""
    return _ALSO.get(place, (place,))


def laws(place: str) -> tuple[str, ...]:
    """Whose law counts for those of a place; where data names a country and not its state, that of each that has one."""
    return _ALSO.get(place, _PERHAPS.get(place, (place,)))


def facts(row: Mapping[str, Json], tier: str, purposes: Sequence[str], on: date, told: Json = None) -> dict[str, Json]:
    """`data.*` of this person in a compartment of this tier; `told` are the categories the matter states.

    Ages stay unknown without a birth date; years without dealings are as the deal states where the row does not tell.
    """
    stated = _TOLD_OF_ALL | (_TOLD_OF_SENSITIVE if tier == "sensitive" else frozenset())
    found: dict[str, Json] = {"data.categories": sorted(_categories(row, tier) | stated.intersection(_texts(told)))}
    for years in _AGES:
        turns = row.get(f"turns_{years}_on")
        if isinstance(turns, str):
            found[f"data.minors_u{years}"] = date.fromisoformat(turns) > on
    idle = row.get(_IDLE, _inactive(row, on))
    if idle is not None:
        found[INACTIVE] = _between(idle)
    status = row.get("contract_status")
    if status in {"active", "ended"}:
        found["data.contract_status"] = "active" if status == "active" else "ended_retention_only"
    if status == "ended" and "legal" in purposes:
        found |= {"retention.purpose_ended": True, "retention.statutory_hold": True}
    return found


def _inactive(row: Mapping[str, Json], on: date) -> str | int | None:
    """Years since the last dealings, in months begun: only the month is kept, and unknown days never clear."""
    if row.get("contract_status") == "active":
        return 0
    month = row.get("last_activity")
    if not isinstance(month, str) or not _MONTH.fullmatch(month):
        return None
    begun = 12 * (on.year - int(month[:4])) + on.month - int(month[5:]) + (on.day > 1)
    years = Fraction(max(0, begun), 12)
    return int(years) if years.denominator == 1 else str(years)


def _between(years: Json) -> Json:
    """Whole years as they are, what lies between two of them as their middle.

    Rules count in whole years, so nothing else is decided, and people of different months are one case.
    """
    exact = Fraction(str(years))
    return str(exact // 1 + Fraction(1, 2)) if exact.denominator > 1 else years


def _next_month(on: date) -> str:
    """The next day on which another month has begun for somebody."""
    if on.day == 1:
        return on.replace(day=2).isoformat()
    return date(on.year + on.month // 12, on.month % 12 + 1, 2).isoformat()


def _categories(row: Mapping[str, Json], tier: str) -> set[str]:
    names = _texts(row.get("categories"))
    found = {"device_identifiers"} if any(name.startswith("device.") for name in names) else set()
    if tier != "sensitive":
        return found | {"general"}
    return found | {"sensitive"} | {kind for name in names for lead, kind in _CATEGORY.items() if name.startswith(lead)}


def _texts(value: Json) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list | tuple) else []
