"""Rule packs: dated, cited YAML, validated as a whole; all faults are told at once, with file and line (spec/law.md §4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import yaml

from custody.base.errors import CustodyError, Malformed
from custody.law.predicate import Predicate, leaves, parse

KINDS: Final = ("BLOCK", "DUE", "DUTY", "INFO", "FACTOR")
SCOPES: Final = ("matter", "subject")
_Loader: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NEEDED: Final = ("id", "title", "reference", "from", "confidence", "kind", "scope", "when", "says")


@dataclass(frozen=True, slots=True)
class Rule:
    """One obligation as data. `evidence` satisfies a BLOCK; `refused_by` ends the hope for it."""

    id: str
    regime: str
    title: Mapping[str, str]
    reference: Mapping[str, str]
    start: date
    end: date | None
    confidence: str
    kind: str
    scope: str
    when: Predicate
    says: Mapping[str, str]
    to_customer: Mapping[str, str] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()
    refused_by: tuple[str, ...] = ()
    before: str = ""
    verdict: str = ""
    contents: tuple[str, ...] = ()

    def in_force(self, on: date) -> bool:
        """Whether the rule's text applies on that day."""
        return self.start <= on and (self.end is None or on <= self.end)

    @property
    def facts(self) -> frozenset[str]:
        """Every leaf the rule can ask for."""
        return leaves(self.when)


@dataclass(frozen=True, slots=True)
class Packs:
    """All loaded rules; `version` names what they were on disk."""

    rules: tuple[Rule, ...]
    version: str

    @property
    def regimes(self) -> frozenset[str]:
        """Places whose law is loaded. Anybody under another's law is withheld."""
        return frozenset(rule.regime for rule in self.rules)

    def of(self, regimes: Sequence[str], on: date) -> tuple[Rule, ...]:
        """The rules in force for these places on that day."""
        wanted = set(regimes)
        return tuple(rule for rule in self.rules if rule.regime in wanted and rule.in_force(on))

    def rule(self, name: str) -> Rule | None:
        """The newest text of a rule id."""
        found = [rule for rule in self.rules if rule.id == name]
        return max(found, key=lambda rule: rule.start) if found else None


def load(texts: Mapping[str, str], known: frozenset[str], version: str) -> Packs:
    """Read every `<place>/<instrument>/<article>.yaml`. Raises Malformed `law.pack` with all faults."""
    rules: list[Rule] = []
    faults: list[str] = []
    for name, text in sorted(texts.items()):
        try:
            documents = list(yaml.load_all(text, Loader=_Loader))
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            faults.append(f"{name}:{mark.line + 1 if mark else 1}: not YAML")
            continue
        for row in documents:
            try:
                rules.append(_rule(row, name.split("/")[0].upper(), known))
            except (CustodyError, KeyError, TypeError, ValueError) as error:
                line = _line(text, str(row.get("id", "")) if isinstance(row, dict) else "")
                faults.append(f"{name}:{line}: {error}")
    if faults:
        raise Malformed("law.pack", "; ".join(faults), next="Correct the rules named; nothing was loaded.")
    return Packs(tuple(rules), version)


def _rule(row: Mapping[str, Any], regime: str, known: frozenset[str]) -> Rule:
    lacking = [key for key in _NEEDED if key not in row]
    if lacking:
        raise ValueError(f"{row.get('id', '?')} lacks {', '.join(lacking)}")
    made = Rule(
        id=row["id"],
        regime=regime.replace("_", "-"),
        title=row["title"],
        reference=row["reference"],
        start=_day(row["from"]),
        end=_day(row["to"]) if row.get("to") else None,
        confidence=row["confidence"],
        kind=row["kind"],
        scope=row["scope"],
        when=parse(row["when"], row["id"]),
        says=row["says"],
        to_customer=row.get("to_customer", {}),
        evidence=tuple(row.get("evidence", ())),
        refused_by=tuple(row.get("refused_by", ())),
        before=row.get("before", ""),
        verdict=row.get("verdict", ""),
        contents=tuple(row.get("contents", ())),
    )
    for name in ("title", "says", "to_customer"):
        if not set(row.get(name, {})) <= {"zh", "en"} or (name != "to_customer" and len(row[name]) != 2):
            raise ValueError(f"{made.id}.{name} must hold zh and en and nothing else (quote a text that has a comma)")
    unknown = sorted(made.facts - known)
    if made.kind not in KINDS or made.scope not in SCOPES or unknown:
        raise ValueError(f"{made.id} has an unknown kind, scope or fact: {', '.join(unknown) or made.kind}")
    return made


def _day(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _line(text: str, rule: str) -> int:
    place = text.find(f"id: {rule}") if rule else 0
    return text.count("\n", 0, max(0, place)) + 1
