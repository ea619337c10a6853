"""What one person is asked in a deal, and what they have answered (spec/consent.md §2).

A question is a consent that the law wants of this person, as the gate would find it now, or one that was answered before.
A refusal is not asked again within the cool-off; the person may change it at any time.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any, Final, cast

from custody.acts.matters import EVERYTHING
from custody.acts.vaults import AUDIT, QUARANTINE, slot_places
from custody.base.clock import parse, stamp
from custody.law.gate import Decision
from custody.ports.store import Row, Transaction

OBJECTION: Final = "objection"
USE: Final = "objection.use"
CARRIED: Final = "consent.carried"
"""What a person may say to whoever received their data: no to its use, and a consent that came with it taken back."""
REFUSED: Final = "consent.refused"
WITHDRAWAL: Final = "withdrawal"
BLANKET: Final = (REFUSED, WITHDRAWAL)
"""A no to whatever lies in a compartment; from a list, in every one."""
OWN_NO: Final[Mapping[str, str]] = {"consent.separate.sensitive": "consent.refused.sensitive"}
"""{question: the no to it alone, as a list says it}."""
OPEN: Final = "open"
_WITHHELD: Final = "withhold"
_NO: Final = frozenset(("refused", "withdrawn"))
_GIVEN: Final = "given"


def cooled_off(no: datetime) -> datetime:
    """From when somebody may be asked again: the longest that a law we know demands is twelve months (Cal. Civ. Code 1798.135(c)(4))."""
    try:
        return no.replace(year=no.year + 1)
    except ValueError:  # said on a 29 February: the year has no such day
        return no.replace(year=no.year + 1, month=3, day=1)


@dataclass(frozen=True, slots=True)
class Question:
    """A consent asked of one person for some of their compartments; `state` is open or what was answered last.

    `words`: the entry of questions.toml in whose words it is put, where they are not those of its code.
    """

    code: str
    compartments: tuple[int, ...]
    rules: tuple[str, ...]
    state: str = OPEN
    at: str = ""
    words: str = ""
    before: str = ""
    """When a yes was said that counts no more for all that is asked now: it is asked again, and that yes is taken back as any other."""

    @property
    def agreed(self) -> bool:
        """Whether a yes was said and not taken back, also one that counts no more for all that is asked."""
        return self.state == _GIVEN or bool(self.before)

    def asked_again(self, now: datetime) -> bool:
        """Whether it may be put to the person: it is open, or a no lies back longer than the cool-off."""
        if self.state == OPEN:
            return True
        return self.state in _NO and cooled_off(parse(self.at)) <= now

    @property
    def again_from(self) -> str:
        """From when it may be asked again after a no."""
        return stamp(cooled_off(parse(self.at))) if self.state in _NO else ""


@cache
def wordings() -> Mapping[str, Any]:
    """The words of every question, as they ship."""
    return tomllib.loads((files("custody.acts") / "questions.toml").read_text(encoding="utf-8"))


def of_child(code: str) -> str:
    """The words in which a question is put to the guardian of a child, where it has some; else its own."""
    return name if (name := f"{code}.child") in wordings() else ""


def newest(tx: Transaction, matter: str, subject: bytes) -> dict[str, Row]:
    """{question: its newest answer} of one person."""
    rows = tx.find("answer", order=("version",), matter=matter, subject=subject)
    return {str(row["question"]): row for row in rows}


def own_compartments(subject: Row) -> tuple[int, ...]:
    """Where this person's data lies."""
    places = slot_places(cast("bytes", subject["slots"]))
    return tuple(sorted(one for one in places if one not in {AUDIT, QUARANTINE}))


def questions(tx: Transaction, matter: str, subject: Row, decisions: Mapping[int, Decision]) -> list[Question]:
    """Everything this person is or was asked, in a fixed order. `decisions` are those of their compartments as of now."""
    who = cast("bytes", subject["id"])
    needed, rules = _needed(decisions)
    answers = newest(tx, matter, who)
    rows = tx.find("evidence", matter=matter, subject=who)
    held = {str(row["type"]): str(row["at"]) for row in rows}
    noes, back = (_listed(rows, answers, own_compartments(subject), kind) for kind in BLANKET)
    codes = {*needed, *answers, *(one for one in held if is_consent(one))} - {OBJECTION}
    return [_question(code, needed, rules, answers, (held, noes, back), subject) for code in sorted(codes)]


