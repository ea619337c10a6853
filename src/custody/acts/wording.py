"""The words of a notice and what the law wants told by it: each item has a place in them, filled or given there (spec/campaigns.md §1).

A place is `{item}`, `{item: words}`, or `{contents}`, which lists whatever has no place of its own. A rule that lists nothing wants what
every notice of a hand-over tells. What no word was written for is not told, and counts for no rule that wants it.
"""

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from custody.acts import lawbook
from custody.acts.composing import checked, whole
from custody.acts.desk import Desk
from custody.acts.guardians import GUARDIAN
from custody.acts.papers import LANGUAGES, known, papers
from custody.acts.verdicts import Verdicts
from custody.base.canonical import Json
from custody.base.errors import Malformed, Refused
from custody.law.form import NOTICE
from custody.law.gate import DECEASED
from custody.law.pack import Packs, Rule
from custody.law.paper import Composer, Paper
from custody.law.papers import Kind
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction

ALL: Final = "contents"
_PLACE: Final = re.compile(r"\{([a-z0-9_.]+)(?::([^{}]*))?\}")
_LEAST: Final = ("recipient.name", "purpose", "categories")
"""What a rule wants that lists nothing."""
_SAME: Final = {"controller.identity": "recipient.name", "purposes": "purpose"}
"""Two laws' names of one thing."""
_HERE: Final = "{item: words} in the text; or "
_PLAIN: Final = {"zh": "", "en": ""}
_COLON: Final = {"zh": "：", "en": ": "}


@dataclass(frozen=True, slots=True)
class Worded:
    """A text in each language, and the items that it tells."""

    by: Mapping[str, str]
    items: frozenset[str]


def untold(verdicts: Verdicts) -> dict[bytes, frozenset[str]]:
    """{customer: the rules that want them told and by which they were not}; nobody writes to the dead."""
    lacks = {
        number: frozenset(why.rule for why in one.reasons if NOTICE in why.missing)
        for number, one in enumerate(verdicts.decisions)
        if all(why.rule != DECEASED for why in one.reasons)
    }
    found = dict[bytes, frozenset[str]]()
    for who, kind, _, number in verdicts.each():
        if kind == "customer" and lacks.get(number):
            found[who] = found.get(who, frozenset()) | lacks[number]
    return found


def guarded(verdicts: Verdicts, packs: Packs) -> set[bytes]:
    """Customers of whom a law that binds them asks for a guardian's consent, by the same rules as their page (acts/visiting.py)."""
    young = {number for number, one in enumerate(verdicts.decisions)
             if any(GUARDIAN in rule.evidence for name in one.rules if (rule := packs.rule(name)))}  # fmt: skip
    return (
        {who for who, kind, _, number in verdicts.each() if kind == "customer" and number in young} if young else set()
    )


def wanting(packs: Packs, names: AbstractSet[str], on: date) -> list[Rule]:
    """The rules of these names in force on that day, each with what it wants told."""
    rules = [rule for name in sorted(names) for rule in packs.texts(name) if rule.in_force(on)]
    return [rule if rule.contents else replace(rule, contents=_LEAST) for rule in rules]


def served(rules: Sequence[Rule], items: AbstractSet[str]) -> frozenset[str]:
    """The rules by which whoever reads these items was told."""
    told = _one_name(items)
    return frozenset(rule.id for rule in rules if _one_name(rule.contents) <= told)


def lacking(rules: Sequence[Rule], items: AbstractSet[str]) -> Refused:
    """The refusal of words by which nobody would be told: each rule with the items that it wants besides."""
    told = _one_name(items)
    every = {rule.id: [name for name in rule.contents if not _one_name([name]) <= told] for rule in rules}
    named = {rule: names for rule, names in every.items() if names}
    lacks = "; ".join(f"{rule}: {', '.join(names)}" for rule, names in named.items())
    return Refused(
        "campaign.contents", f"By these words nobody would be told what the law wants told. Lacking: {lacks}.", where={"rule": ", ".join(named)},
        next="Write {contents} where the items shall stand, or {item: words} for each; or send the deal's paper (--paper).",
    )  # fmt: skip


def _one_name(items: Sequence[str] | AbstractSet[str]) -> frozenset[str]:
    return frozenset(_SAME.get(name, name) for name in items)


def worded(
    desk: Desk, tx: Transaction, laws: Laws, matter: Row, rules: Sequence[Rule], templates: Mapping[str, str], values: Mapping[str, Json]
) -> Worded:  # fmt: skip
    """The templates with their places filled, in both languages. Raises Malformed `campaign.words`, `document.values`, Missing `document.lacks`."""
    packs, told = lawbook.packs(laws), papers(laws)
    asked = {name for rule in rules for name in rule.contents}
    placed = {lang: dict(_PLACE.findall(templates[lang])) for lang in LANGUAGES}
    # What is written for an item that only other people's law asks for does no harm: the same words go to whoever is left.
    said = {
        name for places in placed.values() for name, words in places.items() if words.strip() and name in told.items
    }
    wrong = sorted({name for places in placed.values() for name in places} - asked - said - {ALL})
    if wrong or any("{" in _PLACE.sub("", one) or "}" in _PLACE.sub("", one) for one in templates.values()):
        raise Malformed("campaign.words", f"Missing or not of its form: text ({', '.join(wrong) or '{ }'}).",
                        next="A place is {contents}, {item} or {item: words}, of an item that the law asks for.")  # fmt: skip
    checked(values, rules)
    facts, kind, made = known(desk, tx, matter), Kind(ALL, _PLAIN, "person", (), _PLAIN), dict[str, Paper]()
    for lang in LANGUAGES:
        given = {name: words.strip() for name, words in placed[lang].items() if words.strip()}
        made[lang] = Composer(told, packs, facts, {**values, **given}, lang).compose(kind, rules)
    items = frozenset(name for name in asked if all(ALL in placed[lang] or name in placed[lang] for lang in LANGUAGES))
    whole(
        {lang: replace(one, lacks=tuple(n for n in one.lacks if n in items)) for lang, one in made.items()}, told, _HERE
    )
    return Worded({lang: _filled(templates[lang], made[lang], placed[lang]) for lang in LANGUAGES}, items)


def _filled(template: str, paper: Paper, placed: Mapping[str, str]) -> str:
    values = {name: words.strip() for name, words in placed.items()} | {one.name: one.value for one in paper.fields}
    rest = [f"{one.label}{_COLON[paper.language]}{one.value}" for one in paper.fields if one.name not in placed]
    values[ALL] = "\n".join(f"{number}. {line}" for number, line in enumerate(rest, 1))
    return _PLACE.sub(lambda found: values[found[1]], template)


def bare(template: str) -> str:
    """The words alone, without what stands at the places: a text message leads to a page that shows the rest."""
    return _PLACE.sub("", template).strip()
