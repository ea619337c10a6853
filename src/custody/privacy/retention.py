"""Until when something is kept, and what happens then: the rules of a policy and their clocks (spec/retention.md §1-2).

Rules: a clock whose start is not known never runs out; a span ends with the last moment of its last day, wherever on
Earth; the first rule that fits decides; no rule is shorter than what the law keeps.
"""

import calendar
import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final, cast

from custody.base.canonical import Json
from custody.base.errors import Malformed
from custody.privacy.written import toml


class Start(StrEnum):
    """The event that a clock starts with."""

    LAST_ACTIVITY = "last-activity"
    RELATION_END = "relation-end"
    WITHDRAWAL = "withdrawal"
    SEALED = "sealed"


class Then(StrEnum):
    """What happens at the end."""

    ERASE = "erase"
    STRIP = "strip"


@dataclass(frozen=True, slots=True)
class Rule:
    """How long what is kept under one retention word (and, where named, for these purposes, on this legal basis) is kept."""

    retention: str
    start: Start
    then: Then = Then.ERASE
    purposes: tuple[str, ...] = ()
    years: int = 0
    months: int = 0
    days: int = 0
    year_end: bool = False
    columns: tuple[str, ...] = ()
    basis: str = ""
    law: tuple[str, ...] = ()

    def fits(self, retention: str, purposes: Sequence[str], bases: Collection[str]) -> bool:
        """Whether it speaks of a compartment with this retention, these purposes and these bases."""
        return (
            self.retention == retention
            and (not self.purposes or set(purposes) <= set(self.purposes))
            and (not self.basis or set(bases) == {self.basis})
        )

    def last_day(self, start: date) -> date:
        """The last day on which it is kept."""
        begins = date(start.year, 12, 31) if self.year_end else start
        return _later(begins, 12 * self.years + self.months) + timedelta(days=self.days)

    def to_json(self) -> dict[str, Json]:
        """As it is signed."""
        return {
            "retention": self.retention, "start": str(self.start), "then": str(self.then), "purposes": list(self.purposes),
            "years": self.years, "months": self.months, "days": self.days, "year_end": self.year_end,
            "columns": list(self.columns), "basis": self.basis, "law": list(self.law),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Policy:
    """Rules, how many days what is due is listed before it goes, and until when nobody needs to be asked."""

    rules: tuple[Rule, ...]
    notice_days: int
    standing_until: str

    def rule_for(self, retention: str, purposes: Sequence[str], bases: Collection[str]) -> int | None:
        """The number of the first rule that fits."""
        return next((place for place, rule in enumerate(self.rules) if rule.fits(retention, purposes, bases)), None)

    def stands(self, on: date) -> bool:
        """Whether it lets what is due go without asking anybody again."""
        return bool(self.standing_until) and on.isoformat() <= self.standing_until

    def to_json(self) -> dict[str, Json]:
        """As it is signed."""
        rules: list[Json] = [rule.to_json() for rule in self.rules]
        return {"rules": rules, "notice_days": self.notice_days, "standing_until": self.standing_until}


@dataclass(frozen=True, slots=True)
class Clock:
    """What is known of one person: months are `YYYY-MM`, days ISO; '' is unknown."""

    status: str = ""
    last_activity: str = ""
    withdrawn_on: str = ""
    sealed_on: str = ""

    def began(self, start: Start) -> tuple[date | None, bool]:
        """(the day the clock started, whether that it has not started is known)."""
        if start is Start.WITHDRAWAL:
            return _day(self.withdrawn_on), True
        if start is Start.SEALED:
            return _day(self.sealed_on), False
        if start is Start.RELATION_END and self.status != "ended":
            return None, self.status == "active"
        return _month_end(self.last_activity), False


def today(now: datetime) -> date:
    """The day that it is at least, wherever on Earth one looks: nothing ends too early."""
    return (now - timedelta(hours=12)).date()


def parse(text: str) -> Policy:
    """A policy as people write it, in TOML. Raises Malformed `retention.form`, `retention.too-short`."""
    told = toml(text, _form)
    if set(told) - {"notice_days", "standing_until", "rule"} or not isinstance(told.get("rule"), list):
        raise _form("a policy has notice_days, standing_until and [[rule]]")
    until = told.get("standing_until", "")
    return from_json({"rules": told["rule"], "notice_days": told.get("notice_days", 7),
                      "standing_until": until.isoformat() if isinstance(until, date) else until})  # fmt: skip


def from_json(told: Mapping[str, object]) -> Policy:
    """A policy from its fields. Raises Malformed `retention.form`, `retention.too-short`."""
    rules = tuple(_rule(one) for one in cast("list[object]", told["rules"]))
    notice, until = told["notice_days"], told["standing_until"]
    if type(notice) is not int or not 0 <= notice <= _MOST_DAYS or not rules:
        raise _form("notice_days is a number of days, and there is at least one rule")
    if not isinstance(until, str) or (until and _day(until) is None):
        raise _form("standing_until is a date, or left out")
    return Policy(rules, notice, until)


@cache
def floors() -> Mapping[str, Mapping[str, int | bool | str]]:
    """{retention word: what the law keeps at least}."""
    return tomllib.loads(Path(__file__).with_name("retention.toml").read_text(encoding="utf-8"))


_MOST_DAYS: Final = 3_660
_WORD: Final = re.compile(r"[a-z][a-z0-9-]{0,63}")
_FIELDS: Final = frozenset(Rule.__dataclass_fields__)
_SOME: Final = tuple(date(year, month, 28) for year in range(2024, 2028) for month in range(1, 13))
_NUMBERS: Final = ("years", "months", "days")
_LISTS: Final = ("purposes", "columns", "law")


def _rule(told: object) -> Rule:
    if not isinstance(told, dict) or set(told) - _FIELDS or not {"retention", "start"} <= set(told):
        raise _form("a rule has retention, start, and some of " + ", ".join(sorted(_FIELDS)))
    if not _WORD.fullmatch(str(told["retention"])) or not _WORD.fullmatch(str(told.get("basis") or "none")):
        raise _form("retention and basis are words of the data map")
    if any(type(told.get(name, 0)) is not int or not 0 <= told.get(name, 0) <= _MOST_DAYS for name in _NUMBERS):
        raise _form("years, months and days are whole numbers")
    if any(not _texts(told.get(name, [])) for name in _LISTS) or type(told.get("year_end", False)) is not bool:
        raise _form("purposes, columns and law are lists of texts, year_end is true or false")
    try:
        start, then = Start(told["start"]), Then(told.get("then", "erase"))
    except ValueError as error:
        raise _form("start is " + ", ".join(Start) + "; then is " + ", ".join(Then)) from error
    lists = {name: tuple(told.get(name, ())) for name in _LISTS}
    plain = {name: told[name] for name in ("retention", "basis", "year_end", *_NUMBERS) if name in told}
    made = Rule(**{**plain, **lists, "start": start, "then": then})
    if (then is Then.STRIP) != bool(made.columns):
        raise _form("columns are named where, and only where, they are stripped")
    _require_floor(made)
    return made


def _require_floor(rule: Rule) -> None:
    least = floors().get(rule.retention)
    if least is None:
        return
    short = Rule(
        rule.retention,
        Start(str(least["start"])),
        years=cast("int", least["years"]),
        year_end=bool(least.get("year_end")),
    )
    if rule.start is not short.start or any(rule.last_day(day) < short.last_day(day) for day in _SOME):
        raise Malformed("retention.too-short", "The law keeps this for longer than the policy does.",
                        where={"retention": rule.retention, "law": str(least["law"])}, next="Keep it at least as long as that.")  # fmt: skip


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) and one for one in value)


def _later(day: date, months: int) -> date:
    """So many months on; the last day of a month where it has no such day."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _month_end(text: str) -> date | None:
    try:
        year, month = (int(part) for part in text[:7].split("-"))
        return date(year, month, calendar.monthrange(year, month)[1])
    except (ValueError, calendar.IllegalMonthError):
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _form(why: str) -> Malformed:
    return Malformed(
        "retention.form", f"This is no retention policy: {why}.", next="docs/guide/retention.md shows one."
    )
