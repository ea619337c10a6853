"""The form of a rule's own keys: which there are, in which language, of which kind (spec/law.md §4, §12)."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from custody.law.lined import Lined

KINDS: Final = ("BLOCK", "DUE", "DUTY", "INFO", "FACTOR")
SCOPES: Final = ("matter", "subject", "compartment")
CONFIDENCE: Final = ("H", "M", "L")
FORCES: Final = ("recommended",)
VERDICTS: Final = ("wait", "withhold", "retain_only", "destroy")
NEEDED: Final = ("id", "title", "reference", "from", "confidence", "kind", "scope", "when", "says")
GROUND: Final = "GROUND"
"""Why a right ends: it obliges nobody, so it has no condition that fires, and is named by whoever refuses."""
_GROUND_NEEDED: Final = ("id", "title", "reference", "from", "confidence", "kind", "refuses", "says", "to_customer")
_GROUND_KEYS: Final = frozenset((*_GROUND_NEEDED, "to", "note"))
KEYS: Final = frozenset((
    *NEEDED, "to", "to_customer", "evidence", "refused_by", "before", "verdict", "contents", "clocks", "note", "absolute", "published", "force",
    "refuses",
))  # fmt: skip
PLACES: Final = ("website", "visible_place", "newspaper")
NOTICE: Final = "notice.delivered"
_YEAR: Final = 366
_ID: Final = re.compile(r"[A-Z][A-Z0-9]*(-[A-Za-z0-9.]+)+")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")
_CHOICES: Final = {
    "kind": (*KINDS, GROUND),
    "scope": SCOPES,
    "confidence": CONFIDENCE,
    "verdict": ("", *VERDICTS),
    "force": ("", *FORCES),
}
_REFERENCE: Final = frozenset(("instrument", "article", "official"))


def needed(row: Lined) -> tuple[str, ...]:
    """The keys without which it is nothing."""
    return _GROUND_NEEDED if row.get("kind") == GROUND else NEEDED


def faults_of(row: Lined) -> Iterator[tuple[str, str]]:
    """Faults of a rule that has every needed key: (key, what is wrong)."""
    yield from _keys(row)
    yield from _words(row)
    for name, allowed in _CHOICES.items():
        if name in row and row[name] not in allowed:
            yield name, f"{name} is one of {', '.join(filter(None, allowed))}"
    for name in ("evidence", "refused_by", "contents"):
        if not all(isinstance(one, str) and _NAME.fullmatch(one) for one in listed(row, name)):
            yield name, f"{name} is a list of dotted names"
    if not isinstance(row["id"], str) or not _ID.fullmatch(row["id"]):
        yield "id", "an id is capitals and digits in parts, like CN-TRANSFER-22"
    if day(row["from"]) is None or ("to" in row and (day(row["to"]) or date.min) < (day(row["from"]) or date.max)):
        yield "from", "from and to are days, YYYY-MM-DD, in this order"
    if row["kind"] == "BLOCK" and row["scope"] == "matter" and not row.get("before"):
        yield "kind", "a matter's BLOCK says before which stage"
    if "published" in row and not _shown(row):
        yield (
            "published",
            "published maps website, visible_place, newspaper to days, for a rule that notice.delivered satisfies",
        )
    if "absolute" in row and (row["absolute"] is not True or row["kind"] != "BLOCK" or row.get("evidence")):
        yield "absolute", "absolute: true is for a BLOCK that no evidence satisfies"


def _keys(row: Lined) -> Iterator[tuple[str, str]]:
    known, word = (_GROUND_KEYS, "ground") if row["kind"] == GROUND else (KEYS, "rule")
    yield from ((key, f"a {word} has no {key}") for key in sorted(set(row) - known))
    if "refuses" in row and "to_customer" not in row:
        yield "refuses", "who is refused is told why: to_customer"


def _shown(row: Lined) -> bool:
    """Whether places and days of a public notice are of their form."""
    given = row["published"]
    return (
        isinstance(given, dict)
        and bool(given)
        and set(given) <= set(PLACES)
        and all(type(days) is int and 1 <= days <= _YEAR for days in given.values())
        and NOTICE in listed(row, "evidence")
    )


def _words(row: Lined) -> Iterator[tuple[str, str]]:
    for name in ("title", "says", "to_customer"):
        if name in row and not bilingual(row[name]):
            yield name, f"{name} must hold zh and en and nothing else (quote a text that has a comma)"
    given = row["reference"]
    if not isinstance(given, dict) or not {"instrument", "article"} <= set(given) <= _REFERENCE:
        yield "reference", "reference holds instrument, article, official (quote an article that has a comma)"
    elif not all(isinstance(one, str) and one for one in given.values()):
        yield "reference", "reference holds texts (quote a number)"


def bilingual(given: object) -> bool:
    """Whether both languages are there and nothing else."""
    return (
        isinstance(given, dict)
        and set(given) == {"zh", "en"}
        and all(isinstance(one, str) and one for one in given.values())
    )


def listed(row: Lined, name: str) -> list[Any]:
    """The list under a key; what is no list becomes one fault."""
    given = row.get(name, [])
    return given if isinstance(given, list) else [None]


def day(value: object) -> date | None:
    """A day, if it is one."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
