"""The gate: one verdict per distinct case of a person's compartment, the strictest over regimes, with reasons (C3).

Monotone by construction: every rule, every unknown and every missing pack can only add a reason, each reason carries a
verdict, and the strictest reason wins. Nothing in here ever clears anybody; a case is cleared when no reason is left.
The one thing that takes a reason away is an override, which a lawyer and a second person sign for, rule by rule.
"""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Protocol

from custody.base.canonical import Json
from custody.law.form import NOTICE
from custody.law.pack import Packs, Rule
from custody.law.possible import Answer, with_ages

VERDICTS: Final = ("hand_over", "wait", "withhold", "retain_only", "destroy")
_STRICT: Final = {"hand_over": 0, "wait": 1, "withhold": 2, "retain_only": 3, "destroy": 4}
PUBLISHED: Final = "notice.published"
_REFUSALS: Final = frozenset(("objection", "withdrawal", "consent.refused"))
DIED: Final = "person.died"
DECEASED: Final = "DECEASED"
LEAVING: Final = "deletion.asked"
ASKED_TO_GO: Final = "DELETION-ASKED"
WROTE: Final = "reply.waiting"
UNREAD: Final = "REPLY-WAITING"
KEPT: Final = "deletion.kept"
ONLY_STORED: Final = "ONLY-STORED"
BESIDE: Final = "record.beside"
SAME_PERSON: Final = "SAME-PERSON"
LOOKS: Final = frozenset((UNREAD, SAME_PERSON))
"""Reasons for which somebody has to look: nothing is handed over before, and for these alone nothing that went is called back."""


