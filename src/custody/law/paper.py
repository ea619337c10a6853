"""One paper: exactly the contents of the rules it serves, each item filled or named as lacking (spec/law.md §10).

What is given counts before what can be derived; a way to fill an item counts only where its condition is true, never
where it is unknown. Nothing is left blank: what lacks is told, all of it at once.
"""

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from custody.base.canonical import Json
from custody.law.pack import Packs, Rule
from custody.law.papers import FACT, Fill, Kind, Papers
from custody.law.possible import ask
from custody.law.sentence import spoken

_DEEP: Final = 3
_JOIN: Final = {"zh": "", "en": " "}
_PARTIES: Final = ("seller", "buyer", "own")
Values = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Known:
    """What a deal tells: its facts, and per source the words in each language."""

    facts: Mapping[str, Json]
    sources: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Field:
    """One item as it stands in the paper. `origin` is `given`, `words` or the source."""

    name: str
    label: str
    value: str
    origin: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """`lacks` names what is missing; a paper that lacks anything is no paper."""

    kind: str
    language: str
    title: str
    opening: str
    fields: tuple[Field, ...]
    asks: tuple[tuple[str, str], ...]
    lacks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Composer:
    """Fills the items of papers in one language."""

    papers: Papers
    packs: Packs
    known: Known
    given: Values
    language: str

    def compose(self, kind: Kind, rules: Sequence[Rule]) -> Paper:
        """The paper of these rules, which bind."""
        wanted: dict[str, list[Rule]] = {}
        for rule in rules:
            for name in rule.contents:
                wanted.setdefault(name, []).append(rule)
        sheet = _Sheet(self, wanted)
        fields = tuple(sheet.field(name) for name in wanted)
        lacks = tuple(one.name for one in fields if not one.value and not sheet.follows(one.name))
        title, opening = kind.title[self.language], sheet.said(kind.opening.get(self.language, ""))
        return Paper(kind.name, self.language, title, opening, fields, sheet.asks(kind, rules), lacks)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The items of one paper, each with the rules that ask for it; words may name other items, a few steps deep."""

    by: Composer
    wanted: Mapping[str, Sequence[Rule]]

    def field(self, name: str) -> Field:
        """One item, filled or empty."""
        value, origin = self._item(name, _DEEP)
        label = self.by.papers.item(name).words[self.by.language]
        return Field(name, label, value, origin, tuple(rule.id for rule in self.wanted[name]))

    def follows(self, name: str) -> bool:
        """Whether words fill the item as soon as other items of this paper, which lack, are given."""
        fills = (fill for fill in self.by.papers.item(name).fills if fill.words and self._holds(name, fill))
        return any(self._waits(fill.words[self.by.language], name) for fill in fills)

    def asks(self, kind: Kind, rules: Sequence[Rule]) -> tuple[tuple[str, str], ...]:
        """What a person is asked, by the evidence that the answer becomes."""
        if kind.to != "person":
            return ()
        words = self.by.papers.asks
        kinds = dict.fromkeys(one for rule in rules for one in rule.evidence if one in words)
        return tuple((one, self.said(words[one][self.by.language])) for one in kinds)

    def said(self, text: str, deep: int = _DEEP, item: str = "") -> str:
        """The words with their places filled; nothing when one of them cannot be."""
        names = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
        words = {name: self._place(name, deep, item) for name in names}
        for name, value in words.items():
            # A name may end in a full stop of its own: Co., Ltd.
            text = text.replace(f"{{{name}}}.", value.rstrip(".") + ".").replace(f"{{{name}}}", value)
        return text if all(words.values()) else ""

    def _item(self, name: str, deep: int) -> tuple[str, str]:
        told = self._given(name)
        if told:
            return told, "given"
        fills = [fill for fill in self.by.papers.item(name).fills if self._holds(name, fill)]
        if own := [self._fill(name, fill, deep) for fill in fills if fill.place]:
            # Each law's own words: of one that cannot be filled, another's do not stand in for them.
            return (_JOIN[self.by.language].join(own), "words") if all(own) else ("", "")
        for fill in fills:
            if value := self._fill(name, fill, deep):
                return value, fill.source or "words"
        return "", ""

    def _given(self, name: str) -> str:
        value = self.by.given.get(name)
        told = value.get(self.by.language) if isinstance(value, Mapping) else value
        return told.strip() if isinstance(told, str) else ""

    def _holds(self, name: str, fill: Fill) -> bool:
        places = self.by.packs.terms.places
        laws = {law for rule in self.wanted.get(name, ()) for law in places[rule.regime].law}
        if fill.place and fill.place not in laws:
            return False
        return fill.when is None or ask(fill.when, self.by.known.facts, self.by.packs.schema).value is True

    def _fill(self, name: str, fill: Fill, deep: int) -> str:
        if fill.source.startswith(FACT):
            leaf = self.by.packs.schema.leaves[fill.source.removeprefix(FACT)]
            value = self.by.known.facts.get(leaf.name)
            return "" if value is None else _begun(spoken(value, leaf, self.by.language))
        if fill.source:
            return _begun(self._source(fill.source))
        return self.said(fill.words[self.by.language], deep, name)

    def _place(self, name: str, deep: int, item: str) -> str:
        if name == "others":
            return self._others(item)
        if name in _PARTIES:
            return self._source(f"{name}.name")
        return self._item(name, deep - 1)[0] if deep else ""

    def _waits(self, text: str, item: str) -> bool:
        names = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
        left = [name for name in names if not self._place(name, _DEEP, item)]
        return bool(left) and all(name in self.wanted and not self._item(name, 0)[0] for name in left)

    def _source(self, name: str) -> str:
        return self.by.known.sources.get(name, {}).get(self.by.language, "")

    def _others(self, item: str) -> str:
        """What only other rules ask for than those that ask for `item`."""
        own = {rule.id for rule in self.wanted.get(item, ())}
        names = [name for name, rules in self.wanted.items() if not own & {rule.id for rule in rules}]
        labels = [self.by.papers.item(name).words[self.by.language] for name in names]
        return ("、" if self.by.language == "zh" else "; ").join(labels)


def _begun(text: str) -> str:
    """A value begins with a capital, as a sentence does; Chinese is left as it is."""
    return text[:1].upper() + text[1:]
