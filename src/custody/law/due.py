"""When an obligation is due: which clock counts, from which event, under which text (spec/law.md §6)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, Literal
from zoneinfo import ZoneInfo

from custody.base.clock import parse
from custody.base.errors import Malformed, Missing
from custody.law import calendar
from custody.law.clock import Clock, Span, Until
from custody.law.pack import Packs, Rule
from custody.law.possible import Answer, ask
from custody.law.predicate import Facts, Predicate
from custody.law.schema import YEARS

_DAY: Final = "deal.on_date"
At = datetime | Literal["immediate"] | None


@dataclass(frozen=True, slots=True)
class Due:
    """`at` is a moment in the clock's zone, "immediate", or None for no deadline; `missing` would make it surer."""

    at: At
    clock: Clock | None = None
    missing: frozenset[str] = frozenset()


def due(packs: Packs, name: str, event: str, start: datetime, facts: Facts) -> Due:
    """The deadline of a rule. Raises Missing `law.rule`, Malformed `law.event`, `law.duty`, `clock.instant`."""
    if start.year not in YEARS:
        raise Malformed("clock.instant", f"Deadlines are counted from {YEARS[0]} to {YEARS[-1]}.")
    texts = packs.texts(name)
    if not texts:
        raise Missing("law.rule", "No rule has this id.", next="custody law rules", where={"rule": name})
    counted = [text for text in texts if text.clocks]
    if not counted:
        return Due(None)
    _known(packs, counted, event, facts)
    return _by_text(packs, counted, event, start, facts)


def due_under(packs: Packs, rule: Rule, event: str, start: datetime, facts: Facts) -> Due:
    """The deadline under one text of a rule; none where these facts say that the rule does not bind."""
    if packs.ask(rule, {name: value for name, value in facts.items() if name != _DAY}).value is False:
        return Due(None)
    found = [_of_duty(packs, rule, clocks, start, facts) for clocks in _by_duty(packs, rule, event, facts)]
    if not found:
        return Due(None)
    chosen = min(found, key=_strict)
    missing = chosen.missing | (frozenset(("duty",)) if len(found) > 1 else frozenset())
    return replace(chosen, missing=missing)


def _by_text(packs: Packs, texts: Sequence[Rule], event: str, start: datetime, facts: Facts) -> Due:
    """The text in force at the event; a duty to keep is counted by a newer text that came while it was running."""
    day = start.astimezone(ZoneInfo(packs.terms.zone(texts[0].regime))).date()
    found = next((due_under(packs, text, event, start, facts) for text in texts if text.in_force(day)), None)
    for text in texts:
        if text.start > day:
            newer = due_under(packs, text, event, start, facts)
            keeps = newer.clock is not None and newer.clock.bound == "not_before"
            if keeps and _runs_on(found or newer, text.start):
                found = newer
    return found or Due(None)


def _runs_on(one: Due, day: date) -> bool:
    return isinstance(one.at, datetime) and one.at.date() >= day


def _known(packs: Packs, texts: Sequence[Rule], event: str, facts: Facts) -> None:
    clocks = [clock for text in texts for clock in text.clocks]
    events = sorted({name for clock in clocks for name in clock.events})
    where = {"rule": texts[0].id}
    if packs.terms.event(event) not in events:
        raise Malformed("law.event", f"{texts[0].id} counts from: {', '.join(events)}.", where=where)
    duties, duty = {clock.duty for clock in clocks}, facts.get("duty")
    if duty is not None and duty not in duties and "" not in duties:
        raise Malformed("law.duty", f"{texts[0].id} has clocks for: {', '.join(sorted(duties))}.", where=where)


def _by_duty(packs: Packs, rule: Rule, event: str, facts: Facts) -> list[list[Clock]]:
    wanted, duty = packs.terms.event(event), facts.get("duty")
    found: dict[str, list[Clock]] = {}
    for clock in rule.clocks:
        if wanted in clock.events and duty in {None, clock.duty}:
            found.setdefault(clock.duty, []).append(clock)
    if not found and duty is not None:
        found[""] = [clock for clock in rule.clocks if wanted in clock.events and not clock.duty]
    return [clocks for clocks in found.values() if clocks]


