"""How far a yes reaches: to what its reader was shown, and no further (spec/consent.md §4, *More is asked*).

Where what the deal tells before a yes reads otherwise, or law of now wants something told that was not, the yes counts no more:
the question is open again beside the old answer, and the gate waits. Nothing of what was answered is changed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final, NamedTuple, cast

from custody.acts import releases
from custody.acts.answering import called, companies, one_stop
from custody.acts.asking import numbers, own_compartments, wordings
from custody.acts.consent_items import LANGUAGES, Telling, told_of, wanted
from custody.acts.deciding import decide
from custody.acts.desk import Desk
from custody.acts.matters import ENDED, EVERYTHING
from custody.acts.passing import SELLER, side_of
from custody.acts.reopened import TO_HAND_OVER
from custody.acts.went import went
from custody.base import dsse
from custody.law.pack import Packs, Rule
from custody.package.answer import Answer, Called
from custody.package.statements import read
from custody.ports.store import Row, Transaction, one

_GIVEN: Final = "given"
_OWN: Final = "own."
"""Words of before custody (spec/consent.md §7): which items they tell is not known here."""
_CONTACTS: Final = ("seller_contact", "buyer_contact")


class Yes(NamedTuple):
    """Whose yes, to which question, in which compartments, and its receipt."""

    who: bytes
    question: str
    compartments: tuple[int, ...]
    receipt: bytes

    @property
    def says(self) -> Answer:
        """The answer as it was signed here; what it says lets nothing move, so that its signature is looked at where it is shown."""
        return cast("Answer", read(dsse.peek(self.receipt)).says)

    def __repr__(self) -> str:
        return f"Yes({self.question})"  # whose it is stands in no message


@dataclass(frozen=True, slots=True)
class Said:
    """What whoever reads a question of a deal is told at one moment, besides their own data."""

    telling: Telling
    seller: Called
    buyer: Called

    def line(self, item: str, lang: str, categories: Sequence[str] = (), purposes: Sequence[str] = ()) -> str:
        """The sentence on an item."""
        return one_stop(self.telling.line(item, lang, called((self.seller, self.buyer), categories, purposes, lang)))

    def lacks(self, item: str, lang: str) -> bool:
        """Whether nobody has told it."""
        return self.telling.lacks(item, lang, called((self.seller, self.buyer), (), (), lang))

    def given(self, told: Mapping[str, str]) -> "Said":
        """The same with this told besides."""
        contacts = [told.get(name, of.contact) for name, of in zip(_CONTACTS, (self.seller, self.buyer), strict=True)]
        telling = replace(self.telling, told={**self.telling.told, **told})
        return Said(telling, replace(self.seller, contact=contacts[0]), replace(self.buyer, contact=contacts[1]))


def said_now(tx: Transaction, matter: Row) -> Said:
    """What the deal tells now."""
    return Said(told_of(tx, matter), *companies(tx, matter))


def lapsed(desk: Desk, tx: Transaction, matter: Row, was: Said, now: Said, packs: Packs | None = None, *, other: bool = False) -> list[Yes]:  # fmt: skip
    """Each yes on file to what is not told so any more; with `packs` also each whose rules of now want something told that it was not shown; `other`: each, since it is another hand-over by now than whatever anybody agreed to."""
    moved = {lang: _moved(was, now, lang) for lang in LANGUAGES}
    if matter["state"] in ENDED or side_of(tx, matter) != SELLER or not (packs or any(moved.values())):
        return []
    standing = list(_standing(tx, str(matter["id"])))
    rules = _rules(desk, tx, matter, packs, standing) if packs and standing and not other else {}
    found = [
        yes
        for yes in standing
        if other or _otherwise(yes, was, now, moved) or _lacking(yes, now, rules.get(yes.who, {}))
    ]
    gone = bool(releases.made(desk, tx, str(matter["id"]))) if found else False
    return [yes for yes in found if not (gone and _all_went(desk, tx, matter, yes.who))]


def take_off(desk: Desk, tx: Transaction, matter: Row, found: Sequence[Yes]) -> int:
    """They are evidence of nothing any more but of what went already, which nobody is called back for; of how many people."""
    name, gone = str(matter["id"]), bool(found) and bool(releases.made(desk, tx, str(matter["id"])))
    for yes in found:
        there = _there(desk, tx, matter, yes.who) if gone else frozenset()
        rows = tx.find("evidence", matter=name, subject=yes.who, type=yes.question)
        tx.drop("evidence", matter=name, subject=yes.who, type=yes.question)
        tx.add("evidence", [{**row, "compartment": place} for row in rows for place in sorted(there) if row["compartment"] in {EVERYTHING, place}])  # fmt: skip
    return len({yes.who for yes in found})


def _moved(was: Said, now: Said, lang: str) -> list[str]:
    return [item for item in wordings()["item"] if was.line(item, lang) != now.line(item, lang)]


def _standing(tx: Transaction, matter: str) -> Iterator[Yes]:
    """The newest answer of each person to each question to a hand-over, where it is a yes that is on file."""
    for code in sorted(TO_HAND_OVER):
        on_file = {cast("bytes", who) for (who,) in tx.columns("evidence", ("subject",), matter=matter, type=code)}
        newest = dict[bytes, tuple[str, str]]()
        rows = tx.columns("answer", ("subject", "act", "compartments"), order=("version",), matter=matter, question=code) if on_file else ()  # fmt: skip
        for who, act, places in rows:
            newest[cast("bytes", who)] = str(act), str(places)
        for who, (act, places) in newest.items():
            if who in on_file and act == _GIVEN:
                (row,) = tx.first("answer", 1, order=("-version",), matter=matter, subject=who, question=code)
                yield Yes(who, code, numbers(places), cast("bytes", row["receipt"]))


def _rules(desk: Desk, tx: Transaction, matter: Row, packs: Packs, standing: Sequence[Yes]) -> dict[bytes, dict[str, tuple[Rule, ...]]]:  # fmt: skip
    """{person: {question: the rules that ask it of them now}}."""
    made = decide(tx, matter, packs, desk.today())
    asks = cache(packs.rule)
    found = dict[bytes, dict[str, tuple[Rule, ...]]]()
    for yes in standing:
        numbered = made.seen((yes.who, place) for place in yes.compartments)
        names = {name for _, number in numbered if number >= 0 for name in made.decisions[number].rules}
        rules = (asks(name) for name in sorted(names))
        found.setdefault(yes.who, {})[yes.question] = tuple(
            one for one in rules if one and yes.question in one.evidence
        )
    return found


def _otherwise(yes: Yes, was: Said, now: Said, moved: Mapping[str, Sequence[str]]) -> bool:
    """Whether they read something that is told otherwise now. What the words of before custody said of an item is not known: any that was told otherwise counts."""
    if not any(moved.values()):
        return False
    says = yes.says
    for item in moved[says.language]:
        then, told = (one.line(item, says.language, says.categories, says.purposes) for one in (was, now))
        if says.wording.startswith(_OWN):
            if then and not was.lacks(item, says.language):
                return True
        elif (then in says.text) if then else (told not in says.text):
            return True
    return False


def _lacking(yes: Yes, now: Said, rules: Mapping[str, Sequence[Rule]]) -> bool:
    """Whether a rule that asks it now wants told what they were not shown."""
    listed = wanted(rules.get(yes.question, ()), yes.question)
    if not listed or (says := yes.says).wording.startswith(_OWN):
        return False
    lines = (now.line(item, says.language, says.categories, says.purposes) for item in listed)
    return any(line not in says.text for line in lines if line)


def _there(desk: Desk, tx: Transaction, matter: Row, who: bytes) -> frozenset[int]:
    """The compartments of which something of theirs lies with the buyer."""
    row = one(tx, "subject", vault=matter["vault"], id=who)
    return went(desk, tx, matter, row).compartments if row is not None else frozenset()


def _all_went(desk: Desk, tx: Transaction, matter: Row, who: bytes) -> bool:
    """Whether nothing of theirs can move any more by what they said."""
    row = one(tx, "subject", vault=matter["vault"], id=who)
    return row is not None and went(desk, tx, matter, row).there == len(own_compartments(row))
