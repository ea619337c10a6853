"""Whoever opens a link: whose page of which deal it is, and whether they proved to be that person (spec/portal.md §2)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, cast

from custody.acts import lawbook, links
from custody.acts.asking import OPEN, Question, is_consent, of_child, own_compartments, questions
from custody.acts.deciding import decide_one
from custody.acts.desk import Desk
from custody.acts.guardians import GUARDIAN
from custody.acts.line import ABORTED
from custody.acts.links import Link
from custody.acts.matters import ENDED
from custody.acts.noted import ERASED
from custody.acts.parted import parted
from custody.acts.passing import BUYER, SELLER, side_of
from custody.acts.unannounced import is_unannounced
from custody.acts.went import went
from custody.base import canonical
from custody.base.canonical import Json
from custody.base.errors import Denied
from custody.law.gate import ONLY_STORED, VERDICTS, Decision
from custody.law.pack import Packs
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction, one

ROLE: Final = ("portal",)
RELEASED: Final = "released"
UNANNOUNCED: Final = "unannounced"
CALLED_BACK: Final = "called-back"
HERE: Final = ("stays", "kept", "stayed", "off")
"""What stays here by all that is known: no day is told on which it moves."""
WENT: Final = ("moved", "moved-in-part", CALLED_BACK, "gone", "arrived", "left")
"""What went, or may have: of these alone there is a day on which it did."""
_WAIT: Final = "wait"
_GOES: Final = (VERDICTS[0], _WAIT)
_STAYS: Final = "stays"
_DESTROYED: Final = "destroyed"
_CHILD: Final = "turns_14_on"


@dataclass(frozen=True, slots=True)
class Visit:
    """One opening of one page."""

    link: Link
    matter: Row
    subject: Row
    proof: str
    packs: Packs
    decisions: Mapping[int, Decision]
    questions: tuple[Question, ...]
    side: str = SELLER
    off: bool = False
    """Whether the deal was broken off: nothing is asked for its sake any more, and what was answered stays."""
    unannounced: bool = False
    """Whether the link came with news of something else and nobody was told of the deal: nothing of the deal is shown, asked or answered by it."""

    @property
    def live(self) -> bool:
        """Whether anything of the person is still held here."""
        return self.subject["state"] == "live"

    def guarded(self, today: str) -> bool:
        """Whether only a guardian can say yes for this person."""
        return guarded(self.subject, self.packs, self.decisions, today)

    def question(self, code: str) -> Question | None:
        """The question of that code, if it was or is put to this person."""
        return next((one for one in self.questions if one.code == code), None)


def visit(desk: Desk, tx: Transaction, laws: Laws, token: str, proof: str = "") -> Visit:
    """Raises Denied `portal.link`, `act.role`."""
    desk.require(ROLE)
    link = links.opened(desk, tx, token)
    return looked_at(desk, tx, laws, link, links.proved(desk, link, proof))


def proven(desk: Desk, tx: Transaction, laws: Laws, token: str, proof: str) -> Visit:
    """The page of a person who showed who they are, and of whom something is held. Raises Denied `portal.link`, `portal.proof`."""
    seen = visit(desk, tx, laws, token, proof)
    require_proof(seen)
    return seen


def require_proof(seen: Visit) -> None:
    """That whoever is here showed to be the person, and something is held of them. Raises Denied `portal.proof`."""
    if not seen.proof or not seen.live:
        raise Denied(
            "portal.proof", "First show that it is you.", next="Type a number or address that the company has on file."
        )


def looked_at(desk: Desk, tx: Transaction, laws: Laws, link: Link, proof: str) -> Visit:
    """The page of a link that was opened, as of now. Raises Denied `portal.link` when its deal or person is none any more."""
    matter = one(tx, "matter", id=link.matter)
    subject = one(tx, "subject", vault=str(matter["vault"]), id=link.subject) if matter else None
    if matter is None or subject is None:
        raise Denied(
            "portal.link", "This link opens nothing, or nothing any more.", next="Ask the company for a new link."
        )
    side = side_of(tx, matter)
    packs, decisions, asked = lawbook.packs(laws), dict[int, Decision](), list[Question]()
    if subject["state"] == "live" and side == SELLER:  # what was received waits for no verdict: nothing is asked there
        decisions = decide_one(tx, matter, packs, desk.today(), subject)
        asked = questions(tx, link.matter, subject, decisions)
    elif side == SELLER:  # what they agreed to stands where it went, and is taken back by the same link (decision 98)
        asked = [one for one in questions(tx, link.matter, subject, {}) if one.state != OPEN]
    off = side == SELLER and bool(tx.count("statement", matter=link.matter, kind=ABORTED))
    silent = side == SELLER and is_unannounced(desk, tx, matter, link)
    asked = [one for one in asked if not silent and (not off or one.state != OPEN or one.agreed)]
    if guarded(subject, packs, decisions, desk.today().isoformat()):
        asked = [replace(one, words=of_child(one.code)) for one in asked]
    return Visit(link, matter, subject, proof, packs, decisions, tuple(asked), side, off, silent)


def is_child(subject: Row, today: str) -> bool:
    """Whether the person is known to be under 14, so that only a guardian can say yes (PIPL 31)."""
    facts = cast("Mapping[str, Json]", canonical.decode(cast("bytes", subject["facts"]), strict=False))
    return str(facts.get(_CHILD) or "") > today


def guarded(subject: Row, packs: Packs, decisions: Mapping[int, Decision], today: str) -> bool:
    """Whether only a guardian can say yes: under 14, or of an age for which a law that binds here asks for a guardian's consent."""
    fired = {one for decision in decisions.values() for one in decision.rules}
    rules = (packs.rule(one) for one in fired)
    return is_child(subject, today) or any(GUARDIAN in one.evidence for one in rules if one)


