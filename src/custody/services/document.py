"""Make a paper that the law of a deal asks for: exactly its contents, in each language, as text and as PDF (C1, spec/law.md §10)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from custody.acts.composing import Composed, composed
from custody.acts.desk import Desk
from custody.acts.matters import deal
from custody.acts.papers import LANGUAGES
from custody.acts.typeset import data
from custody.acts.vaults import sha256
from custody.base.canonical import Json
from custody.law.paper import Paper
from custody.ports.laws import Laws
from custody.ports.store import Row

Draw = Callable[[str, Mapping[str, Any]], bytes]
READERS: Final = ("privacy", "lawyer", "owner", "advisor", "data")


@dataclass(frozen=True, slots=True)
class Made:
    """One paper in one language. `undecided` are rules that may bind: their contents are in it."""

    deal: str
    kind: str
    to: str
    language: str
    title: str
    fields: tuple[Mapping[str, Json], ...]
    asks: Mapping[str, str]
    rules: tuple[str, ...]
    undecided: tuple[str, ...]
    text: str
    pdf: bytes
    sha256: str


def document(
    desk: Desk, laws: Laws, draw: Draw, named: str, kind: str, values: Mapping[str, Json], languages: Sequence[str] = LANGUAGES
) -> Mapping[str, Made]:  # fmt: skip
    """{language: paper}; writes nothing. `values` holds what no deal tells: {item: text or {zh, en}}.

    Raises Missing `document.kind`, `document.lacks`; Refused `document.not-due`; Malformed `document.values`.
    """
    desk.require(READERS)
    with desk.store.read() as tx:
        matter = deal(desk, tx, named)
        made = composed(desk, tx, laws, matter, kind, values, languages)
    return {lang: _made(matter, paper, made, draw) for lang, paper in made.by.items()}


def _made(matter: Row, paper: Paper, made: Composed, draw: Draw) -> Made:
    rules, kind = made.rules, made.kind
    pdf = draw("paper", data(paper, kind, rules, made.head))
    fields: list[Mapping[str, Json]] = [
        {"item": one.name, "label": one.label, "value": one.value, "origin": one.origin, "rules": list[Json](one.rules)}
        for one in paper.fields
    ]
    return Made(
        deal=str(matter["ref"]),
        kind=kind.name,
        to=kind.to,
        language=paper.language,
        title=paper.title,
        fields=tuple(fields),
        asks=dict(paper.asks),
        rules=tuple(rule.id for rule in rules),
        undecided=tuple(one.rule.id for one in made.binding if one.binds is None),
        text=made.text(paper.language),
        pdf=pdf,
        sha256=sha256(pdf),
    )
