"""May this person see this, and by which rule: an access policy and the decision over plain inputs (spec/access.md §1, §3).

Rules: closed unless a rule opens it; the first that opens decides; the same inputs give the same outcome for ever.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, cast

from custody.base.canonical import Json
from custody.base.errors import Malformed
from custody.privacy.written import toml

ROLES: Final = ("owner", "privacy", "lawyer", "data", "department")
TIERS: Final = ("general", "sensitive")
PURPOSES: Final = ("contract", "service", "legal", "marketing", "internal")
_WORD: Final = re.compile(r"[a-z][a-z0-9-]{0,63}")
_CLASS: Final = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
_RULE: Final = {"id", "tiers", "roles", "purposes", "department", "grant", "training", "classes"}
_WHOLE: Final = {"grant_days", "bulk_from", "departments", "rule"}


@dataclass(frozen=True, slots=True)
class Rule:
    """What one rule asks for before it opens."""

    id: str
    tiers: tuple[str, ...]
    roles: tuple[str, ...]
    purposes: tuple[str, ...]
    department: bool = False
    grant: bool = False
    training: str = ""
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Department:
    """A department: its name, and the purposes it works for."""

    zh: str
    en: str
    purposes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """A house's rules of access."""

    rules: tuple[Rule, ...]
    departments: Mapping[str, Department]
    grant_days: int
    bulk_from: int

    def to_json(self) -> dict[str, Json]:
        """As it is signed."""
        rules: list[Json] = [
            {"id": one.id, "tiers": list(one.tiers), "roles": list(one.roles), "purposes": list(one.purposes),
             "department": one.department, "grant": one.grant, "training": one.training, "classes": list(one.classes)}
            for one in self.rules
        ]  # fmt: skip
        departments: dict[str, Json] = {
            code: {"zh": one.zh, "en": one.en, "purposes": list(one.purposes)} for code, one in self.departments.items()
        }
        return {"rule": rules, "departments": departments, "grant_days": self.grant_days, "bulk_from": self.bulk_from}


@dataclass(frozen=True, slots=True)
class Held:
    """What a person holds on the day: roles, departments, (tier, purpose) of live grants, valid trainings."""

    roles: frozenset[str]
    departments: frozenset[str]
    grants: frozenset[tuple[str, str]]
    training: frozenset[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One compartment: whether it opens, by which rule, what is lacking otherwise, which classes are shown (none named: all)."""

    open: bool
    rule: str
    lacks: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()

    def shows(self, named: str) -> bool:
        """Whether a value of this class is shown."""
        return self.open and (
            not self.classes or any(named == one or named.startswith(f"{one}.") for one in self.classes)
        )


def decide(policy: Policy, held: Held, tier: str, purpose: str) -> Outcome:
    """What the policy says of one compartment of this tier."""
    nearest = Outcome(open=False, rule="", lacks=("rule",))
    for rule in policy.rules:
        if tier not in rule.tiers:
            continue
        lacks = _lacks(policy, rule, held, tier, purpose)
        if not lacks:
            return Outcome(open=True, rule=rule.id, classes=rule.classes)
        if not nearest.rule or _far(lacks) < _far(nearest.lacks):
            nearest = Outcome(open=False, rule=rule.id, lacks=lacks)
    return nearest


def _far(lacks: Sequence[str]) -> tuple[bool, int]:
    """How far from opening: a rule for other roles is farther than any for one's own."""
    return "role" in lacks, len(lacks)


def _lacks(policy: Policy, rule: Rule, held: Held, tier: str, purpose: str) -> tuple[str, ...]:
    works_for = {
        one for code in held.departments if code in policy.departments for one in policy.departments[code].purposes
    }
    holds = {
        "role": bool(held.roles & set(rule.roles)),
        "purpose": purpose in rule.purposes,
        "department": not rule.department or purpose in works_for,
        "grant": not rule.grant or (tier, purpose) in held.grants,
        "training": not rule.training or rule.training in held.training,
    }
    return tuple(name for name, there in holds.items() if not there)


def default() -> Policy:
    """The policy that is in force where a house has not written one."""
    return shipped()[0]


@cache
def shipped() -> Sequence[Policy]:
    """Every policy that ever shipped, today's first: what was decided under one of before (`access.N.toml`) is decided again by it."""
    named = [_FOLDER / "access.toml", *sorted(_FOLDER.glob("access.*.toml"))]
    return [parse(one.read_text(encoding="utf-8")) for one in named]


_FOLDER: Final = Path(__file__).parent


def parse(text: str) -> Policy:
    """A policy as people write it, in TOML. Raises Malformed `access.form`."""
    return from_json(toml(text, _form))


def from_json(told: Mapping[str, object]) -> Policy:
    """A policy from its fields. Raises Malformed `access.form`."""
    if (
        set(told) - _WHOLE
        or not isinstance(told.get("rule"), list)
        or not isinstance(told.get("departments", {}), dict)
    ):
        raise _form("a policy has grant_days, bulk_from, [departments.CODE] and [[rule]]")
    named = cast("Mapping[object, object]", told.get("departments", {}))
    departments = {_word(code): _department(one) for code, one in named.items()}
    rules = tuple(_rule(one) for one in cast("list[object]", told["rule"]))
    if len({one.id for one in rules}) != len(rules):
        raise _form("two rules have one id")
    return Policy(
        rules, departments, _number(told.get("grant_days", 90), 366), _number(told.get("bulk_from", 50), 10_000)
    )


def _rule(told: object) -> Rule:
    if not isinstance(told, dict) or set(told) - _RULE or not {"id", "tiers", "roles", "purposes"} <= set(told):
        raise _form("a rule has id, tiers, roles, purposes, and may have department, grant, training, classes")
    flags = told.get("department", False), told.get("grant", False)
    training = told.get("training", "")
    if not all(isinstance(one, bool) for one in flags) or (training != "" and _word(training) != training):
        raise _form("department and grant are true or false, training is a topic")
    classes = _texts(told.get("classes", []))
    if not all(_CLASS.fullmatch(one) for one in classes):
        raise _form("classes are of the taxonomy")
    return Rule(
        _word(told["id"]),
        _among(told["tiers"], TIERS),
        _among(told["roles"], ROLES),
        _among(told["purposes"], PURPOSES),
        *flags,
        training,
        classes,
    )


def _department(told: object) -> Department:
    if not isinstance(told, dict) or set(told) != {"zh", "en", "purposes"}:
        raise _form("a department has zh, en and purposes")
    zh, en = told["zh"], told["en"]
    if not (isinstance(zh, str) and isinstance(en, str) and zh.strip() and en.strip()):
        raise _form("a department has a name in both languages")
    return Department(zh, en, _among(told["purposes"], PURPOSES))


def _among(told: object, known: Sequence[str]) -> tuple[str, ...]:
    found = _texts(told)
    if not found or not set(found) <= set(known):
        raise _form(f"one or more of: {', '.join(known)}")
    return found


def _texts(told: object) -> tuple[str, ...]:
    if not isinstance(told, list) or not all(isinstance(one, str) for one in told):
        raise _form("a list of words is expected")
    return tuple(told)


def _word(told: object) -> str:
    if not isinstance(told, str) or not _WORD.fullmatch(told):
        raise _form("ids and codes are a-z, 0-9 and -")
    return told


def _number(told: object, most: int) -> int:
    if type(told) is not int or not 1 <= told <= most:
        raise _form(f"a number is from 1 to {most}")
    return told


def _form(why: str) -> Malformed:
    return Malformed(
        "access.form", f"This is not an access policy: {why}.", next="custody access show prints the one in force."
    )
