"""Which papers a deal needs: the rules with contents that bind some of its people, or may (spec/law.md §10)."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date

from custody.base.canonical import Json
from custody.law.pack import Packs, Rule
from custody.law.possible import Answer, with_ages

Facts = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Need:
    """A rule with contents: `binds` is True where it binds somebody, None where that cannot be told without `missing`."""

    rule: Rule
    binds: bool | None
    missing: frozenset[str] = frozenset()


def needs(
    packs: Packs, served: AbstractSet[str], facts: Facts, people: Sequence[tuple[Sequence[str], Facts]], on: date
) -> list[Need]:
    """`people` are the distinct cases: places whose law binds them, and the facts that overlay the matter's.

    `served` are rules that some kind of paper serves, with contents or without.
    """
    cases = [(frozenset(places), with_ages({**facts, **own})) for places, own in people]
    regimes = sorted({place for places, _ in cases for place in places})
    found = []
    for rule in packs.of(regimes, on):
        if rule.contents or rule.id in served:
            answers = _answers(packs, rule, [own for places, own in cases if rule.regime in places])
            if any(one.value for one in answers):
                found.append(Need(rule, binds=True))
            elif any(one.value is None for one in answers):
                found.append(Need(rule, None, frozenset().union(*(one.missing for one in answers))))
    return found


def _answers(packs: Packs, rule: Rule, cases: Sequence[Facts]) -> list[Answer]:
    """Each distinct reading of the facts that the rule asks for, once."""
    distinct: dict[tuple[Json, ...], Facts] = {}
    for facts in cases:
        key = tuple(tuple(value) if isinstance(value, list) else value for value in map(facts.get, rule.read))
        distinct.setdefault(key, facts)
    return [packs.ask(rule, facts) for facts in distinct.values()]
