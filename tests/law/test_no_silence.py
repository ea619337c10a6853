"""Where people's data goes to somebody else, no place's law stays silent: a rule that shuts is true or waits for facts."""

from datetime import date
from itertools import product
from typing import Any

import pytest

from custody.law.check import check
from custody.law.pack import Packs

PLACES = {
    "CN": ("CN",), "EU": ("EU",), "DE": ("EU", "DE"), "FR": ("EU", "FR"), "UK": ("UK",), "CH": ("CH",), "US": ("US",),
    "US-CA": ("US", "US-CA"), "CA": ("CA",), "CA-QC": ("CA", "CA-QC"), "KR": ("KR",), "SG": ("SG",), "HK": ("HK",),
    "JP": ("JP",), "IN": ("IN",), "BR": ("BR",), "TW": ("TW",),
}  # fmt: skip
# The law of Australia asks nothing of a domestic sale of a business but notice afterwards (APP 5): it is left out. So does Swiss law where the
# successor steps in by operation of law.
QUIET = {("CH", "merger", "closing_handover"), ("CH", "division", "closing_handover")}
STRUCTURES = (
    "share_transfer",
    "asset_deal",
    "data_only_sale",
    "merger",
    "division",
    "dissolution",
    "bankruptcy",
    "financing",
)
EVENTS = (
    "due_diligence",
    "closing_handover",
    "post_closing_sharing",
    "export",
    "cessation",
    "ownership_change",
    "governance_change",
)


def facts(home: str, structure: str, kind: str, *, control: bool) -> dict[str, Any]:
    """Ordinary data of grown-ups goes to another handler at home."""
    return {
        "deal.structure": structure, "deal.insolvency": "none", "deal.buyer_assumes_control": control,
        "deal.stage": "pre_signing_dd" if kind == "due_diligence" else "closing",
        "deal.handler_changes": kind != "due_diligence" and structure not in {"share_transfer", "financing"},
        "deal.primary_purpose_is_data": structure == "data_only_sale", "deal.universal_succession": structure in {"merger", "division"},
        "seller.jurisdiction": home, "buyer.jurisdiction": home, "buyer.uses_for_marketing": False, "buyer.automated_decisions": False,
        "event.kind": kind, "event.identifiability": "identifiable", "event.data_leaves_entity": True,
        "event.recipient_role": "another_handler", "event.recipient_jurisdiction": home, "event.accessible_from_abroad": False,
        "basis.legal_basis_orig": "contract", "basis.transfer_basis": "contract", "basis.purpose_changes": False, "basis.method_changes": False,
        "data.youngest_age": 18, "data.categories": ["general"], "data.sensitive_subjects": 0, "data.subjects_total": 50_000,
        "crossborder.direction": "none",
    }  # fmt: skip


@pytest.mark.parametrize("place", sorted(PLACES))
def test_no_place_is_silent_when_data_goes_to_somebody_else(loaded: Packs, place: str):
    """Whatever the deal and the event are called, a BLOCK on the person is true or unknown."""
    home, day = PLACES[place][-1].partition("-")[0], date(2027, 6, 15)
    silent = []
    for structure, kind, control in product(STRUCTURES, EVENTS, (True, False)):
        outcome = check(loaded, facts(home, structure, kind, control=control), PLACES[place], day)
        bearing = [*outcome.fired, *(rule for rule, _ in outcome.unknown)]
        if not any(rule.kind == "BLOCK" and rule.scope != "matter" for rule in bearing):
            silent.append((place, structure, kind))
    assert not set(silent) - QUIET
