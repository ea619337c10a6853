"""Which obligations fire on given facts, which might, and why (spec/law.md §5)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from custody.base.canonical import Json
from custody.base.errors import Malformed
from custody.law.pack import Packs, Rule


@dataclass(frozen=True, slots=True)
class Outcome:
    """`fired` holds what is true; `unknown` what some value of the missing facts would fire. Never both."""

    fired: tuple[Rule, ...]
    unknown: tuple[tuple[Rule, tuple[str, ...]], ...]


def check(packs: Packs, facts: Mapping[str, Json], regimes: tuple[str, ...], on: date) -> Outcome:
    """Evaluate every rule in force."""
    fired, unknown = [], []
    for rule in packs.of(regimes, on):
        answer = rule.when.ask(facts)
        if answer.value:
            fired.append(rule)
        elif answer.value is None:
            unknown.append((rule, tuple(sorted(answer.missing))))
    return Outcome(tuple(fired), tuple(unknown))


def flatten(value: Mapping[str, Json], known: frozenset[str]) -> dict[str, Json]:
    """{group: {leaf: v}} as {"group.leaf": v}. Raises Malformed `law.facts` naming every leaf that is not known."""
    flat = dict(_walk(value))
    strange = sorted(set(flat) - known)
    if strange:
        raise Malformed("law.facts", f"These facts are not known: {', '.join(strange)}.", next="custody law facts")
    return flat


def _walk(value: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    for group, leaves in value.items():
        if group == "regimes" or leaves is None:
            continue
        if not isinstance(leaves, dict):
            raise Malformed("law.facts", "Facts come in groups.", where={"group": group})
        yield from ((f"{group}.{leaf}", item) for leaf, item in leaves.items())
