"""What it takes to hand over customers of America, Asia and the Pacific (spec/law.md §7)."""

from collections.abc import Mapping
from datetime import date

import pytest

from custody.base.canonical import Json
from custody.law import subject
from custody.law.gate import Case, Decision, Gate
from custody.law.pack import Packs

ON = date(2026, 3, 16)
SALE: Mapping[str, Json] = {
    "deal.structure": "asset_deal", "deal.stage": "closing", "deal.handler_changes": True, "deal.primary_purpose_is_data": False,
    "deal.buyer_assumes_control": True, "deal.insolvency": "none", "event.kind": "closing_handover", "event.data_leaves_entity": True,
    "event.identifiability": "identifiable", "event.recipient_role": "another_handler", "event.recipient_jurisdiction": "CN",
    "buyer.jurisdiction": "CN", "crossborder.direction": "none", "basis.purpose_changes": False, "data.categories": ["general"],
    "basis.privacy_policy_promise": "silent", "basis.transfer_contradicts_promise": False, "buyer.uses_for_marketing": False,
    "event.direct_marketing_for_gain": False, "crossborder.recipient_country_adequate": False, "buyer.equivalent_system": False,
    "seller.small_business_exempt": False, "deal.authority_approved": False, "data.subjects_total": 5000, "data.sensitive_subjects": 0,
    **{f"data.minors_u{years}": False for years in (13, 14, 16, 18)},
}  # fmt: skip


def decide(packs: Packs, place: str, evidence: tuple[str, ...], on: date = ON, **facts: Json) -> Decision:
    """The verdict of one place alone; double underscores stand for the dot."""
    changed = {name.replace("__", "."): value for name, value in facts.items()}
    return Gate(packs, {**SALE, **changed}, on).decide(Case((place,), (), frozenset(evidence)))


NEEDED = [
    ("KR", ("notice.delivered", "transfer.tool.kr"), ON),
    ("SG", ("purpose.kept", "transfer.tool.sg"), ON),
    ("JP", ("purpose.kept", "consent.export.jp"), ON),
    ("CA", ("purpose.kept",), ON),
    ("CA-QC", ("purpose.kept", "pia.done", "contract.recipient"), ON),
    ("AU", ("transfer.tool.au",), ON),
    ("BR", ("basis.lgpd", "notice.delivered", "transfer.tool.br"), ON),
    ("TW", ("notice.delivered",), ON),
    ("IN", ("notice.delivered", "consent.verified"), date(2027, 12, 1)),
]


@pytest.mark.parametrize(("place", "evidence", "on"), NEEDED)
def test_c3_everything_a_law_asks_for_must_be_on_file(loaded: Packs, place: str, evidence: tuple[str, ...], on: date):
    """With all of it the customer is handed over; without any one of it they wait."""
    assert decide(loaded, place, evidence, on).verdict == "hand_over"
    for one in evidence:
        rest = tuple(other for other in evidence if other != one)
        assert decide(loaded, place, rest, on).verdict == "wait"


@pytest.mark.parametrize(("place", "evidence", "on"), NEEDED)
def test_c3_a_refusal_ends_the_wait(loaded: Packs, place: str, evidence: tuple[str, ...], on: date):
    """Who said no is withheld, whatever else is on file."""
    assert decide(loaded, place, (*evidence, "objection"), on).verdict == "withhold"


@pytest.mark.parametrize(
    ("place", "rule", "facts"),
    [
        ("KR", "KR-17", {"deal__buyer_assumes_control": False}),
        ("KR", "KR-17", {"basis__purpose_changes": True}),
        ("KR", "KR-U14", {"data__minors_u14": True}),
        ("SG", "SG-LIST-SALE", {"deal__structure": "data_only_sale"}),
        ("HK", "HK-DPP3", {"deal__structure": "data_only_sale"}),
        ("HK", "HK-DM", {"buyer__uses_for_marketing": True}),
        ("JP", "JP-LIST", {"deal__buyer_assumes_control": False}),
        ("CA", "CAN-7.2-4", {"deal__primary_purpose_is_data": True}),
        ("AU", "AU-TRADING", {"seller__small_business_exempt": True, "basis__separate_consent": "not_asked"}),
        ("TW", "TW-20", {"basis__purpose_changes": True}),
        ("US", "US-FTC-5", {"basis__transfer_contradicts_promise": True}),
        ("US", "US-COPPA", {"data__minors_u13": True}),
        ("US-CA", "US-CA-LIST", {"seller__ccpa_business": True, "deal__buyer_assumes_control": False}),
    ],
)
def test_c3_a_list_sold_alone_a_new_purpose_or_a_child_is_not_cleared(
    loaded: Packs, place: str, rule: str, facts: Mapping[str, Json]
):
    """The exceptions for a business do not reach these, even with everything on file that a business needs."""
    held = next((evidence for one, evidence, _ in NEEDED if one == place), ("notice.delivered",))
    decision = decide(loaded, place, held, **facts)
    assert decision.verdict in {"wait", "withhold"}
    assert rule in {reason.rule for reason in decision.reasons}


@pytest.mark.parametrize(("count", "verdict"), [(99_999, "hand_over"), (100_000, "hand_over"), (100_001, "withhold")])
def test_c3_consent_does_not_cure_a_bulk_transfer_to_a_country_of_concern(loaded: Packs, count: int, verdict: str):
    """More than 100,000 Americans' device identifiers stay, whatever is on file."""
    facts = {"data__subjects_total": count, "data__categories": ["device_identifiers", "general"]}
    everything = ("consent.separate", "notice.delivered", "purpose.kept")
    assert decide(loaded, "US", everything, **facts).verdict == verdict


@pytest.mark.parametrize(("tier", "categories"), [
    ("general", ["device_identifiers", "general"]), ("sensitive", ["device_identifiers", "medical_health", "sensitive"]),
])  # fmt: skip
def test_c3_a_person_with_a_device_identifier_is_counted_as_such(tier: str, categories: list[str]):
    """A column of device identifiers is general data and yet shows in every compartment of the person."""
    row = {"categories": ["device.id", "person.health.record"]}
    assert subject.facts(row, tier, (), ON)["data.categories"] == categories


def test_c3_what_no_column_shows_is_taken_from_the_matter():
    """Health information under HIPAA is so for everybody; faces only where the compartment is sensitive."""
    stated = ["face", "general", "medical_health", "phi"]
    assert subject.facts({}, "general", (), ON, stated)["data.categories"] == ["general", "phi"]
    assert subject.facts({}, "sensitive", (), ON, stated)["data.categories"] == ["face", "phi", "sensitive"]


@pytest.mark.parametrize(("place", "law"), [
    ("US", ("CN", "US", "US-CA")), ("US-CA", ("CN", "US", "US-CA")), ("CA", ("CA", "CA-QC", "CN")), ("KR", ("CN", "KR")),
])  # fmt: skip
def test_c3_a_country_without_its_state_brings_the_law_of_the_state(place: str, law: tuple[str, ...]):
    """Whether somebody in the United States lives in California is not known: both laws bind."""
    assert subject.regimes({"residence": place}, "CN") == law


def test_c3_a_seller_in_the_united_states_is_not_therefore_in_california():
    """The law of a state follows the customer."""
    assert subject.regimes({"residence": "KR"}, "US") == ("KR", "US")
