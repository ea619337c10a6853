"""Who is under which law in Europe, and what it takes to hand a European customer over (spec/law.md §7)."""

from collections.abc import Mapping
from datetime import date

import pytest

from custody.base.canonical import Json
from custody.law import subject
from custody.law.gate import Case, Decision, Gate
from custody.law.pack import Packs

ON = date(2026, 3, 16)
MEMBERS = [
    "AT",
    "BE",
    "BG",
    "CY",
    "CZ",
    "DK",
    "EE",
    "ES",
    "FI",
    "GR",
    "HR",
    "HU",
    "IE",
    "IS",
    "IT",
    "LI",
    "LT",
    "LU",
    "LV",
    "MT",
    "NL",
    "NO",
    "PL",
    "PT",
    "RO",
    "SE",
    "SI",
    "SK",
    "EU",
]
SALE: Mapping[str, Json] = {
    "deal.structure": "asset_deal", "deal.stage": "closing", "deal.handler_changes": True, "deal.universal_succession": False,
    "event.kind": "closing_handover", "event.data_leaves_entity": True, "event.identifiability": "identifiable",
    "event.recipient_role": "another_handler", "event.recipient_jurisdiction": "DE", "event.accessible_from_abroad": False,
    "basis.legal_basis_orig": "contract", "basis.transfer_basis": "legit_interest", "basis.purpose_changes": False,
    "basis.method_changes": False, "buyer.automated_decisions": False, "buyer.jurisdiction": "DE",
    "data.categories": ["general"], "data.contract_status": "active", "data.large_scale": False, "data.minors_u16": False,
    "data.core_activity_monitoring_or_special": False, "seller.stops_service": True,
}  # fmt: skip
EU = frozenset(("basis.gdpr", "notice.delivered"))
UK = frozenset(("basis.uk_gdpr", "notice.delivered", "due_diligence.recorded"))


@pytest.mark.parametrize("place", MEMBERS)
def test_c2_residents_of_the_eea_are_under_eu_law(place: str):
    """A member state without rules of its own is under the law of the EU."""
    assert subject.regimes({"residence": place}, "CN") == ("CN", "EU")


@pytest.mark.parametrize(
    ("place", "seller", "found"),
    [
        ("DE", "CN", ("CN", "DE", "EU")),
        ("FR", "DE", ("DE", "EU", "FR")),
        ("UK", "UK", ("UK",)),
        ("CH", "UK", ("CH", "UK")),
        ("CN", "FR", ("CN", "EU", "FR")),
    ],
)
def test_c2_a_seller_brings_its_own_law_and_what_that_rests_on(place: str, seller: str, found: tuple[str, ...]):
    """DE and FR bring EU, for the seller as for the person; UK and CH stand alone."""
    assert subject.regimes({"residence": place}, seller) == found


def decide(packs: Packs, places: str, held: frozenset[str] = frozenset(), **changed: Json) -> Decision:
    """The verdict on one person of the sale, some of its facts changed (`group__leaf`)."""
    facts = {**SALE, **{name.replace("__", "."): value for name, value in changed.items()}}
    known = {name: value for name, value in facts.items() if value is not None}
    return Gate(packs, known, ON).decide(Case(tuple(places.split()), (), held))


@pytest.mark.parametrize(("places", "held"), [("DE EU", EU), ("EU", EU), ("UK", UK), ("CH", frozenset())])
def test_c3_a_customer_is_cleared_by_what_the_law_asks_for(loaded: Packs, places: str, held: frozenset[str]):
    """With basis, notice and record where they are due, and every fact known, an ordinary customer is handed over."""
    there = "DE" if "EU" in places else places
    decision = decide(loaded, places, held, event__recipient_jurisdiction=there, buyer__jurisdiction=there)
    assert decision.verdict == "hand_over", decision.reasons


@pytest.mark.parametrize(("places", "held"), [("DE EU", EU), ("UK", UK)])
def test_c3_each_piece_of_evidence_is_needed(loaded: Packs, places: str, held: frozenset[str]):
    """Without any one of them the customer waits."""
    there = "DE" if "EU" in places else places
    for one in held:
        decision = decide(loaded, places, held - {one}, event__recipient_jurisdiction=there, buyer__jurisdiction=there)
        assert decision.verdict == "wait", one


@pytest.mark.parametrize(
    ("changed", "rule", "verdict"),
    [
        ({"event__recipient_jurisdiction": "CN"}, "EU-XFER-44", "wait"),
        ({"event__recipient_jurisdiction": "UK"}, "EU-XFER-44", "wait"),
        ({"data__categories": ["medical_health"]}, "EU-SC-9", "wait"),
        ({"data__categories": ["medical_health"]}, "DE-DSK-SPECIAL", "wait"),
        ({"data__categories": ["criminal_conviction"]}, "EU-CRIM-10", "wait"),
        ({"basis__legal_basis_orig": "consent"}, "EU-CONS-7", "wait"),
        ({"basis__purpose_changes": True}, "EU-COMPAT-6.4", "wait"),
        ({"buyer__automated_decisions": True}, "EU-DPIA-35", "wait"),
        ({"data__contract_status": "pre_contract"}, "DE-DSK-PRECONTRACT", "wait"),
        ({"data__contract_status": "ended_retention_only"}, "DE-DSK-ENDED", "retain_only"),
        ({"data__large_scale": None, "data__categories": ["special"]}, "EU-DPIA-35", "withhold"),
        ({"data__contract_status": None}, "DE-DSK-ENDED", "withhold"),
        ({"event__identifiability": None}, "EU-LB-6", "withhold"),
    ],
)
def test_c3_what_stands_in_the_way_is_told(loaded: Packs, changed: Mapping[str, Json], rule: str, verdict: str):
    """One fact changed: the rule that now withholds is among the reasons, with its verdict."""
    decision = decide(loaded, "DE EU", EU, **changed)
    assert (rule, verdict) in {(reason.rule, reason.verdict) for reason in decision.reasons}
    assert decision.verdict != "hand_over"


def test_c3_what_china_asks_for_does_not_satisfy_europe(loaded: Packs):
    """Evidence for Chinese law alone clears nobody in the EU, the UK or Switzerland."""
    held = frozenset(("notice.delivered", "consent.separate", "pipia.done", "basis.recorded", "minimum.confirmed"))
    for places in ("CN EU", "CN DE EU", "CN EU FR", "CN UK"):
        assert decide(loaded, places, held, event__recipient_jurisdiction="CN").verdict != "hand_over", places


@pytest.mark.parametrize("changed", [
    {"seller__stops_service": False}, {"data__categories": ["special"]}, {"deal__structure": "data_only_sale"},
])  # fmt: skip
def test_c3_swiss_customers_need_a_justification_outside_the_exit_of_a_business(
    loaded: Packs, changed: Mapping[str, Json]
):
    """A seller that goes on, sensitive data, or a list alone: wait for consent or an overriding interest."""
    assert decide(loaded, "CH", **changed).verdict == "wait"


def test_c3_a_merger_by_law_waits_for_the_notice_and_an_opinion(loaded: Packs):
    """Universal succession needs no further basis, but the persons are told; as doctrine differs, a lawyer has to say so."""
    merger = {"deal__structure": "merger", "deal__universal_succession": True, "basis__transfer_basis": "other"}
    assert decide(loaded, "EU", **merger).verdict == "wait"
    assert decide(loaded, "EU", frozenset(("notice.delivered",)), **merger).verdict == "wait"
    assert decide(loaded, "EU", frozenset(("notice.delivered", "opinion.eu")), **merger).verdict == "hand_over"
