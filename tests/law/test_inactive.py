"""FR-CNIL: whom the shop had no dealings with for more than three years is held back by their own dates, whatever the file as a whole."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.law.test_thresholds import thresholds

from custody.law import subject
from custody.law.gate import Case, Gate
from custody.law.pack import Packs

SALE = {
    "seller.jurisdiction": "FR", "deal.structure": "asset_deal", "event.kind": "closing_handover", "event.identifiability": "identifiable",
    "event.recipient_role": "another_handler", "event.data_leaves_entity": True,
}  # fmt: skip
ON = date(2026, 3, 16)
DAYS = st.dates(date(2020, 1, 1), date(2032, 1, 1))


def told(packs: Packs, row: dict, **deal: object) -> set[tuple[str, str]]:
    """(rule, verdict) of what holds a French customer back, where the file was purged and everything else is on file."""
    facts = subject.facts({"residence": "FR", **row}, "general", ["service"], ON)
    held = frozenset(one for rule in packs.rules for one in rule.evidence)
    case = Case(
        ("EU", "FR"),
        tuple((leaf, tuple(one) if isinstance(one, list) else one) for leaf, one in sorted(facts.items())),
        held,
    )
    return {(one.rule, one.verdict) for one in Gate(packs, {**SALE, **deal}, ON).decide(case).reasons}


@pytest.mark.parametrize(
    ("row", "held"),
    [
        ({"contract_status": "ended", "last_activity": "2024-07"}, False),
        ({"contract_status": "ended", "last_activity": "2023-04"}, False),
        (
            {"contract_status": "ended", "last_activity": "2023-03"},
            True,
        ),  # by the first of the month: the day is not known
        ({"contract_status": "ended", "last_activity": "2019-01"}, True),
        ({"last_activity": "2019-01"}, True),
        ({"contract_status": "active", "last_activity": "2019-01"}, False),
        ({"contract_status": "ended"}, True),  # nobody knows: unknown never clears
    ],
)
def test_c3_the_inactive_are_held_back_one_by_one(loaded: Packs, row: dict, held: bool):
    """Three years from the month of the last dealings; none while a contract runs; unknown holds back."""
    assert (("FR-CNIL-INACTIVE", "withhold") in told(loaded, row)) is held


def test_c3_the_deal_speaks_for_those_of_whom_the_data_says_nothing(loaded: Packs):
    """What people state of everybody counts where the row is silent, and never against the row."""
    assert ("FR-CNIL-INACTIVE", "withhold") not in told(
        loaded, {"contract_status": "ended"}, **{"data.inactive_years": 1}
    )
    assert ("FR-CNIL-INACTIVE", "withhold") in told(loaded, {"last_activity": "2019-01"}, **{"data.inactive_years": 1})


@given(
    on=DAYS,
    month=DAYS,
    status=st.sampled_from(("active", "ended", None)),
    turns=st.none() | DAYS,
    after=st.integers(0, 40),
)
def test_c3_a_person_reads_the_same_until_the_day_that_is_told(
    on: date, month: date, status: str | None, turns: date | None, after: int
):
    """Between a day and the day of the next change nothing of a person reads otherwise."""
    row = {
        "residence": "FR",
        "last_activity": month.isoformat()[:7],
        "contract_status": status,
        "turns_14_on": turns and turns.isoformat(),
    }
    row = {name: value for name, value in row.items() if value}
    until, later = subject.changes_after(row, on), on + timedelta(days=after)
    if not until or later.isoformat() < until:
        assert subject.read(row, later) == subject.read(row, on)
    else:
        assert until > on.isoformat()


def test_rules_count_dealings_in_whole_years(loaded: Packs):
    """What lies between two whole years is decided as their middle, so no rule may draw a line between them."""
    drawn = [test.operand for _, test in thresholds(loaded) if test.fact == subject.INACTIVE]
    assert drawn
    assert all(isinstance(one, int) for one in drawn)
