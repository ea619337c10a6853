"""Which obligations fire on given facts, which might, and why (spec/law.md §5)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from custody.base.canonical import Json
from custody.base.errors import Malformed
from custody.law.pack import Packs, Rule
from custody.law.possible import with_ages, younger
from custody.law.schema import Schema
from custody.law.terms import Terms

DAY: Final = "deal.on_date"
# More faults than this are counted, not told: whoever sends half a million wrong names reads none of them.
_MOST: Final = 50


@dataclass(frozen=True, slots=True)
class Outcome:
    """`fired` holds what is true; `unknown` what some value of the missing facts would fire. Never both."""

    fired: tuple[Rule, ...]
    unknown: tuple[tuple[Rule, tuple[str, ...]], ...]


def check(packs: Packs, facts: Mapping[str, Json], regimes: tuple[str, ...], on: date) -> Outcome:
    """Evaluate every rule in force. Where the day of the law is not known, rules of other days may fire too."""
    fired, unknown, known = [], [], with_ages(facts)
    for rule in packs.of(regimes, on):
        answer = packs.ask(rule, known)
        if answer.value:
            fired.append(rule)
        elif answer.value is None:
            unknown.append((rule, tuple(sorted(answer.missing))))
    if known.get(DAY) is None:
        told = {rule.id for rule in fired} | {rule.id for rule, _ in unknown}
        unknown += _of_other_days(packs, known, regimes, told)
    return Outcome(tuple(fired), tuple(unknown))


def _of_other_days(
    packs: Packs, facts: Mapping[str, Json], regimes: tuple[str, ...], told: set[str]
) -> Iterator[tuple[Rule, tuple[str, ...]]]:
    for rule in packs.rules:
        if rule.regime in regimes and rule.id not in told:
            answer = packs.ask(rule, facts)
            if answer.value is not False:
                told.add(rule.id)
                yield rule, tuple(sorted({*answer.missing, DAY}))


def flatten(value: Mapping[str, Json], schema: Schema) -> dict[str, Json]:
    """{group: {leaf: v}} as {"group.leaf": v}, null left out. Raises Malformed `law.facts` naming every leaf at fault."""
    return younger(_typed(dict(_walk(value)), schema))


def unknowns(value: Mapping[str, Json]) -> frozenset[str]:
    """Leaves that are given as null: somebody said that this is not known."""
    return frozenset(name for name, item in _walk(value) if item is None)


def _typed(value: Mapping[str, Json], schema: Schema) -> dict[str, Json]:
    found: dict[str, Json] = {}
    wrong: list[str] = []
    for name, item in value.items():
        leaf = schema.leaves.get(name)
        told = leaf.fault(item) if leaf and item is not None else "" if leaf else "is not known"
        if told:
            wrong.append(f"{name} {told}")
        elif item is not None:
            found[name] = leaf.exact(item) if leaf else item
    if wrong:
        told = "; ".join(sorted(wrong)[:_MOST]) + (f"; and {len(wrong) - _MOST} more" if len(wrong) > _MOST else "")
        raise Malformed("law.facts", told, next="custody law facts", where={"fact": told.split()[0]})
    return found


def clock_facts(value: Mapping[str, Json], schema: Schema, terms: Terms) -> dict[str, Json]:
    """Facts of one clock question: leaves by bare or full name or in groups, case-local facts, and `duty`.

    A bare name means every leaf so called. Raises Malformed `law.facts` naming every one at fault.
    """
    named: dict[str, Json] = {}
    for name, item in value.items():
        if isinstance(item, dict):
            named |= {f"{name}.{leaf}": one for leaf, one in item.items()}
        elif name not in {"regimes", "duty"}:
            known = schema.called(name)
            named |= dict.fromkeys(known, item) if known and name not in terms.flags else {name: item}
    found = _typed(named, terms.over(schema))
    duty = value.get("duty")
    if not isinstance(duty, str | None):
        raise Malformed("law.facts", "duty must be a text", next="custody law facts", where={"fact": "duty"})
    return found if duty is None else {**found, "duty": duty}


def _walk(value: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    """Leaves by full name; a group that is no mapping is told as itself."""
    for group, leaves in value.items():
        if group == "regimes" or leaves is None:
            continue
        if isinstance(leaves, dict):
            yield from ((f"{group}.{leaf}", item) for leaf, item in leaves.items())
        else:
            yield str(group), leaves
