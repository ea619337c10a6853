"""How people are asked for facts: one sentence with a few parts of one kind, and what follows from answers (spec/law.md §11)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from custody.base.canonical import Json
from custody.law.faults import Faults
from custody.law.form import bilingual
from custody.law.lined import Lined, documents
from custody.law.predicate import Predicate
from custody.law.reading import plain, read
from custody.law.schema import Schema

MOST: Final = 4
_CHINESE: Final = re.compile(r"[\u3400-\u9fff]")
_KINDS: Final = {"integer": "figures", "number": "figures", "date": "moments", "instant": "moments"}
Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Question:
    """One sentence. `facts` are its parts; `unless` is a fact that answers them all, and is asked for before them."""

    name: str
    says: Words
    facts: tuple[str, ...]
    unless: str = ""


@dataclass(frozen=True, slots=True)
class Follow:
    """Facts that follow from others by the meaning of the words."""

    when: Predicate
    then: Mapping[str, Json]
    says: Words


@dataclass(frozen=True, slots=True)
class Questions:
    """`questions.yaml`, read. `asks` and `places` are the words of the question whose law is concerned."""

    asks: Words
    places: Mapping[str, Words]
    first: tuple[str, ...]
    all: Mapping[str, Question]
    follows: tuple[Follow, ...]

    def of(self, fact: str) -> Question:
        """The one question that asks for a fact."""
        return next(one for one in self.all.values() if fact in one.facts)


def read_questions(text: str, schema: Schema, regimes: frozenset[str], file: str = "questions.yaml") -> Questions:
    """Read `questions.yaml`. Raises Malformed `law.questions` with every fault: a fact that nobody asks for is one."""
    faults = Faults(file)
    found = documents(text, faults)
    top = found[0] if found and isinstance(found[0], Lined) else Lined()
    rows = {name: row for name, row in _table(top, "questions", faults).items() if _formed(name, row, faults)}
    made = {name: _question(name, row, schema, faults) for name, row in rows.items()}
    for line, told in (*_gaps(made, rows, schema), *_places(top, regimes)):
        faults.add(line, told)
    first = tuple(map(str, top.get("first", ())))
    for name in sorted(set(first) - set(made)):
        faults.add(top.line, f"{name} is no question")
    for name in sorted({one.unless for one in made.values() if one.unless} - set(schema.leaves)):
        faults.add(top.line, f"{name} is no known fact")
    follows = tuple(one for row in top.get("follows", ()) if (one := _follow(row, schema, faults)))
    faults.stop("law.questions", "Correct the questions named; nothing was loaded.")
    places = top["places"]
    return Questions(places["asks"], places["names"], first, made, follows)


def _table(top: Lined, name: str, faults: Faults) -> Mapping[str, object]:
    rows = top.get(name)
    if isinstance(rows, Lined):
        return rows
    faults.add(top.line or 1, f"{name} is a table of names")
    return {}


def _formed(name: str, row: object, faults: Faults) -> bool:
    """Whether a question can be read at all."""
    good = (
        isinstance(row, Lined) and isinstance(row.get("facts"), list) and not set(row) - {"zh", "en", "facts", "unless"}
    )
    if not good:
        faults.add(getattr(row, "line", 1), f"{name}: a question holds facts, zh and en, and perhaps unless")
    return good


def _question(name: str, row: object, schema: Schema, faults: Faults) -> Question:
    assert isinstance(row, Lined)
    facts = tuple(map(str, row["facts"]))
    leaves = [schema.leaves[fact] for fact in facts if fact in schema]
    if len(leaves) < len(facts) or not leaves:
        faults.add(row.line, f"{name} asks for what is no known fact")
        return Question(name, {}, facts)
    kinds = {_KINDS.get(leaf.kind, leaf.kind) for leaf in leaves}
    if len(facts) > MOST or len(kinds) > 1 or (kinds == {"some_of"} and len(facts) > 1):
        faults.add(row.line, f"{name}: at most {MOST} parts of one kind, and a list of values alone")
    one = leaves[0]
    own = {"zh": one.asks_zh, "en": one.asks_en} if len(leaves) == 1 else {}
    says = {**own, **{lang: row[lang] for lang in ("zh", "en") if lang in row}}
    if not _spoken(says):
        faults.add(row.line, f"{name} has no words in zh and en")
    return Question(name, says, facts, str(row.get("unless", "")))


def _spoken(says: object) -> bool:
    """Whether there are words in both languages, and the Chinese is Chinese."""
    if not bilingual(says):
        return False
    assert isinstance(says, dict)
    return bool(_CHINESE.search(says["zh"])) and not _CHINESE.search(says["en"])


def _gaps(made: Mapping[str, Question], rows: Mapping[str, object], schema: Schema) -> Iterator[tuple[int, str]]:
    """Facts that nobody asks for, and facts that two questions ask for; and facts without words of their own."""
    asked = [fact for one in made.values() for fact in one.facts]
    for fact, leaf in schema.leaves.items():
        times = asked.count(fact)
        line = next((getattr(rows[one.name], "line", 1) for one in made.values() if fact in one.facts), 1)
        if times != 1:
            yield line, f"{fact} is asked for by {times or 'no'} questions"
        if not _spoken({"zh": leaf.asks_zh, "en": leaf.asks_en}) or not _spoken({"zh": leaf.zh, "en": leaf.en}):
            yield line, f"{fact} has no question in zh and en"


def _places(top: Lined, regimes: frozenset[str]) -> Iterator[tuple[int, str]]:
    given = top.get("places")
    names = given.get("names") if isinstance(given, Lined) else None
    if not isinstance(given, Lined) or not isinstance(names, Lined) or not _spoken(given.get("asks")):
        yield top.line or 1, "places hold what is asked, and their names"
        return
    for place in sorted(regimes - {name for name, words in names.items() if _spoken(words)}):
        yield names.line, f"{place} has no name in zh and en"


def _follow(row: object, schema: Schema, faults: Faults) -> Follow | None:
    given = row if isinstance(row, Lined) else Lined()
    says, then = {lang: given.get(lang) for lang in ("zh", "en")}, given.get("then")
    when = read(given.get("when"), schema, faults, given.line or 1)
    if set(given) != {"when", "then", "zh", "en"} or not _spoken(says) or not isinstance(then, Lined) or not then:
        faults.add(given.line or 1, "what follows holds when, then, zh and en")
        return None
    facts = {str(fact): plain(value) for fact, value in then.items()}
    wrong = [fact for fact, value in facts.items() if fact not in schema or schema.leaves[fact].fault(value)]
    if wrong:
        faults.add(given.line, f"{', '.join(wrong)} cannot follow so")
    return Follow(when, facts, {lang: str(text) for lang, text in says.items()}) if when and not wrong else None
