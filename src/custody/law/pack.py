"""Rule packs: dated, cited YAML, validated as a whole; all faults are told at once, with file and line (spec/law.md §4)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from custody.law.clock import Clock, read_clocks
from custody.law.faults import Faults
from custody.law.form import GROUND, day, faults_of, listed, needed
from custody.law.lined import Lined, documents
from custody.law.possible import Answer, ask
from custody.law.predicate import All, Facts, Predicate, leaves
from custody.law.reading import read
from custody.law.schema import Schema, read_schema
from custody.law.terms import Terms, read_terms

REQUEST = "request.type"
"""What is asked for, among the facts."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One obligation as data. `evidence` satisfies a BLOCK; `refused_by` ends the hope for it.

    `published`: {place: days} of a public notice that stands in for telling those who cannot be reached.
    `recommended`: a standard that binds nobody; its clock never takes the place of a law's.
    An `absolute` BLOCK is a prohibition: only other facts end it. A `house` rule is a home's own.
    `refuses`: the kinds of request that may be refused by it, whole or in part (spec/law.md §12).
    """

    id: str
    regime: str
    title: Mapping[str, str]
    reference: Mapping[str, str]
    start: date
    end: date | None
    confidence: str
    kind: str
    scope: str
    when: Predicate
    says: Mapping[str, str]
    to_customer: Mapping[str, str] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()
    refused_by: tuple[str, ...] = ()
    before: str = ""
    verdict: str = ""
    absolute: bool = False
    recommended: bool = False
    published: Mapping[str, int] = field(default_factory=dict)
    house: bool = False
    refuses: tuple[str, ...] = ()
    contents: tuple[str, ...] = ()
    clocks: tuple[Clock, ...] = ()
    file: str = ""
    line: int = 0
    read: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "read", tuple(sorted(leaves(self.when))))

    def in_force(self, on: date) -> bool:
        """Whether the rule's text applies on that day."""
        return self.start <= on and (self.end is None or on <= self.end)

    @property
    def facts(self) -> frozenset[str]:
        """Every leaf the rule can ask for."""
        return leaves(self.when)


@dataclass(frozen=True, slots=True)
class Packs:
    """All loaded rules; `version` names what they were on disk. `grounds` may refuse a request; some of them are rules, too."""

    rules: tuple[Rule, ...]
    version: str
    schema: Schema
    terms: Terms
    grounds: tuple[Rule, ...] = ()

    @property
    def regimes(self) -> frozenset[str]:
        """Places whose law is loaded. Anybody under another's law is withheld."""
        return frozenset(rule.regime for rule in self.rules)

    @property
    def written(self) -> tuple[Rule, ...]:
        """Every text, whether it asks something or is a ground."""
        return (*self.rules, *(text for text in self.grounds if text.kind == GROUND))

    def of(self, regimes: Sequence[str], on: date) -> tuple[Rule, ...]:
        """The rules in force for these places on that day."""
        wanted = set(regimes)
        return tuple(rule for rule in self.rules if rule.regime in wanted and rule.in_force(on))

    def texts(self, name: str) -> tuple[Rule, ...]:
        """Every text a rule id ever had, the oldest first."""
        return tuple(sorted((rule for rule in self.rules if rule.id == name), key=lambda rule: rule.start))

    def rule(self, name: str) -> Rule | None:
        """The newest text of a rule id."""
        found = self.texts(name)
        return found[-1] if found else None

    def cited(self, name: str) -> tuple[Rule, ...]:
        """Every text of a rule or of a ground, the oldest first: what was named when something was refused is told in its words."""
        return tuple(sorted((text for text in self.written if text.id == name), key=lambda text: text.start))

    def ask(self, rule: Rule, facts: Facts) -> Answer:
        """Whether the rule's condition holds."""
        return ask(rule.when, facts, self.schema)


