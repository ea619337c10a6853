"""Drafts of what an incident makes the law want told: to the authority and to the persons, exactly its contents, what lacks marked (spec/incidents.md §6)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from custody.acts import incidents, lawbook
from custody.acts.composing import checked
from custody.acts.desk import Desk
from custody.acts.matters import detail_of, facts_of
from custody.acts.papers import LANGUAGES, classes_said, papers
from custody.acts.typeset import Head, data, text
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.law.pack import Rule
from custody.law.paper import Composer, Known, Paper
from custody.law.papers import INCIDENT, Kind, Papers
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction

_OPEN: Final = {"zh": "【待写】", "en": "[to be written]"}
Line = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Draft:
    """One paper of an incident by language, with the duties that it meets, the most urgent first."""

    kind: Kind
    lines: tuple[Line, ...]
    rules: tuple[Rule, ...]
    head: Head
    by: Mapping[str, Paper]

    @property
    def lacks(self) -> list[str]:
        """What is still to be written, in either language, each once."""
        return list(dict.fromkeys(name for paper in self.by.values() for name in paper.lacks))

    def text(self, lang: str) -> str:
        """As it would be read; what is not written yet is marked."""
        return text(self._marked(lang), self.kind, self.rules, self.head)

    def data(self, lang: str) -> dict[str, Any]:
        """The same, for a page that is drawn."""
        return data(self._marked(lang), self.kind, self.rules, self.head)

    def _marked(self, lang: str) -> Paper:
        paper = self.by[lang]
        fields = tuple(one if one.value else replace(one, value=_OPEN[lang]) for one in paper.fields)
        return replace(paper, fields=fields)


def drafts(
    desk: Desk, tx: Transaction, laws: Laws, row: Row, values: Mapping[str, Json]
) -> tuple[list[Draft], list[Line]]:
    """(each paper that its duties ask for, the duties that no paper ships for). Writes nothing. Raises Malformed `document.values`."""
    packs, told = lawbook.packs(laws), papers(laws)
    detail, facts = detail_of(row), facts_of(tx, str(row["id"]))
    lines = incidents.duties(laws, detail, facts, desk.card.place, stamp(desk.clock.now()))
    by = {
        rule.id: rule for rule in packs.of(incidents.places(detail), incidents.day(facts, desk.card.place, desk.zones))
    }
    found = list(_served(told, lines, by))
    checked(values, list({rule.id: rule for _, _, rules in found for rule in rules}.values()))
    known = Known(incidents.known(facts, desk.card.place, desk.zones), _sources(desk, detail))
    head = _head(desk, row, packs.version)
    made = [
        Draft(kind, own, rules, head, {lang: Composer(told, packs, known, values, lang).compose(kind, rules) for lang in LANGUAGES})
        for kind, own, rules in found
    ]  # fmt: skip
    met = {(line["rule"], line["duty"]) for one in made for line in one.lines}
    return made, [line for line in lines if (line["rule"], line["duty"]) not in met]


def _served(
    told: Papers, lines: Sequence[Line], by: Mapping[str, Rule]
) -> Iterator[tuple[Kind, tuple[Line, ...], tuple[Rule, ...]]]:
    """The kinds that serve a duty of the incident, the most urgent first."""
    found = list[tuple[int, Kind, tuple[Line, ...]]]()
    for kind in (one for one in told.kinds.values() if one.about == INCIDENT):
        places = [place for place, line in enumerate(lines) if _serves(kind, line, by)]
        if places:
            found.append((places[0], kind, tuple(lines[place] for place in places)))
    for _, kind, own in sorted(found, key=lambda one: one[0]):
        yield kind, own, tuple({str(line["rule"]): by[str(line["rule"])] for line in own}.values())


def _serves(kind: Kind, line: Line, by: Mapping[str, Rule]) -> bool:
    rule = by.get(str(line["rule"]))
    wanted = line["rule"] in kind.rules and (not kind.duties or line["duty"] in kind.duties)
    return bool(wanted and rule is not None and rule.contents)


def _sources(desk: Desk, detail: Mapping[str, Json]) -> dict[str, Mapping[str, str]]:
    """The company's name, and the kinds of data that were counted; before any counting nobody says which they are."""
    own = {"zh": desk.card.name_zh, "en": desk.card.name_en or desk.card.name_zh}
    found: dict[str, Mapping[str, str]] = {"own.name": own, "seller.name": own}
    if classes := incidents.classes(detail):
        found["incident.categories"] = classes_said(classes)
    return found


def _head(desk: Desk, row: Row, version: str) -> Head:
    by = {"zh": desk.card.name_zh, "en": desk.card.name_en or desk.card.name_zh}
    day = desk.today().isoformat()
    return Head(str(row["ref"]), by, day, version, desk.rehearsal, {})


def said(draft: Draft, told: Papers) -> dict[str, Json]:
    """A draft as verbs tell it."""
    first = draft.lines[0]
    fields = {lang: {one.name: one for one in paper.fields} for lang, paper in draft.by.items()}
    items: list[Json] = [
        {
            "item": name, "label": dict(told.item(name).words), "value": {lang: fields[lang][name].value for lang in draft.by},
            "origin": next(iter(fields.values()))[name].origin, "rules": list[Json](next(iter(fields.values()))[name].rules),
        }
        for name in next(iter(fields.values()))
    ]  # fmt: skip
    return {
        "kind": draft.kind.name, "to": draft.kind.to, "title": dict(draft.kind.title), "due_at": first["due_at"], "certain": any(bool(line["certain"]) for line in draft.lines),
        "owed": sum(not line["told_on"] for line in draft.lines), "late": any(bool(line["late"]) for line in draft.lines), "duties": [_line(line) for line in draft.lines],
        "items": items, "lacks": list[Json](draft.lacks), "ready": not draft.lacks, "text": {lang: draft.text(lang) for lang in draft.by},
    }  # fmt: skip


def _line(line: Line) -> Json:
    return {name: line[name] for name in ("rule", "duty", "law", "reference", "due_at", "certain", "missing", "told_on", "late")}  # fmt: skip
