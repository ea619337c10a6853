"""Papers as data: what their items are called and come from, which rules each paper serves (spec/law.md §10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from custody.law.faults import Faults
from custody.law.form import bilingual
from custody.law.lined import Lined, documents
from custody.law.pack import Packs
from custody.law.predicate import Predicate
from custody.law.reading import read

TO: Final = ("person", "authority", "file", "recipient")
BY: Final = ("own", "seller", "buyer")
DEAL, INCIDENT = "deal", "incident"
ABOUT: Final = (DEAL, INCIDENT)
FACT: Final = "fact:"
SOURCES: Final = (
    "own.name", "seller.name", "buyer.name", "map.purposes", "map.categories", "map.subjects", "map.retention", "deal.scale", "incident.categories",
)  # fmt: skip
_ITEM: Final = frozenset(("zh", "en", "fills"))
_FILL: Final = frozenset(("when", "in", "from", "zh", "en"))
_KIND: Final = frozenset(("title", "to", "by", "rules", "opening", "files", "about", "duties"))
Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Fill:
    """One way to fill an item: a source or words, where `when` holds and, if `place` is set, for a rule of that place."""

    source: str
    words: Words
    when: Predicate | None
    place: str


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a paper must hold."""

    name: str
    words: Words
    fills: tuple[Fill, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of paper, to whom, and from whom. `files` is the evidence that a finished one can be filed as.

    `about` says of what matter it speaks; `duties` which duties of its rules it does, where it does not do all.
    """

    name: str
    title: Words
    to: str
    rules: tuple[str, ...]
    opening: Words
    files: str = ""
    by: str = "own"
    about: str = DEAL
    duties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Papers:
    """Every item, every kind, and what papers to persons ask by the evidence that an answer becomes."""

    items: Mapping[str, Item]
    kinds: Mapping[str, Kind]
    asks: Mapping[str, Words]

    def kind(self, name: str, packs: Packs) -> Kind | None:
        """The kind of that name, or the paper of one rule with contents, by its id."""
        rule = packs.rule(name)
        if rule is None or not rule.contents:
            return self.kinds.get(name)
        return Kind(rule.id, rule.title, "file" if rule.scope == "matter" else "person", (rule.id,), {})

    def item(self, name: str) -> Item:
        """The item; one that a house rule made up is called by its name and must be given."""
        return self.items.get(name) or Item(name, {"zh": name, "en": name})


def read_papers(contents: str, kinds: str, packs: Packs) -> Papers:
    """Read both files. Raises Malformed `law.papers` with every fault."""
    faults = Faults("contents.yaml")
    items = {name: _item(name, row, packs, faults) for name, row in _top(contents, faults).items()}
    faults.file = "documents.yaml"
    top = _top(kinds, faults)
    made = {name: _kind(name, row, packs, faults) for name, row in _rows(top, "kinds", faults)}
    asks = {name: _words(name, row, faults) for name, row in _rows(top, "asks", faults)}
    faults.stop("law.papers", "Correct the entries named; no paper is made.")
    return Papers(items, made, asks)


def _top(text: str, faults: Faults) -> Lined:
    found = documents(text, faults)
    return found[0] if len(found) == 1 and isinstance(found[0], Lined) else Lined()


def _rows(top: Lined, name: str, faults: Faults) -> Sequence[tuple[str, Any]]:
    rows = top.get(name)
    if not isinstance(rows, Lined):
        faults.add(1, f"{name} is a table of names")
        return ()
    return tuple(rows.items())


def _item(name: str, row: Any, packs: Packs, faults: Faults) -> Item:  # noqa: ANN401 - a YAML value has any type
    given = row if isinstance(row, Lined) else Lined()
    if set(given) - _ITEM or not bilingual({key: given[key] for key in ("zh", "en") if key in given}):
        faults.add(given.line or 1, f"{name} holds zh, en and perhaps fills")
        return Item(name, {})
    fills = given.get("fills", [])
    if not isinstance(fills, list):
        faults.add(given.line, f"{name}: fills is a list")
        return Item(name, {})
    made = tuple(_fill(name, one, packs, faults) for one in fills)
    return Item(name, {"zh": given["zh"], "en": given["en"]}, made)


def _fill(name: str, row: Any, packs: Packs, faults: Faults) -> Fill:  # noqa: ANN401 - a YAML value has any type
    given = row if isinstance(row, Lined) else Lined()
    words = {key: given[key] for key in ("zh", "en") if key in given}
    source, place = str(given.get("from", "")), str(given.get("in", ""))
    if set(given) - _FILL or bool(source) == bool(words) or (words and not bilingual(words)):
        faults.add(given.line or 1, f"{name}: a fill has from, or zh and en; with when and in where it is bound")
    if source and source not in SOURCES and not _is_fact(source, packs):
        faults.add(given.line or 1, f"{name}: {source} is no source")
    if place and place not in packs.terms.places:
        faults.add(given.line or 1, f"{name}: {place} is no place")
    when = read(given["when"], packs.schema, faults, given.line) if "when" in given else None
    return Fill(source, words, when, place)


def _is_fact(source: str, packs: Packs) -> bool:
    return source.startswith(FACT) and source.removeprefix(FACT) in packs.schema


def _kind(name: str, row: Any, packs: Packs, faults: Faults) -> Kind:  # noqa: ANN401 - a YAML value has any type
    given = row if isinstance(row, Lined) else Lined()
    rules = given.get("rules", [])
    if set(given) - _KIND or not bilingual(given.get("title")) or not bilingual(given.get("opening")):
        faults.add(given.line or 1, f"{name} holds title and opening in zh and en, to, rules, and perhaps files")
    if given.get("to") not in TO:
        faults.add(given.line or 1, f"{name}: to is one of {', '.join(TO)}")
    if given.get("by", "own") not in BY:
        faults.add(given.line or 1, f"{name}: by is one of {', '.join(BY)}")
    if given.get("about", DEAL) not in ABOUT:
        faults.add(given.line or 1, f"{name}: about is one of {', '.join(ABOUT)}")
    duties = given.get("duties", [])
    known = {
        clock.duty
        for one in rules
        if isinstance(rules, list) and (rule := packs.rule(str(one)))
        for clock in rule.clocks
    }
    if not isinstance(duties, list) or (known and set(map(str, duties)) - known):
        faults.add(given.line or 1, f"{name}: its duties are duties of its rules")
        duties = []
    for one in rules if isinstance(rules, list) and rules else [None]:
        rule = packs.rule(str(one))
        # A folder of one place's rules speaks of the papers that ship, whose other rules it does not hold.
        if one is None or (
            rule is not None and not any(text.contents or text.evidence for text in packs.texts(str(one)))
        ):
            faults.add(given.line or 1, f"{name}: its rules are rules with contents or evidence")
    return Kind(name, given.get("title", {}), str(given.get("to")), tuple(map(str, rules)), given.get("opening", {}),
                str(given.get("files", "")), str(given.get("by", "own")), str(given.get("about", DEAL)), tuple(map(str, duties)))  # fmt: skip


def _words(name: str, row: Any, faults: Faults) -> Words:  # noqa: ANN401 - a YAML value has any type
    if not bilingual(row):
        faults.add(1, f"{name} is told in zh and en")
        return {}
    return dict(row)
