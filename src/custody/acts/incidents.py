"""Incidents as matters: finding one, its facts, whom the law says to tell and by when (E2; spec/incidents.md)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Final, cast

from custody.acts import lawbook
from custody.acts.desk import day_at
from custody.acts.matters import detail_of, facts_of
from custody.base.canonical import Json
from custody.base.clock import parse, stamp
from custody.base.errors import CustodyError, Missing, Refused
from custody.law.check import DAY, check
from custody.law.deadlines import Deadline, deadlines
from custody.law.due import Due
from custody.law.pack import Packs, Rule
from custody.law.possible import with_ages
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction, one

KIND: Final = "incident"
OPEN, CLOSED = "open", "closed"
DISCOVERED: Final = "incident.discovered_at"
RECORDERS: Final = ("owner", "privacy", "lawyer", "data", "department", "operator")
DECIDERS: Final = ("owner", "privacy", "lawyer")
READERS: Final = (*RECORDERS, "auditor")
COUNTED: Final = "counted"
"""Where a counting is kept in the detail."""
NOBODY: Final = "nobody"
TOLD: Final = ("authority", "people", "both", NOBODY)
SAID: Final = range(10, 2001)
"""How many signs a reason has."""


def incident(tx: Transaction, party: str, ref: str) -> Row:
    """Raises Missing `incident.unknown`."""
    found = one(tx, "matter", party=party, kind=KIND, ref=ref)
    if found is None:
        raise Missing("incident.unknown", "There is no such incident.", next="custody incident list")
    return found


def live(tx: Transaction, party: str, ref: str) -> Row:
    """One that is not closed. Raises Refused `incident.closed`."""
    row = incident(tx, party, ref)
    if row["state"] == CLOSED:
        raise Refused(
            "incident.closed", f"{ref} is closed: nothing of it changes any more.", next="custody incident list"
        )
    return row


def told(tx: Transaction, laws: Laws, row: Row, place: str, now: str) -> dict[str, Json]:
    """An incident as every verb tells it; `place` is the company's own."""
    detail, facts = detail_of(row), facts_of(tx, str(row["id"]))
    lines = duties(laws, detail, facts, place, now)
    return {
        "incident": str(row["ref"]), "state": str(row["state"]), "discovered_at": str(facts[DISCOVERED]), "recorded_at": str(detail["recorded_at"]),
        "closed_at": str(detail["closed_at"]), "version": cast("int", row["version"]), "regimes": list[Json](places(detail)), "facts": facts,
        "duties": list[Json](lines), "owed": sum(not line["told_on"] for line in lines), "late": sum(bool(line["late"]) for line in lines),
    }  # fmt: skip


def places(detail: Mapping[str, Json]) -> list[str]:
    """Whose law counts for it."""
    return [str(each) for each in cast("Sequence[Json]", detail["places"])]


def counted(detail: Mapping[str, Json]) -> Mapping[str, Mapping[str, Json]]:
    """{vault: its newest counting}."""
    return cast("Mapping[str, Mapping[str, Json]]", detail.get(COUNTED, {}))


def classes(detail: Mapping[str, Json]) -> set[str]:
    """The kinds of data in the columns that were counted and of which somebody has something."""
    lists = [cast("Sequence[Mapping[str, Json]]", one["columns"]) for one in counted(detail).values()]
    return {str(each["class"]) for columns in lists for each in columns}


def duties(
    laws: Laws, detail: Mapping[str, Json], facts: Mapping[str, Json], place: str, now: str
) -> list[dict[str, Json]]:
    """Whom to tell by when, the most urgent first; what is only possible is among them."""
    packs, zones = lawbook.packs(laws), lawbook.zones(laws)
    found, asked = day(facts, place, zones), known(facts, place, zones)
    outcome = check(packs, asked, tuple(places(detail)), found)
    marks = cast("Sequence[Mapping[str, Json]]", detail["done"])
    done = {(str(each["rule"]), str(each["duty"])): each for each in marks}
    fires: list[tuple[Rule, tuple[str, ...]]] = [(rule, ()) for rule in outcome.fired]
    lines = [
        _line(rule, packs, each, lacks, done.get((rule.id, each.duty), {}), now)
        for rule, lacks in (*fires, *outcome.unknown)
        for each in _owed(packs, rule, asked)
    ]
    return sorted(lines, key=_urgent)


def day(facts: Mapping[str, Json], place: str, zones: Mapping[str, str]) -> date:
    """The day whose law counts: that of the discovery, where the company is."""
    return day_at(place, zones, parse(str(facts[DISCOVERED])))


def known(facts: Mapping[str, Json], place: str, zones: Mapping[str, str]) -> Mapping[str, Json]:
    """The facts as rules are asked of them: those of the incident, and what every incident is."""
    return with_ages(
        {
            "seller.jurisdiction": place,
            "event.kind": KIND,
            "event.identifiability": "identifiable",
            DAY: day(facts, place, zones).isoformat(),
            **facts,
        }
    )


def _urgent(line: Mapping[str, Json]) -> tuple[bool, bool, str, str]:
    """What was done last; at once first, then by its instant, then what has none yet."""
    return bool(line["told_on"]), line["due_at"] != "immediate", str(line["due_at"] or "~"), str(line["rule"])


def _owed(packs: Packs, rule: Rule, facts: Mapping[str, Json]) -> Iterator[Deadline]:
    """The duties that count from a moment of an incident; one that the law says is not owed is none."""
    try:
        found = deadlines(packs, rule, facts)
    except CustodyError:  # a calendar that is not known yet leaves the date open, and the duty stands
        clocks = [(clock.duty, name) for clock in rule.clocks for name in clock.events]
        found = tuple(Deadline(duty, name, Due(None, None, frozenset(("calendar",)))) for duty, name in clocks)
    for each in found:
        ours = packs.terms.events[each.event].fact.startswith("incident.")
        if ours and not _spared(each):
            yield each


def _spared(each: Deadline) -> bool:
    """Whether no such duty is owed: the law says none, or only says how long to keep."""
    clock = each.due.clock
    if clock is not None and (clock.due == "none" or clock.bound == "not_before"):
        return each.due.at is None or clock.bound == "not_before"
    return each.due.at is None and not each.fact and not each.due.missing


def _line(
    rule: Rule, packs: Packs, each: Deadline, missing: Sequence[str], done: Mapping[str, Json], now: str
) -> dict[str, Json]:
    due = stamp(each.due.at) if isinstance(each.due.at, datetime) else str(each.due.at or "")
    lacks = sorted({*missing, *each.due.missing, *([each.fact] if each.fact else [])})
    on = str(done.get("on", ""))
    return {
        "rule": rule.id, "duty": each.duty, "for": dict(packs.terms.duty(each.duty)), "title": dict(rule.title), "law": f"{rule.reference['instrument']} {rule.reference['article']}", "reference": dict(rule.reference), "due_at": due,
        "certain": not lacks, "missing": list[Json](lacks), "told_to": str(done.get("to", "")), "told_on": on,
        "late": done.get("to") != NOBODY and due not in ("", "immediate") and parse(due) < parse(on or now),
    }  # fmt: skip
