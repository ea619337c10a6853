"""The typed facts: what may be known, of which type, and which values matter (spec/law.md §2)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from custody.base.canonical import Json
from custody.law.faults import Faults
from custody.law.lined import Lined, documents
from custody.law.number import amount, is_number, is_whole, written

TYPES: Final = ("boolean", "integer", "number", "date", "instant")
_WORDS: Final = ("zh", "en", "asks_zh", "asks_en")
_KEYS: Final = frozenset((*_WORDS, "type", "one_of", "some_of", "most"))
# No law here is older and no term runs longer; outside, counting would leave the calendar.
YEARS: Final = range(1900, 2901)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_INSTANT: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})")


@dataclass(frozen=True, slots=True)
class Leaf:
    """One fact: what it is called, what is asked, and its `kind`: a type, `one_of` or `some_of`.

    `values` maps an allowed value to its Chinese name.
    """

    name: str
    kind: str
    zh: str
    en: str
    values: Mapping[str, str]
    most: int | None = None
    asks_zh: str = ""
    asks_en: str = ""

    def fault(self, value: Json) -> str:
        """What is wrong with a given value; empty if nothing is. The value itself is never repeated."""
        if self.kind == "some_of":
            return self._list_fault(value)
        if self.kind == "one_of":
            return "" if isinstance(value, str) and value in self.values else f"must be one of {', '.join(self.values)}"
        return "" if self._is(value) else f"must be {_SAY[self.kind]}"

    def _list_fault(self, value: Json) -> str:
        if not isinstance(value, list | tuple):
            return "must be a list"
        if any(not isinstance(one, str) or one not in self.values for one in value):
            return f"must hold only {', '.join(self.values)}"
        return "" if len(set(map(str, value))) == len(value) else "must not name a value twice"

    def exact(self, value: Json) -> Json:
        """A faultless value as it is kept: 5.0 as 5, a number that is not whole as exact text, `2.5` or `5/3`, never as a float."""
        return written(amount(value)) if self.kind in {"integer", "number"} else value

    def _is(self, value: Json) -> bool:
        if self.kind == "boolean":
            return isinstance(value, bool)
        if self.kind in {"date", "instant"}:
            return isinstance(value, str) and _is_time(value, self.kind)
        if not is_number(value) or (self.kind == "integer" and not is_whole(value)):
            return False
        number = amount(value)
        return number >= 0 and (self.most is None or number <= self.most)


@dataclass(frozen=True, slots=True)
class Schema:
    """Every known leaf by its name, `group.leaf`."""

    leaves: Mapping[str, Leaf]

    def __contains__(self, name: object) -> bool:
        return name in self.leaves

    def called(self, leaf: str) -> tuple[str, ...]:
        """The full names of a bare leaf name: `severity` is `incident.severity`."""
        return tuple(name for name in self.leaves if name.partition(".")[2] == leaf)


def read_schema(text: str, file: str = "facts.yaml") -> Schema:
    """Read `facts.yaml`. Raises Malformed `law.schema` with every fault."""
    faults = Faults(file)
    leaves: dict[str, Leaf] = {}
    for group, rows in _only(documents(text, faults)).items():
        for name, row in _only([rows]).items():
            full = f"{group}.{name}"
            leaves[full] = read_leaf(full, row, faults)
    faults.stop("law.schema", "Correct the facts named; nothing was loaded.")
    return Schema(leaves)


def read_leaf(name: str, row: object, faults: Faults) -> Leaf:
    """One fact: labels in both languages and either a type or the allowed values."""
    given = row if isinstance(row, Lined) else Lined()
    if not given:
        faults.add(1, f"{name} says nothing")
    named = [word for word in ("one_of", "some_of") if isinstance(given.get(word), Mapping)]
    kind = named[0] if named else str(given.get("type"))
    if set(given) - _KEYS or (not named and kind not in TYPES):
        faults.add(given.line, f"{name} needs a type ({', '.join(TYPES)}), one_of or some_of")
    if not all(isinstance(given.get(lang), str) and given[lang] for lang in _WORDS):
        faults.add(given.line, f"{name} needs {', '.join(_WORDS)}")
    values: Mapping[str, Any] = given[named[0]] if named else {}
    zh, en, asks_zh, asks_en = (str(given.get(word)) for word in _WORDS)
    return Leaf(name, kind, zh, en, dict(values), given.get("most"), asks_zh, asks_en)


def _only(found: Iterable[object]) -> Lined:
    first = next(iter(found), None)
    return first if isinstance(first, Lined) else Lined()


def _is_time(value: str, kind: str) -> bool:
    if not (_DAY if kind == "date" else _INSTANT).fullmatch(value):
        return False
    try:
        found = date.fromisoformat(value) if kind == "date" else datetime.fromisoformat(value)
    except ValueError:
        return False
    return found.year in YEARS


_SAY: Final = {
    "boolean": "true or false", "integer": "a whole number that is not negative", "number": 'a number that is not negative, exact: 2, 2.5 or "5/3"',
    "date": "a day, YYYY-MM-DD, from 1900 to 2900", "instant": "an instant with an offset, 2026-03-16T14:30:00+08:00, from 1900 to 2900",
}  # fmt: skip
