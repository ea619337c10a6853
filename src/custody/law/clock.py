"""The form of a clock: from which event, how long, counted how, in which zone (spec/law.md §6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from custody.law.faults import Faults
from custody.law.lined import Lined
from custody.law.predicate import Predicate
from custody.law.reading import read
from custody.law.schema import Schema
from custody.law.terms import Terms

UNITS: Final = ("hours", "days", "weeks", "months", "years", "working_days")
BOUNDS: Final = ("at_latest", "not_before", "before_event")
KEYS: Final = frozenset((
    "duty", "event", "when", "span", "immediate", "none", "until", "bound", "zone", "extension", "or_earlier",
    "counted_from", "pauses", "source",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """So many of one unit."""

    amount: int
    unit: str


@dataclass(frozen=True, slots=True)
class Until:
    """The next time this local day of the year comes."""

    month: int
    day: int


Due = Span | Until | Literal["immediate", "none"]


@dataclass(frozen=True, slots=True)
class Extension:
    """Where `when` holds, the clock runs `span` in all."""

    when: Predicate
    span: Span


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock of a rule. `or_earlier` are facts whose moments end it sooner."""

    due: Due
    events: tuple[str, ...]
    bound: str
    zone: str
    source: str
    duty: str = ""
    when: Predicate | None = None
    extension: Extension | None = None
    or_earlier: tuple[str, ...] = ()
    from_year_end: bool = False
    pauses: bool = False


def read_clocks(row: Mapping[str, Any], place: str, schema: Schema, terms: Terms, faults: Faults) -> tuple[Clock, ...]:
    """The clocks of a rule; each fault is noted with its line."""
    given = row.get("clocks", [])
    if not isinstance(given, list) or any(not isinstance(one, Lined) for one in given):
        faults.add(row.at("clocks") if isinstance(row, Lined) else 1, "clocks is a list of clocks")
        return ()
    made = [_clock(one, place, terms.over(schema), terms, faults) for one in given]
    return tuple(one for one in made if one)


def _clock(row: Lined, place: str, schema: Schema, terms: Terms, faults: Faults) -> Clock | None:
    before = len(faults.found)
    for key in sorted(set(row) - KEYS):
        faults.add(row.at(key), f"a clock has no {key}")
    due, bound, zone = _due(row, faults), row.get("bound", "at_latest"), str(row.get("zone") or terms.zone(place))
    if bound not in BOUNDS:
        faults.add(row.at("bound"), f"bound is one of {', '.join(BOUNDS)}")
    if not isinstance(row.get("source"), str) or not row["source"]:
        faults.add(row.line, "a clock names its source")
    if row.get("counted_from", "year_end") != "year_end" or not isinstance(row.get("pauses", False), bool):
        faults.add(row.line, "counted_from is year_end; pauses is true or false")
    made = Clock(
        due=due or "none",
        events=_events(row, terms, faults),
        bound=str(bound),
        zone=_zone(zone, row, faults),
        source=str(row.get("source", "")),
        duty=str(row.get("duty", "")),
        when=read(row["when"], schema, faults, row.at("when")) if "when" in row else None,
        extension=_extension(row, schema, due, faults),
        or_earlier=_or_earlier(row, schema, faults),
        from_year_end="counted_from" in row,
        pauses=bool(row.get("pauses")),
    )
    return made if len(faults.found) == before else None


def _due(row: Lined, faults: Faults) -> Due | None:
    named = [word for word in ("span", "until", "immediate", "none") if word in row]
    if len(named) != 1 or (named[0] in {"immediate", "none"} and row[named[0]] is not True):
        faults.add(row.line, "a clock has exactly one of span, until, immediate: true, none: true")
        return None
    if named[0] == "span":
        return _span(row["span"], row.at("span"), faults)
    return _until(row["until"], row.at("until"), faults) if named[0] == "until" else _word(named[0])


def _word(name: str) -> Due:
    return "immediate" if name == "immediate" else "none"


def _span(value: object, line: int, faults: Faults) -> Span | None:
    if isinstance(value, Lined) and len(value) == 1:
        ((unit, amount),) = value.items()
        if unit in UNITS and isinstance(amount, int) and not isinstance(amount, bool) and amount > 0:
            return Span(amount, unit)
    faults.add(line, f"a span is one of {', '.join(UNITS)} with a positive whole number")
    return None


def _until(value: object, line: int, faults: Faults) -> Until | None:
    if isinstance(value, Lined) and set(value) == {"month", "day"}:
        month, day = value["month"], value["day"]
        if month in range(1, 13) and day in range(1, 29 if month == 2 else 31 if month in {4, 6, 9, 11} else 32):
            return Until(month, day)
    faults.add(line, "until is a month and a day that every year has")
    return None


def _extension(row: Lined, schema: Schema, due: Due | None, faults: Faults) -> Extension | None:
    given = row.get("extension")
    if given is None:
        return None
    if (
        not isinstance(given, Lined)
        or len({"adds", "total"} & set(given)) != 1
        or set(given) - {"when", "adds", "total"}
    ):
        faults.add(row.at("extension"), "an extension has when, and adds or total")
        return None
    word = "adds" if "adds" in given else "total"
    span, when = _span(given[word], given.line, faults), read(given.get("when"), schema, faults, given.line)
    if not span or not when or not isinstance(due, Span):
        faults.add(given.line, "an extension needs a span to extend")
        return None
    if word == "total":
        return Extension(when, span)
    if span.unit != due.unit:
        faults.add(given.line, "adds has the unit of the span; write total otherwise")
        return None
    return Extension(when, Span(due.amount + span.amount, span.unit))


def _events(row: Lined, terms: Terms, faults: Faults) -> tuple[str, ...]:
    given = row.get("event")
    names = [str(one) for one in (given if isinstance(given, list) else [given])]
    unknown = [name for name in names if name not in terms.events]
    if unknown:
        faults.add(row.at("event"), f"{', '.join(unknown)}: no start event in clocks.yaml has this name")
    return tuple(names)


def _or_earlier(row: Lined, schema: Schema, faults: Faults) -> tuple[str, ...]:
    names = row.get("or_earlier", [])
    if not isinstance(names, list) or any(
        getattr(schema.leaves.get(str(one)), "kind", "") != "instant" for one in names
    ):
        faults.add(row.at("or_earlier"), "or_earlier is a list of facts that are instants")
        return ()
    return tuple(str(one) for one in names)


def _zone(name: str, row: Lined, faults: Faults) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        faults.add(row.at("zone"), "the zone is not in the time zone database")
    return name