@dataclass(frozen=True, slots=True)
class Case:
    """A distinct fact vector: regimes, the facts that overlay the matter's, and the evidence held."""

    regimes: tuple[str, ...]
    facts: tuple[tuple[str, Json], ...]
    evidence: frozenset[str]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a case is not cleared."""

    rule: str
    verdict: str
    text: Mapping[str, str]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """`rules` names every rule that fired, satisfied or not; `overridden` those of them that people set aside."""

    verdict: str
    reasons: tuple[Reason, ...]
    rules: tuple[str, ...]
    overridden: tuple[str, ...] = ()


class Memory(Protocol):
    """Answers of earlier gates."""

    def answer(self, rule: Rule, read: Sequence[Json], ask: Callable[[], Answer]) -> Answer:
        """What the rule answers where the facts that it reads have these values: as it was, or asked now."""
        ...


@dataclass(frozen=True, slots=True)
class Gate:
    """Compiled once per matter and day: a rule is asked once for each way in which people differ on what it reads."""

    packs: Packs
    facts: Mapping[str, Json]
    on: date
    memory: Memory | None = None
    _asked: dict[tuple[Json, ...], Answer] = field(default_factory=dict)

    def decide(self, case: Case) -> Decision:
        """The verdict on one case."""
        facts, found = with_ages({**self.facts, **dict(case.facts)}), _Found()
        found.reasons += [_no_pack(place) for place in case.regimes if place not in self.packs.regimes]
        found.reasons += [] if case.regimes else [_no_residence()]
        found.reasons += [_said_no(one) for one in sorted(case.evidence & _REFUSALS)]
        found.reasons += [_died()] if DIED in case.evidence else []
        found.reasons += [_asked_to_go()] if LEAVING in case.evidence else []
        found.reasons += [_wrote()] if WROTE in case.evidence else []
        found.reasons += [_only_stored()] if KEPT in case.evidence else []
        found.reasons += [_same_person()] if BESIDE in case.evidence else []
        for rule in self.packs.of(case.regimes, self.on):
            _weigh(rule, self._ask(rule, facts), case, found)
        bearing = found.bearing
        found.reasons += [
            _not_alone(place, rules) for place, rules in bearing.items() if not self._sure(place, bearing, case)
        ]
        verdict = max((reason.verdict for reason in found.reasons), key=_STRICT.__getitem__, default="hand_over")
        return Decision(verdict, tuple(found.reasons), tuple(found.fired), tuple(found.lifted))

    def reads(self, leaf: str, regimes: Sequence[str]) -> bool:
        """Whether any rule in force for these places asks for a fact."""
        return any(leaf in rule.read for rule in self.packs.of(regimes, self.on))

    def _ask(self, rule: Rule, facts: Mapping[str, Json]) -> Answer:
        read = [facts.get(leaf) for leaf in rule.read]
        key = (id(rule), *(tuple(value) if isinstance(value, list) else value for value in read))
        answer = self._asked.get(key)
        if answer is None:
            answer = self._asked[key] = self._anew(rule, read, facts)
        return answer

    def _anew(self, rule: Rule, read: Sequence[Json], facts: Mapping[str, Json]) -> Answer:
        if self.memory is None:
            return self.packs.ask(rule, facts)
        return self.memory.answer(rule, read, lambda: self.packs.ask(rule, facts))

    def _sure(self, place: str, bearing: Mapping[str, Sequence[tuple[Rule, bool | None]]], case: Case) -> bool:
        """Whether a rule of high confidence of this law, or of one it rests on, bears; or a legal opinion is on file."""
        laws = self.packs.terms.places[place].law
        rules = [one for law in laws for one in bearing.get(law, ())]
        return opinion(place) in case.evidence or any(rule.confidence == "H" and value for rule, value in rules)

    def blocked(self, stage: str, evidence: frozenset[str], regimes: Sequence[str] = ()) -> list[Rule]:
        """Matter rules that keep `stage` shut: fired or undecided BLOCKs whose evidence is not on file.

        Of these places, or of all that are loaded where no place is known.
        """
        found, facts = [], with_ages(self.facts)
        for rule in self.packs.of(tuple(regimes) or tuple(self.packs.regimes), self.on):
            if rule.scope == "matter" and rule.kind == "BLOCK" and rule.before == stage:
                open_still = not rule.evidence or not set(rule.evidence) <= evidence
                value = self.packs.ask(rule, facts).value
                if value is not False and open_still and not (value and lifts(rule, evidence)):
                    found.append(rule)
        return found


@dataclass(slots=True)
class _Found:
    """What the rules have said of a case so far."""

    reasons: list[Reason] = field(default_factory=list)
    fired: list[str] = field(default_factory=list)
    lifted: list[str] = field(default_factory=list)
    bearing: dict[str, list[tuple[Rule, bool | None]]] = field(default_factory=dict)


def _weigh(rule: Rule, answer: Answer, case: Case, found: _Found) -> None:
    """Add what one rule says. A rule that was set aside gives no reason, and makes nobody sure."""
    lifted = answer.value is True and lifts(rule, case.evidence)
    found.fired += [rule.id] if answer.value else []
    found.lifted += [rule.id] if lifted else []
    if answer.value is not False and not lifted and (rule.kind == "BLOCK" or rule.verdict):
        found.reasons += _reason(rule, case, answer.value, tuple(sorted(answer.missing)))
    if answer.value is not False and _bears(rule):
        found.bearing.setdefault(rule.regime, []).append((rule, None if lifted else answer.value))


def _reason(rule: Rule, case: Case, value: bool | None, missing: tuple[str, ...]) -> list[Reason]:
    if rule.scope == "matter":
        return []
    if value is None:
        return [Reason(rule.id, "withhold", rule.says, missing)]
    if rule.verdict:
        return [Reason(rule.id, rule.verdict, rule.says)]
    held = case.evidence | {NOTICE} if rule.published and PUBLISHED in case.evidence else case.evidence
    lacking = tuple(one for one in rule.evidence if one not in held)
    refused = bool(case.evidence.intersection(rule.refused_by))
    # A no stands beside a yes until a newer yes takes it off the file (spec/consent.md §2): what was said no to does not go.
    if rule.evidence and not lacking and not refused:
        return []
    return [Reason(rule.id, "withhold" if refused or not rule.evidence else "wait", rule.says, lacking)]


def override(rule: str) -> str:
    """The evidence that stands for an override of a rule."""
    return f"override.{rule}"


def lifts(rule: Rule, evidence: AbstractSet[str]) -> bool:
    """Whether people set the rule aside. Only what is known to bind can be; a prohibition never is."""
    return may_lift(rule) and override(rule.id) in evidence


def may_lift(rule: Rule) -> bool:
    """Whether a lawyer and a second person may set the rule aside: it holds somebody back, and is not absolute."""
    return (rule.kind == "BLOCK" or bool(rule.verdict)) and not rule.absolute


def _bears(rule: Rule) -> bool:
    """Whether a person can be cleared by what the rule says: a BLOCK once satisfied, or an exemption."""
    return rule.kind == "INFO" or (rule.kind == "BLOCK" and rule.scope != "matter")


def opinion(place: str) -> str:
    """The evidence that stands in for confidence: a legal opinion on the law of a place."""
    return f"opinion.{place.lower().replace('-', '_')}"


def _not_alone(place: str, rules: Sequence[tuple[Rule, bool | None]]) -> Reason:
    ids = ", ".join(rule.id for rule, _ in rules)
    text = {
        "zh": f"{place} 只有把握不足的规则涉及此人（{ids}），须有该地律师意见。",
        "en": f"Only rules of low confidence of {place} speak to this person ({ids}): a legal opinion is needed.",
    }
    return Reason(f"CONFIDENCE-{place}", "wait", text, (opinion(place),))


def _no_pack(place: str) -> Reason:
    text = {"zh": f"{place} 的法律没有载入，不移交。", "en": f"The law of {place} is not loaded: withheld."}
    return Reason(f"NO-PACK-{place}", "withhold", text)


def _no_residence() -> Reason:
    text = {"zh": "不知道这位客户在哪里，不移交。", "en": "Where this customer lives is not known: withheld."}
    return Reason("NO-RESIDENCE", "withhold", text, ("subject.residence",))


def _died() -> Reason:
    text = {
        "zh": "此人已去世，不能再告知本人、征得其同意：不移交。近亲属可依法行使权利。",
        "en": "This person has died and can be neither told nor asked: withheld. Near relatives have their rights.",
    }
    return Reason(DECEASED, "withhold", text)


def _asked_to_go() -> Reason:
    text = {
        "zh": "此人要求删除信息或者注销账户，还没有答复：答复之前不移交。",
        "en": "This person asked for deletion, or to close their account, and was not answered yet: withheld until they are.",
    }
    return Reason(ASKED_TO_GO, "withhold", text)


def _wrote() -> Reason:
    text = {
        "zh": "此人给我们的消息回了信，还没有人看过，或者还没弄清是谁写的：在此之前不移交。",
        "en": "This person wrote back to a message of ours, and nobody has read it yet, or it is not clear yet who wrote it: nothing is handed over before.",
    }
    return Reason(UNREAD, "wait", text)


def _only_stored() -> Reason:
    text = {
        "zh": "此人要求删除信息或者注销账户，剩下的只因法律要求或者技术上删不掉而保存：只存不用，不移交。",
        "en": "This person asked for deletion, or to close their account; what is left is stored because law keeps it, or it cannot be deleted yet. It is not used and not handed over.",
    }
    return Reason(ONLY_STORED, "retain_only", text)


def _same_person() -> Reason:
    text = {
        "zh": "另一条记录与此人共用证件号、手机或邮箱，那条记录说了“不”，还没有人说两条是不是同一个人：说清之前不移交。",
        "en": "Another record shares an identity number, telephone or address with this one, and said no; nobody has said yet whether the two are one person: they wait until somebody does.",
    }
    return Reason(SAME_PERSON, "wait", text)


def _said_no(what: str) -> Reason:
    text = {"zh": "客户不同意移交。", "en": "The customer does not agree to the hand-over."}
    return Reason(f"SAID-NO-{what.upper().replace('.', '-')}", "withhold", text)