def _of_duty(packs: Packs, rule: Rule, clocks: Sequence[Clock], start: datetime, facts: Facts) -> Due:
    """The first clock that holds; the strictest of those that may, with what would tell."""
    possible: list[Due] = []
    missing: frozenset[str] = frozenset()
    for clock in clocks:
        answer = _ask(packs, clock.when, facts)
        if answer.value is False:
            continue
        possible += _ends(packs, rule, clock, start, facts)
        missing |= answer.missing
        if answer.value:
            break
    else:
        possible.append(Due(None))
    chosen = min(possible, key=_strict)
    return replace(chosen, missing=missing.union(*(one.missing for one in possible)))


def _ask(packs: Packs, when: Predicate | None, facts: Facts) -> Answer:
    return Answer(True) if when is None else ask(when, facts, packs.terms.over(packs.schema))


def _ends(packs: Packs, rule: Rule, clock: Clock, start: datetime, facts: Facts) -> Iterator[Due]:
    """Where a clock can end: once, or with and without an extension that is not known."""
    if clock.due in {"immediate", "none"}:
        yield Due("immediate" if clock.due == "immediate" else None, clock)
        return
    days = packs.terms.places[rule.regime].days
    longer = clock.extension
    answer = _ask(packs, longer.when, facts) if longer else Answer(False)
    for span, held in ((longer.span if longer else None, True), (clock.due, False)):
        if span and answer.value in {held, None}:
            at, stopped = _end(replace(clock, due=span), days, start, facts)
            yield Due(at, clock, answer.missing | stopped)


def _end(clock: Clock, days: str, start: datetime, facts: Facts) -> tuple[datetime, frozenset[str]]:
    zone = ZoneInfo(clock.zone)
    begin = start.astimezone(zone)
    if clock.from_year_end:
        begin = calendar.end_of(date(begin.year, 12, 31), zone)
    if isinstance(clock.due, Until):
        return calendar.end_of(calendar.next_yearly(begin.date(), clock.due), zone), frozenset()
    assert isinstance(clock.due, Span)
    at = calendar.moved(begin, clock.due, zone, days, back=clock.bound == "before_event")
    at, missing = _paused(clock, clock.due, at, days, facts)
    sooner = [parse(str(facts[name])).astimezone(zone) for name in clock.or_earlier if facts.get(name) is not None]
    return min([at, *sooner]), missing


def _paused(clock: Clock, span: Span, at: datetime, days: str, facts: Facts) -> tuple[datetime, frozenset[str]]:
    """Add what a pause lasted. One that has not ended lengthens nothing yet."""
    stopped, resumed = facts.get("paused_at"), facts.get("resumed_at")
    if not clock.pauses or stopped is None:
        return at, frozenset()
    if resumed is None:
        return at, frozenset(("resumed_at",))
    first, last = (parse(str(one)).astimezone(at.tzinfo) for one in (stopped, resumed))
    if last < first:
        raise Malformed("law.facts", "resumed_at lies before paused_at", where={"fact": "resumed_at"})
    if first > at:
        return at, frozenset()
    zone = ZoneInfo(clock.zone)
    if span.unit == "hours":
        return datetime.fromtimestamp(at.timestamp() + (last - first).total_seconds(), zone), frozenset()
    if span.unit == "working_days":
        more = calendar.working_between(first.date(), last.date(), days)
        return calendar.moved(at, Span(more, span.unit), zone, days) if more else at, frozenset()
    return calendar.moved(at, Span((last.date() - first.date()).days, "days"), zone, days), frozenset()


def _strict(one: Due) -> tuple[int, float]:
    """At once, then the earliest date to act, then the latest date to keep until, then none."""
    if one.at == "immediate":
        return 0, 0.0
    if not isinstance(one.at, datetime):
        return 3, 0.0
    if one.clock is not None and one.clock.bound == "not_before":
        return 2, -one.at.timestamp()
    return 1, one.at.timestamp()
