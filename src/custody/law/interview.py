"""Which questions could still change what follows from a matter's facts, the most telling first (spec/law.md §11).

Rules: a fact is asked for only while some rule's answer depends on it; who does not know is not asked again; when
nothing is left to ask, every rule stands as it stands on all that this person knows.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from custody.base.canonical import Json
from custody.law.check import DAY, check
from custody.law.pack import Packs, Rule
from custody.law.possible import ask, reduce, telling, with_ages
from custody.law.predicate import All, Any, Not, Predicate, Test, tests
from custody.law.questions import Follow, Question, Questions
from custody.law.schema import Schema


@dataclass(frozen=True, slots=True)
class Told:
    """What a person has said so far: facts, what they do not know, the places whose law is concerned, the day."""

    facts: Mapping[str, Json]
    declined: frozenset[str]
    regimes: tuple[str, ...]
    on: date


@dataclass(frozen=True, slots=True)
class Open:
    """A question that may change something: the parts of it that may, and the rules that wait for them."""

    question: Question
    facts: tuple[str, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Interview:
    """Asked many times of one set of packs: a rule is looked at once for each way in which what it reads is known."""

    packs: Packs
    questions: Questions
    _seen: dict[tuple[Json, ...], frozenset[str]] = field(default_factory=dict)

    def open(self, told: Told) -> list[Open]:
        """Every question left, the next one first."""
        waiting = self._waiting(told)
        found: dict[str, list[str]] = defaultdict(list)
        for fact in waiting:
            found[self.questions.of(fact).name].append(fact)
        weight = Counter(rule.id for rules in waiting.values() for rule in rules)
        made = [_open(self.questions.all[name], facts, waiting) for name, facts in found.items()]
        return sorted(made, key=lambda one: _rank(one, self.questions, waiting, weight))

    def _waiting(self, told: Told) -> dict[str, list[Rule]]:
        """Each fact that was neither told nor declined, with the rules that depend on it."""
        found: dict[str, list[Rule]] = defaultdict(list)
        known = with_ages(told.facts)
        for rule, missing in check(self.packs, told.facts, told.regimes, told.on).unknown:
            for fact in missing:
                if fact not in told.declined and (fact not in rule.facts or fact in self._telling(rule, known)):
                    found[fact].append(rule)
        if DAY not in known and DAY not in told.declined:
            # A text that is in force on the day assumed may not be on the day meant.
            found[DAY] = [rule for rule in self.packs.rules if rule.regime in told.regimes]
        return self._wider_first(found, told)

    def _wider_first(self, waiting: dict[str, list[Rule]], told: Told) -> dict[str, list[Rule]]:
        """A fact that answers others as well is asked for before them."""
        found: dict[str, list[Rule]] = defaultdict(list)
        for fact, rules in waiting.items():
            wider = self.questions.of(fact).unless
            found[fact if not wider or wider in told.facts or wider in told.declined else wider] += rules
        return found

    def _telling(self, rule: Rule, known: Mapping[str, Json]) -> frozenset[str]:
        read = [known.get(leaf) for leaf in rule.read]
        key = (id(rule), *(tuple(value) if isinstance(value, list) else value for value in read))
        if key not in self._seen:
            self._seen[key] = frozenset(_tells(rule.when, known, self.packs.schema))
        return self._seen[key]


def following(follows: tuple[Follow, ...], told: Told, schema: Schema) -> dict[str, tuple[Json, Follow]]:
    """What follows from the facts, and by which word; never what was answered, nor what the person does not know."""
    known, found = dict(told.facts), dict[str, tuple[Json, Follow]]()
    fresh = True
    while fresh:
        fresh = False
        for follow in follows:
            for fact, value in follow.then.items():
                if fact in known or fact in told.declined or not ask(follow.when, with_ages(known), schema).value:
                    continue
                known[fact], found[fact], fresh = value, (value, follow), True
    return found


def _tells(when: Predicate, known: Mapping[str, Json], schema: Schema) -> Iterator[str]:
    """The facts of which two values can lead to two answers. Where each fact is asked once, every one of them can."""
    left = reduce(when, known)
    if isinstance(left, bool):
        return
    asked: dict[str, list[Test]] = defaultdict(list)
    for test in tests(left):
        asked[test.fact].append(test)
    once = all(len(found) == 1 for found in asked.values())
    for fact, found in asked.items():
        ends = [] if once else [reduce(left, {fact: value}) for value in telling(schema.leaves[fact], found)]
        if once or any(_differ(one, other, schema) for one, other in pairwise(ends)):
            yield fact


def _differ(one: Predicate | bool, other: Predicate | bool, schema: Schema) -> bool:
    """Whether what is left of a predicate in two ways can come out apart. Too many cases to try count as apart."""
    this, that = _node(one), _node(other)
    return ask(Any((All((this, Not(that))), All((Not(this), that)))), {}, schema).value is not False


def _node(left: Predicate | bool) -> Predicate:
    return left if not isinstance(left, bool) else All(()) if left else Any(())


def _open(question: Question, facts: list[str], waiting: Mapping[str, list[Rule]]) -> Open:
    rules = {rule.id: rule for fact in facts for rule in waiting[fact]}
    return Open(question, tuple(fact for fact in question.facts if fact in facts), tuple(rules.values()))


def _rank(
    one: Open, questions: Questions, waiting: Mapping[str, list[Rule]], weight: Counter[str]
) -> tuple[int, float, str]:
    """Those that come first, in their order; then by how much of what rules wait for an answer settles."""
    first = questions.first
    place = first.index(one.question.name) if one.question.name in first else len(first)
    settles = sum(1 / weight[rule.id] for fact in one.facts for rule in waiting[fact])
    return place, -settles, one.question.name
