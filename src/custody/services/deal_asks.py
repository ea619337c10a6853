"""What the rules in force still ask about a deal, the questions that most rules wait for first (C2)."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from custody.acts import lawbook
from custody.acts.desk import Desk
from custody.base.canonical import Json
from custody.law.check import flatten
from custody.law.pack import Packs
from custody.law.possible import with_ages
from custody.law.schema import Leaf
from custody.ports.laws import Laws

FIRST: Final = ("deal.structure", "seller.jurisdiction", "buyer.jurisdiction")
# What a vault knows of each person is not asked of anybody (law/subject.yaml).
_PLACES: Final = ("seller.jurisdiction", "buyer.jurisdiction", "event.recipient_jurisdiction")


def deal_asks(desk: Desk, laws: Laws, known: Mapping[str, Json]) -> Mapping[str, Json]:
    """Each open question with its rules; until the first are answered, only those. An answer that settles a rule drops the rest of it."""
    packs, schema = lawbook.packs(laws), lawbook.schema(laws)
    facts = flatten(known, schema)
    open_first = [leaf for leaf in FIRST if leaf not in facts]
    rules = _waiting(packs, facts, desk) if not open_first else {leaf: list[str]() for leaf in open_first}
    order = sorted(rules, key=lambda leaf: (-len(rules[leaf]), leaf))
    asked: list[Json] = [_question(schema.leaves[leaf], rules[leaf]) for leaf in order]
    told: list[Json] = [{**_question(schema.leaves[leaf], []), "value": value} for leaf, value in facts.items()]
    return {"asked": asked, "known": told}


def _waiting(packs: Packs, facts: Mapping[str, Json], desk: Desk) -> dict[str, list[str]]:
    places = {str(facts[leaf]) for leaf in _PLACES if leaf in facts}
    found: dict[str, list[str]] = defaultdict(list)
    for rule in packs.of(tuple(sorted(places & set(packs.regimes))), desk.today()):
        if rule.kind != "BLOCK" and not rule.verdict:
            continue
        answer = packs.ask(rule, with_ages(facts))
        for leaf in answer.missing if answer.value is None else ():
            found[leaf].append(rule.id)
    return found


def _question(leaf: Leaf, rules: list[str]) -> dict[str, Json]:
    listed: list[Json] = list(rules)
    return {
        "fact": leaf.name, "type": leaf.kind, "values": dict(leaf.values), "name": {"zh": leaf.zh, "en": leaf.en},
        "asks": {"zh": leaf.asks_zh, "en": leaf.asks_en}, "rules": listed,
    }  # fmt: skip