def load(texts: Mapping[str, str], facts: str, clocks: str, version: str) -> Packs:
    """Read every `<place>/<instrument>/<article>.yaml`. Raises Malformed `law.pack` with all faults."""
    schema = read_schema(facts)
    terms, faults = read_terms(clocks, schema), Faults()
    rules = load_rules(texts, schema, terms, faults)
    faults.stop("law.pack", "Correct the rules named; nothing was loaded.")
    return Packs(obliging(rules), version, schema, terms, refusing(rules))


def obliging(texts: Sequence[Rule]) -> tuple[Rule, ...]:
    """Those that ask something of somebody: what is evaluated, and may clear or withhold."""
    return tuple(text for text in texts if text.kind != GROUND)


def refusing(texts: Sequence[Rule]) -> tuple[Rule, ...]:
    """Those by which a request may be refused."""
    return tuple(text for text in texts if text.refuses)


def load_rules(texts: Mapping[str, str], schema: Schema, terms: Terms, faults: Faults) -> tuple[Rule, ...]:
    """Every rule of these files; what is wrong is noted."""
    rules: list[Rule] = []
    for name, text in sorted(texts.items()):
        faults.file = name
        place = name.split("/")[0].upper().replace("_", "-")
        if place not in terms.places:
            faults.add(1, f"{place} is no place in clocks.yaml")
        for row in documents(text, faults):
            made = _rule(row, place, schema, terms, faults)
            rules += [made] if made else []
    for rule, told in _clashes(rules):
        faults.file = rule.file
        faults.add(rule.line, told)
    return tuple(rules)


def _rule(row: object, place: str, schema: Schema, terms: Terms, faults: Faults) -> Rule | None:
    if not isinstance(row, Lined):
        faults.add(1, "a rule is a mapping")
        return None
    lacking = [key for key in needed(row) if key not in row]
    if lacking:
        faults.add(row.line, f"{row.get('id', 'a rule')} lacks {', '.join(lacking)}")
        return None
    before = len(faults.found)
    for key, told in faults_of(row):
        faults.add(row.at(key), f"{row['id']}: {told}")
    when = read(row["when"], schema, faults, row.at("when")) if "when" in row else None
    refuses = _refuses(row, schema, faults)
    made = Rule(
        id=str(row["id"]),
        regime=place,
        title=row["title"],
        reference=row["reference"],
        start=day(row["from"]) or date.min,
        end=day(row.get("to")),
        confidence=str(row["confidence"]),
        kind=str(row["kind"]),
        scope=str(row.get("scope", "subject")),
        when=when or All(()),
        says=row["says"],
        to_customer=row.get("to_customer", {}),
        evidence=tuple(map(str, listed(row, "evidence"))),
        refused_by=tuple(map(str, listed(row, "refused_by"))),
        before=str(row.get("before", "")),
        verdict=str(row.get("verdict", "")),
        absolute=bool(row.get("absolute")),
        recommended=row.get("force") == "recommended",
        published=dict(row.get("published", {})),
        contents=tuple(map(str, listed(row, "contents"))),
        refuses=refuses,
        clocks=read_clocks(row, place, schema, terms, faults),
        file=faults.file,
        line=row.line,
    )
    return made if len(faults.found) == before else None


def _refuses(row: Lined, schema: Schema, faults: Faults) -> tuple[str, ...]:
    kinds = schema.leaves[REQUEST].values if "refuses" in row else {}
    named = tuple(map(str, listed(row, "refuses")))
    if "refuses" in row and (not named or len(set(named)) != len(named) or not set(named) <= set(kinds)):
        faults.add(row.at("refuses"), f"{row['id']}: refuses is a list of kinds of request: {', '.join(kinds)}")
    return named


def _clashes(rules: Sequence[Rule]) -> Iterator[tuple[Rule, str]]:
    """Two texts of one id that are in force on one day, or in two places."""
    for older, newer in pairwise(sorted(rules, key=lambda rule: (rule.id, rule.start))):
        if older.id == newer.id and (older.regime != newer.regime or older.end is None or older.end >= newer.start):
            yield newer, f"{newer.id}: another text is in force on the same day, or in another place"
