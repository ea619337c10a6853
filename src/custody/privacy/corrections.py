"""Who may change which kind of value, by what proof, how long it can be taken back, when it goes stale (spec/freshness.md §2).

Rules: the first rule that names a class decides; a class that no rule names is changed by staff; what would let a thief take
a customer over is never changed by the person alone, and can be taken back for a week at least, whatever a house writes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Final, cast

from custody.base.canonical import Json
from custody.base.errors import Malformed
from custody.privacy.written import toml

SELF: Final = "self"
OLD_CHANNEL: Final = "old-channel"
STAFF: Final = "staff"
BY: Final = (SELF, OLD_CHANNEL, STAFF)
HIGH_RISK: Final = ("contact.phone", "contact.email", "finance.bank_account", "finance.card_number", "id")
LEAST_UNDO: Final = 7
_MOST_DAYS: Final = 366
_MOST_MONTHS: Final = 240
_WORD: Final = re.compile(r"[a-z][a-z0-9-]{0,63}")
_CLASS: Final = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")


@dataclass(frozen=True, slots=True)
class Field:
    """What holds for some classes of values."""

    id: str
    classes: tuple[str, ...]
    by: str
    undo_days: int
    stale_months: int
    department: str

    def names(self, cls: str) -> bool:
        """Whether it speaks of this class, by itself or by its area."""
        return any(within(cls, one) for one in self.classes)

    def to_json(self) -> dict[str, Json]:
        """As it is signed."""
        return {"id": self.id, "classes": list(self.classes), "by": self.by, "undo_days": self.undo_days,
                "stale_months": self.stale_months, "department": self.department}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of a house, how often people are asked to confirm, how long a recipient has to acknowledge."""

    fields: tuple[Field, ...]
    confirm_months: int
    acknowledge_days: int

    def of(self, cls: str) -> Field:
        """The rule for a class."""
        return next((one for one in self.fields if one.names(cls)), _UNNAMED)

    def to_json(self) -> dict[str, Json]:
        """As it is signed."""
        return {"field": [one.to_json() for one in self.fields], "confirm_months": self.confirm_months,
                "acknowledge_days": self.acknowledge_days}  # fmt: skip


_UNNAMED: Final = Field("unnamed", (), STAFF, 30, 0, "service")


def within(cls: str, named: str) -> bool:
    """Whether a class is the one named, or lies in the area named."""
    return cls == named or cls.startswith(f"{named}.")


def high_risk(cls: str) -> bool:
    """Whether somebody else's value here would hand a customer over to that somebody."""
    return any(within(cls, one) for one in HIGH_RISK)


@cache
def default() -> Policy:
    """The policy that is in force where a house has not signed one."""
    return parse(Path(__file__).with_name("corrections.toml").read_text(encoding="utf-8"))


def parse(text: str) -> Policy:
    """A policy as people write it, in TOML. Raises Malformed `freshness.form`, `freshness.floor`."""
    return from_json(toml(text, _form))


def from_json(told: Mapping[str, object]) -> Policy:
    """A policy from its fields. Raises Malformed `freshness.form`, `freshness.floor`."""
    if set(told) - {"field", "confirm_months", "acknowledge_days"} or not isinstance(told.get("field"), list):
        raise _form("a policy has confirm_months, acknowledge_days and [[field]]")
    rules = tuple(_field(one) for one in cast("list[object]", told["field"]))
    if not rules or len({one.id for one in rules}) != len(rules):
        raise _form("there is at least one field, and each has an id of its own")
    confirm = _number(told.get("confirm_months", 12), 1, _MOST_MONTHS)
    made = Policy(rules, confirm, _number(told.get("acknowledge_days", 14), 1, _MOST_DAYS))
    _require_floor(made)
    return made


def _field(told: object) -> Field:
    if not isinstance(told, dict) or set(told) != {one.name for one in fields(Field)}:
        raise _form("a field has " + ", ".join(one.name for one in fields(Field)))
    classes = told["classes"]
    if not isinstance(classes, list) or not classes or not all(_is(_CLASS, one) for one in classes):
        raise _form("classes are of the taxonomy")
    if told["by"] not in BY or not _is(_WORD, told["id"]) or not _is(_WORD, told["department"]):
        raise _form("by is one of " + ", ".join(BY) + "; id and department are words")
    undo, stale = _number(told["undo_days"], 0, _MOST_DAYS), _number(told["stale_months"], 0, _MOST_MONTHS)
    return Field(told["id"], tuple(classes), told["by"], undo, stale, told["department"])


def _require_floor(policy: Policy) -> None:
    """Held to every class that the areas of HIGH_RISK hold, however the rules name them."""
    for named in {*HIGH_RISK, *(one for rule in policy.fields for one in rule.classes if high_risk(one))}:
        rule = policy.of(named)
        if rule.by == SELF or rule.undo_days < LEAST_UNDO:
            raise Malformed(
                "freshness.floor", "This would let a stranger with one link take a customer over.", where={"class": named},
                next=f"Ask for the old channel or for staff, and let it be taken back for {LEAST_UNDO} days at least.",
            )  # fmt: skip


def _number(value: object, least: int, most: int) -> int:
    if type(value) is not int or not least <= value <= most:
        raise _form(f"a number of days or months is whole, from {least} to {most}")
    return value


def _is(form: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and form.fullmatch(value) is not None


def _form(why: str) -> Malformed:
    return Malformed(
        "freshness.form", f"This is no policy of corrections: {why}.", next="docs/guide/freshness.md shows one."
    )
