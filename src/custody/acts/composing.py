"""A paper that the law of a deal asks for, composed: exactly its contents, in each language; what lacks is told by name (spec/law.md §10)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from custody.acts import lawbook
from custody.acts.desk import Desk
from custody.acts.papers import LANGUAGES, known, needed, papers
from custody.acts.typeset import Head, text
from custody.base.canonical import Json
from custody.base.errors import Malformed, Missing, Refused
from custody.law.needs import Need
from custody.law.pack import Packs, Rule
from custody.law.paper import Composer, Known, Paper
from custody.law.papers import DEAL, Kind, Papers
from custody.law.sentence import spoken
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction

_ABOUT: Final = {"seller": "seller.name", "buyer": "buyer.name", "scale": "deal.scale"}


@dataclass(frozen=True, slots=True)
class Composed:
    """One paper: its kind, the rules that bind or may, what stands around it, and its contents by language."""

    kind: Kind
    binding: tuple[Need, ...]
    head: Head
    by: Mapping[str, Paper]

    @property
    def rules(self) -> list[Rule]:
        """The rules that it serves."""
        return [one.rule for one in self.binding]

    def text(self, lang: str) -> str:
        """As a message carries it."""
        return text(self.by[lang], self.kind, self.rules, self.head)


def composed(
    desk: Desk, tx: Transaction, laws: Laws, matter: Row, kind: str, values: Mapping[str, Json], languages: Sequence[str] = LANGUAGES
) -> Composed:  # fmt: skip
    """Writes nothing. `values` holds what no deal tells: {item: text or {zh, en}}.

    Raises Missing `document.kind`, `document.lacks`; Refused `document.not-due`; Malformed `document.values`.
    """
    packs, told = lawbook.packs(laws), papers(laws)
    wanted = _kind(kind, told, packs)
    binding = _binding(wanted, needed(tx, matter, packs, told, desk.today()))
    facts = known(desk, tx, matter)
    rules = [one.rule for one in binding]
    checked(values, rules)
    made = {lang: _compose(wanted, rules, told, packs, facts, values, lang) for lang in languages}
    whole(made, told)
    return Composed(wanted, tuple(binding), _head(desk, matter, wanted, facts, packs), made)


def _head(desk: Desk, matter: Row, kind: Kind, facts: Known, packs: Packs) -> Head:
    sources = facts.sources
    about = {name: sources[source] for name, source in _ABOUT.items() if source in sources}
    structure, leaf = facts.facts.get("deal.structure"), packs.schema.leaves["deal.structure"]
    form = {lang: spoken(structure, leaf, lang) for lang in LANGUAGES} if structure is not None else None
    return Head(
        deal=str(matter["ref"]),
        by=sources.get(f"{kind.by}.name", sources["own.name"]),
        on=desk.today().isoformat(),
        version=packs.version,
        rehearsal=desk.rehearsal,
        about={"structure": form, **about} if form else about,
    )


def _kind(name: str, told: Papers, packs: Packs) -> Kind:
    found = told.kind(name, packs)
    if found is None or found.about != DEAL:
        known_kinds = ", ".join(one.name for one in told.kinds.values() if one.about == DEAL)
        raise Missing("document.kind", f"No paper is called so, and no rule of that id has contents: {known_kinds}.", next="custody deal documents DEAL")  # fmt: skip
    return found


def _binding(kind: Kind, found: Sequence[Need]) -> list[Need]:
    by = {one.rule.id: one for one in found}
    binding = [by[name] for name in kind.rules if name in by]
    if not any(one.rule.contents for one in binding):
        raise Refused(
            "document.not-due",
            f"On the facts of this deal none of its rules binds anybody: {', '.join(kind.rules)}.",
            next="custody deal documents DEAL",
        )
    return binding


def checked(values: Mapping[str, Json], rules: Sequence[Rule]) -> None:
    """What is given must be asked for, and be words. Raises Malformed `document.values` with all of it."""
    asked = {name for rule in rules for name in rule.contents}
    wrong = [name for name, value in values.items() if name not in asked or not _words(value)]
    if wrong:
        raise Malformed(
            "document.values",
            f"Not asked for by this paper, or neither text nor zh and en: {', '.join(sorted(wrong))}.",
            next=f"Give any of: {', '.join(sorted(asked))}.",
        )


def _words(value: Json) -> bool:
    if isinstance(value, Mapping):
        return bool(value) and set(value) <= set(LANGUAGES) and all(isinstance(one, str) for one in value.values())
    return isinstance(value, str)


def _compose(
    kind: Kind, rules: Sequence[Rule], told: Papers, packs: Packs, facts: Known, values: Mapping[str, Json], lang: str
) -> Paper:
    if lang not in LANGUAGES:
        raise Malformed("document.values", f"Papers are made in: {', '.join(LANGUAGES)}.")
    return Composer(told, packs, facts, values, lang).compose(kind, rules)


def whole(made: Mapping[str, Paper], told: Papers, other: str = "") -> None:
    """Raises Missing `document.lacks`, naming each item that lacks and how to give it: by a file, or by an`other` way."""
    lacks: dict[str, list[str]] = {}
    for lang, paper in made.items():
        for name in paper.lacks:
            lacks.setdefault(name, []).append(lang)
    if not lacks:
        return
    named = "; ".join(f"{name} ({told.item(name).words['en']} / {told.item(name).words['zh']})" for name in lacks)
    form = json.dumps({name: dict.fromkeys(langs, "…") for name, langs in lacks.items()}, ensure_ascii=False)
    raise Missing(
        "document.lacks",
        f"The paper lacks what the law asks for: {named}.",
        where={"items": ", ".join(lacks)},
        next=f"{other}--values FILE, which holds {form}",
    )
