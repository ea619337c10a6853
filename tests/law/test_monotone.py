"""G8: nobody is cleared by something unknown, and more prohibitions, refusals or places never clear more."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as some

from custody.base.canonical import Json
from custody.law.check import flatten
from custody.law.gate import Case, Decision, Gate
from custody.law.pack import Packs
from custody.law.predicate import All
from custody.law.predicate import Test as Is

ON = date(2026, 4, 20)
FACTS: dict[str, Json] = {
    "deal": {"structure": "asset_deal", "stage": "closing", "handler_changes": True, "insolvency": "none", "on_date": "2026-04-20",
             "primary_purpose_is_data": False, "buyer_assumes_control": True},
    "seller": {"jurisdiction": "CN", "is_ciio": False, "entity_kind": "online_merchant", "is_important_data_handler": False},
    "buyer": {"jurisdiction": "CN", "is_ciio": False, "continues_same_service": True, "automated_decisions": False},
    "event": {"kind": "closing_handover", "data_leaves_entity": True, "identifiability": "identifiable", "recipient_role": "another_handler",
              "recipient_jurisdiction": "CN", "accessible_from_abroad": False, "notified_items_change": True,
              "foreign_authority_order": False, "public_listing": False},
    "basis": {"legal_basis_orig": "contract", "purpose_changes": False, "method_changes": False, "types_change": False,
              "notice_exempt_ground": "none", "lawful_basis_for_provision": True},
    "data": {"important_data": False, "minors_u13": False, "minors_u14": False, "minors_u16": False, "minors_u18": False, "categories": ["general"]},
    "crossborder": {"direction": "none"},
    "retention": {"purpose_ended": False, "statutory_hold": False, "deletion_technically_hard": False},
}  # fmt: skip
EVIDENCE = frozenset((
    "notice.delivered", "consent.separate", "consent.sensitive", "consent.guardian", "pipia.done", "contract.recipient", "necessity.recorded",
    "assessment.minors",
))  # fmt: skip
STRICT = {"hand_over": 0, "wait": 1, "withhold": 2, "retain_only": 3, "destroy": 4}
PLACES = ("CN", "EU", "UK", "US", "JP", "XX")


def decide(packs: Packs, facts: Mapping[str, Json], case: Case) -> Decision:
    """The gate's word."""
    return Gate(packs, facts, ON).decide(case)


def whole(packs: Packs) -> dict[str, Json]:
    """The facts of a plain case, every one known."""
    return flatten(FACTS, packs.schema)


@some.composite
def changed(draw: some.DrawFn, facts: Mapping[str, Json]) -> dict[str, Json]:
    """Facts with some yes and no turned round."""
    flags = sorted(name for name, value in facts.items() if isinstance(value, bool))
    turned = draw(some.sets(some.sampled_from(flags), max_size=4))
    return {name: (not value if name in turned else value) for name, value in facts.items()}


def test_a_plain_case_with_all_evidence_is_cleared(loaded: Packs):
    """Something can be cleared at all, so the properties below are not empty."""
    assert decide(loaded, whole(loaded), Case(("CN",), (), EVIDENCE)).verdict == "hand_over"


@settings(max_examples=60, deadline=None)
@given(data=some.data())
def test_forgetting_a_fact_never_clears(loaded: Packs, data: some.DataObject):
    """Whoever is cleared while some facts are unknown is cleared when they are known, whatever they turn out to be."""
    facts = data.draw(changed(whole(loaded)))
    known = data.draw(some.sets(some.sampled_from(sorted(facts)), min_size=len(facts) - 6))
    held = data.draw(some.frozensets(some.sampled_from(sorted(EVIDENCE)), min_size=len(EVIDENCE) - 2))
    case = Case(("CN",), (), held)
    if decide(loaded, {name: facts[name] for name in known}, case).verdict == "hand_over":
        assert decide(loaded, facts, case).verdict == "hand_over"


@settings(max_examples=60, deadline=None)
@given(data=some.data())
def test_one_more_prohibition_never_clears_more(loaded: Packs, data: some.DataObject):
    """A rule that is added, with any condition over a known or unknown fact, leaves the verdict or makes it stricter."""
    facts = data.draw(changed(whole(loaded)))
    name = data.draw(some.sampled_from([*sorted(facts), "deal.hearing_at"]))
    when = All((Is(name, "is", facts.get(name, "x")),))
    pattern = next(
        rule for rule in loaded.rules if rule.regime == "CN" and rule.kind == "BLOCK" and rule.scope == "subject"
    )
    verdict = data.draw(some.sampled_from(["", "withhold", "retain_only", "destroy"]))
    extra = replace(pattern, id="CN-MADE", when=when, evidence=(), refused_by=(), verdict=verdict)
    more = replace(loaded, rules=(*loaded.rules, extra))
    case = Case(("CN",), (), EVIDENCE)
    assert STRICT[decide(more, facts, case).verdict] >= STRICT[decide(loaded, facts, case).verdict]


@settings(max_examples=60, deadline=None)
@given(data=some.data())
def test_a_refusal_or_one_more_place_never_clears_more(loaded: Packs, data: some.DataObject):
    """An objection, a withdrawal, or the law of one more place, loaded or not, leaves the verdict or makes it stricter."""
    facts = data.draw(changed(whole(loaded)))
    held = data.draw(some.frozensets(some.sampled_from(sorted(EVIDENCE))))
    before = decide(loaded, facts, Case(("CN",), (), held)).verdict
    place = data.draw(some.sampled_from(PLACES))
    assert STRICT[decide(loaded, facts, Case(tuple(sorted({"CN", place})), (), held)).verdict] >= STRICT[before]
    for word in ("objection", "withdrawal", "consent.refused"):
        after = decide(loaded, facts, Case(("CN",), (), held | {word})).verdict
        assert STRICT[after] >= max(STRICT[before], STRICT["withhold"])


def test_nobody_is_cleared_without_a_place(loaded: Packs):
    """Where nobody knows where a customer lives, no evidence clears them."""
    assert decide(loaded, whole(loaded), Case((), (), EVIDENCE)).verdict == "withhold"
