"""The shared worked scenarios: what must fire fires, what must not does not (spec/law.md §5)."""

from datetime import date

from custody.law.check import check, flatten
from custody.law.pack import Packs

PERSON_BY_PERSON = {"FR-CNIL-INACTIVE", "IN-CHILD-9"}
"""What the list says of a whole file, or in words beside a rule, and the gate decides for each person: by their last dealings, by their age."""

REQUEST_CLOCKS = {
    "AU-OAIC-REQ", "AU-REQ-12", "BR-REQ-18", "BR-REQ-19", "CAN-REQ-8", "CH-REQ-25", "CH-REQ-28", "HK-REQ-19", "HK-REQ-23", "IN-GRIEV-14", "IN-GRIEV-5.9",
    "JP-REQ-33", "KR-REQ-35", "KR-REQ-36", "KR-REQ-37", "QC-REQ-32", "QC-REQ-32-DEL", "SG-REQ-21", "SG-REQ-REG5", "TW-REQ-13-1", "TW-REQ-13-2",
}  # fmt: skip
"""The clocks of requests in places of which the list has none."""


def test_shared_scenarios(loaded: Packs, shared):
    """Every scenario whose places are loaded comes out as written; what must fire is no mere perhaps."""
    scenarios, wrong = shared("scenarios.json"), []
    lacking = {
        place
        for case in scenarios
        for place in case["facts"]["regimes"]
        for one in case["must_fire"]
        if not loaded.rule(one)
    }
    for case in scenarios:
        facts = flatten(case["facts"], loaded.schema)
        places = tuple(case["facts"]["regimes"])
        if lacking.intersection(places):
            continue
        fired = {rule.id for rule in check(loaded, facts, places, date.fromisoformat(str(facts["deal.on_date"]))).fired}
        lost = [one for one in case["must_fire"] if one not in fired]
        extra = fired.intersection(case["must_not_fire"])
        wrong += [f"{case['id']}: {lost} did not fire, {sorted(extra)} did"] if lost or extra else []
    assert not wrong, "\n".join(wrong)


def test_every_shared_obligation_is_a_rule(loaded: Packs, shared):
    """Each obligation of the shared list is loaded under its id; beside them stand what is decided person by person, and clocks of requests, and nothing else."""
    assert {rule.id for rule in loaded.rules} - PERSON_BY_PERSON - REQUEST_CLOCKS == set(shared("obligations.json"))


def test_confidence_is_that_of_the_shared_list(loaded: Packs, shared):
    """What the list marks as medium or low is not called high here."""
    told = {name: row[-1] for name, row in shared("obligations.json").items()}
    unsure = {name for name, words in told.items() if words.split()[0].strip("–;,.") in {"M", "M-H", "L"}}
    raised = [rule.id for rule in loaded.rules if rule.id in unsure and rule.confidence == "H"]
    assert unsure
    assert not raised