def outlook(desk: Desk, tx: Transaction, seen: Visit) -> str:
    """What becomes of this person's data: moves, in part, stays, is kept because law keeps it, waits for their answer, or not decided yet; once released: moved, in part, called back where a recall took all that went; of whoever has nothing there the same as before, since a later release may still give it, stayed where it gives nothing; gone when none is here any more, deleted where nothing of theirs had moved by then.

    Off when the deal was broken off, before which nothing is released. At the company that received it: arrived, or left when none is here any more. Unannounced where the page keeps silent of the deal.
    """
    if seen.side == BUYER:
        return "arrived" if seen.live else "left"
    if seen.unannounced:
        return UNANNOUNCED
    if not seen.live:
        return _gone(tx, seen)
    if seen.off:
        return "off"
    if tx.count("statement", matter=seen.link.matter, kind=RELEASED):
        return _released(desk, tx, seen)
    return _decided(seen)


def _released(desk: Desk, tx: Transaction, seen: Visit) -> str:
    gone = went(desk, tx, seen.matter, seen.subject)
    if not gone.there and gone.parted:
        return "moved-in-part"
    if not gone.there:
        return CALLED_BACK if gone.back else _left(tx, seen)
    return "moved" if gone.there == len(own_compartments(seen.subject)) else "moved-in-part"


def _left(tx: Transaction, seen: Visit) -> str:
    """Who was not handed over by a release is where the gate has them, as long as another may be made: told since, they may still say no."""
    becomes = _decided(seen) if releases_more(tx, seen) else _STAYS
    return "stayed" if becomes == _STAYS else becomes


def releases_more(tx: Transaction, seen: Visit) -> bool:
    """Whether the deal may still hand over: not at the buyer, not once it ended or the keys were destroyed."""
    ended = seen.side == BUYER or seen.off or seen.matter["state"] in ENDED
    return not ended and not tx.count("statement", matter=seen.link.matter, kind=_DESTROYED)


def still_counts(desk: Desk, tx: Transaction, seen: Visit, becomes: str) -> bool:
    """Whether what they answer can still change what is handed over: before any release, and after one of whatever is not with the buyer and may still go, be it for a no that they take back."""
    if not releases_more(tx, seen) or becomes == "moved":
        return False
    if becomes != "moved-in-part":
        return True
    there = went(desk, tx, seen.matter, seen.subject).compartments
    return any(one.verdict in _GOES for part, one in seen.decisions.items() if part not in there)


def _gone(tx: Transaction, seen: Visit) -> str:
    """Whether anything of who is gone had gone to the buyer is noted with their erasure; of who was erased before that was kept it may have."""
    went_before = parted(tx, seen.link.matter, seen.link.subject)
    if went_before is None:
        went_before = not _before_any_release(tx, seen)
    return "gone" if went_before else "deleted"


def _before_any_release(tx: Transaction, seen: Visit) -> bool:
    """Whether nothing can have been handed over before: nothing was released, or they asked for it and were erased before. Whose keys are gone is not told by what a release let go."""
    released = tx.find("statement", order=("n",), matter=seen.link.matter, kind=RELEASED)
    if not released:
        return True
    rows = tx.find("request", vault=str(seen.matter["vault"]), subject=seen.link.subject)
    acts = (act for row in rows for act in tx.find("request_act", request=row["id"], what=ERASED))
    return any(str(act["at"]) < str(released[0]["at"]) for act in acts)


def _decided(seen: Visit) -> str:
    decisions = seen.decisions.values()
    verdicts = {decision.verdict for decision in decisions}
    if any(reason.rule == ONLY_STORED for decision in decisions for reason in decision.reasons):
        return "kept"
    if verdicts == {VERDICTS[0]}:
        return "moves"
    if any(decision.verdict == _WAIT and not _for_answer(decision) for decision in decisions):
        return "not-yet"  # without a word of theirs it may yet move: a page that calls it theirs to decide would make silence a no
    if VERDICTS[0] in verdicts:
        return "moves-in-part"
    return "waits" if _WAIT in verdicts else "stays"


def _for_answer(decision: Decision) -> bool:
    """Whether it cannot move without a yes of the person's."""
    return any(is_consent(code) for reason in decision.reasons for code in reason.missing)