def blanket(
    tx: Transaction, matter: str, subject: Row, asked: Iterable[Question], decisions: Mapping[int, Decision]
) -> list[Row]:
    """Noes on file that hold back what no question of theirs speaks of, by whatever list or request they came: they stand as an objection does, and are lifted as one."""
    who, every = cast("bytes", subject["id"]), own_compartments(subject)
    spoken = _spoken(asked)
    if not {place for place, one in decisions.items() if one.verdict == _WITHHELD} - spoken:
        return []
    rows, answers = tx.find("evidence", matter=matter, subject=who), newest(tx, matter, who)
    return [row for kind in BLANKET for place in _listed(rows, answers, every, kind) if place not in spoken
            for row in rows if (row["compartment"], row["type"]) == (place, kind)]  # fmt: skip


def lift(tx: Transaction, noes: Iterable[Row], asked: Iterable[Question]) -> None:
    """They go off the file; to what a question speaks of the no goes on, as the answer that it is."""
    spoken = sorted(_spoken(asked))
    for row in noes:
        key = {name: row[name] for name in ("matter", "subject", "type")}
        tx.drop("evidence", **key, compartment=row["compartment"])
        left = spoken if row["compartment"] == EVERYTHING else []
        tx.add("evidence", [{**row, "compartment": place} for place in left if not tx.count("evidence", **key, compartment=place)])  # fmt: skip


def _spoken(asked: Iterable[Question]) -> set[int]:
    return {place for one in asked for place in one.compartments}


def _listed(rows: Iterable[Row], answers: Mapping[str, Row], every: tuple[int, ...], kind: str) -> dict[int, str]:
    """{compartment: when} of each no of a kind that came by list: a no to one question is none to another."""
    ours = set[tuple[int, str]]()
    for code, row in answers.items():
        ours |= effect(code, str(row["act"]), numbers(str(row["compartments"])), every)
    noes = ((cast("int", row["compartment"]), str(row["at"])) for row in rows if row["type"] == kind)
    return {place: at for place, at in noes if (place, kind) not in ours}


def _needed(decisions: Mapping[int, Decision]) -> tuple[dict[str, set[int]], dict[str, set[str]]]:
    where, rules = dict[str, set[int]](), dict[str, set[str]]()
    for compartment, decision in decisions.items():
        for reason in decision.reasons:
            for code in reason.missing:
                if is_consent(code):
                    where.setdefault(code, set()).add(compartment)
                    rules.setdefault(code, set()).add(reason.rule)
    return where, rules


def _question(
    code: str,
    needed: Mapping[str, set[int]],
    rules: Mapping[str, set[str]],
    answers: Mapping[str, Row],
    on_file: tuple[Mapping[str, str], Mapping[int, str], Mapping[int, str]],
    subject: Row,
) -> Question:
    held, noes, back = on_file
    answer = answers.get(code)
    before = numbers(str(answer["compartments"])) if answer else ()
    places = tuple(sorted({*needed.get(code, ()), *before})) or own_compartments(subject)
    state, at, yes = OPEN, "", ""
    if answer:
        state, at = str(answer["act"]), str(answer["at"])
    elif code in held:
        state, at = "given", held[code]
    # A no of a list stands: a yes that comes after it takes it off the file. What it takes back is answered apart (spec/requests.md §8).
    if _speaks(noes, places) and state in {OPEN, "given"}:
        state, at = "refused", max(noes.values())
    elif (own := OWN_NO.get(code, "")) in held and state in {OPEN, "given"}:
        state, at = "refused", held[own]
    elif _speaks(back, places) and state == OPEN:
        state, at = "refused", max(back.values())
    if state == "given" and code in needed:
        # A yes that counts no more, as a guardian's for whoever came of age since (spec/law.md §7), or that does not speak of all that is asked now (spec/consent.md §4).
        state, at, yes = OPEN, "", at
    return Question(code, places, tuple(sorted(rules.get(code, ()))), state, at, before=yes)


def _speaks(noes: Mapping[int, str], places: tuple[int, ...]) -> bool:
    return EVERYTHING in noes or (bool(noes) and set(places) <= set(noes))


def is_consent(code: str) -> bool:
    """Whether a piece of evidence is a yes that somebody is asked for."""
    return code.startswith("consent.") and not code.startswith(REFUSED)


def numbers(text: str) -> tuple[int, ...]:
    """The compartments of an answer, from its row."""
    return tuple(int(one) for one in text.split(",") if one)


def effect(code: str, act: str, compartments: tuple[int, ...], every: tuple[int, ...]) -> set[tuple[int, str]]:
    """The evidence that an answer stands for: what the gate reads. A no counts where it was asked for, a yes by its kind."""
    if act in {"given", "objected"}:
        return {(EVERYTHING, code)}
    if act == "lifted":
        return set()
    kind = REFUSED if act == "refused" else WITHDRAWAL
    places = (EVERYTHING,) if set(compartments) >= set(every) else compartments
    return {(place, kind) for place in places}
