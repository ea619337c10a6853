"""What earlier gates asked and decided, by what it rests on: only what rests on something else is asked again (spec/law.md §7).

An answer rests on what the rule says and on the facts that it reads; a decision on the case, on the rules in force for its
places, and on those facts of the matter that any of them reads. Each is named by a hash of exactly that, so what is kept
is what would be found again.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from typing import Final

from custody.base.canonical import Json
from custody.law.gate import Case, Decision, Gate
from custody.law.pack import Packs, Rule
from custody.law.possible import AGE_FACTS, Answer

_DECIDES: Final = (
    "id", "regime", "confidence", "kind", "scope", "when", "says", "evidence", "refused_by", "verdict", "absolute", "published",
)  # fmt: skip
_PLACE: Final = frozenset(("file", "line"))


@dataclass(slots=True)
class Kept:
    """`answers` and `decisions` by name; `used` are the decisions that this run rests on. What it had to do anew is counted."""

    answers: dict[str, Answer] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)
    used: dict[str, Decision] = field(default_factory=dict)
    asked: dict[str, Answer] = field(default_factory=dict)
    known: int = field(init=False)
    rules: set[str] = field(default_factory=set)
    decided: int = 0
    _says: dict[int, tuple[Rule, str]] = field(default_factory=dict)
    _rests: dict[tuple[str, ...], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.known = len(self.answers)

    def answer(self, rule: Rule, read: Sequence[Json], ask: Callable[[], Answer]) -> Answer:
        """See `gate.Memory`."""
        name = _name(self._rule(rule), read)
        known = self.answers.get(name)
        if known is None:
            known = self.answers[name] = self.asked[name] = ask()
            self.rules.add(rule.id)
        return known

    def decide(self, gate: Gate, case: Case) -> Decision:
        """The verdict on a case: as it was, where all that it rests on is as it was."""
        name = _name(self._rests_on(gate, case.regimes), (case.facts, sorted(case.evidence)))
        known = self.decisions.get(name)
        if known is None:
            self.decided += 1
            known = gate.decide(case)
        self.used[name] = known
        return known

    def _rests_on(self, gate: Gate, regimes: tuple[str, ...]) -> str:
        if regimes not in self._rests:
            rules = gate.packs.of(regimes, gate.on)
            read = sorted({*AGE_FACTS, *(leaf for rule in rules for leaf in rule.read)})
            facts = [[leaf, gate.facts.get(leaf)] for leaf in read]
            absent = sorted(set(regimes) - gate.packs.regimes)
            self._rests[regimes] = _name(regimes, [self._rule(rule) for rule in rules], facts, absent)
        return self._rests[regimes]

    def _rule(self, rule: Rule) -> str:
        if id(rule) not in self._says:  # with the rule beside it: an id is nobody else's while its rule is held
            self._says[id(rule)] = (rule, _name([getattr(rule, one) for one in _DECIDES]))
        return self._says[id(rule)][1]


def ground(packs: Packs) -> str:
    """What every answer rests on besides rules and facts: the types of the facts, and which law rests on which."""
    return _name(packs.schema, {name: place.law for name, place in packs.terms.places.items()})


def _name(*parts: object) -> str:
    return hashlib.sha256(repr(_plain(parts)).encode()).hexdigest()


def _plain(value: object) -> object:
    """The same words for the same thing: where a rule stands in its file is no part of what it says."""
    if is_dataclass(value) and not isinstance(value, type):
        told = [(one.name, _plain(getattr(value, one.name))) for one in fields(value) if one.name not in _PLACE]
        return (type(value).__name__, *told)
    if isinstance(value, Mapping):
        return sorted((str(key), _plain(one)) for key, one in value.items())
    if isinstance(value, set | frozenset):
        return sorted(map(repr, map(_plain, value)))
    if isinstance(value, list | tuple):
        return tuple(map(_plain, value))
    return value.isoformat() if isinstance(value, date) else value
