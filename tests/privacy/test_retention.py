"""A8: clocks of retention: what is unknown never runs out, nothing ends too early, and no policy is shorter than the law."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import custody_laws
from custody.base.errors import Malformed
from custody.privacy.retention import Clock, Policy, Rule, Start, Then, floors, from_json, parse, today

POLICY = """
notice_days = 7
standing_until = 2027-12-31

[[rule]]
retention = "cn-ecommerce-3y"
start = "last-activity"
years = 3
law = ["CN-RET-ECOM-31"]

[[rule]]
retention = "relation"
purposes = ["service", "contract"]
start = "relation-end"
years = 1
months = 6
then = "strip"
columns = ["会员.生日"]
basis = "contract"
"""


def test_a_policy_is_read_as_it_is_written():
    """Every field arrives, and what is signed is read back to the same policy."""
    policy = parse(POLICY)
    assert policy.rules[1] == Rule("relation", Start.RELATION_END, Then.STRIP, ("service", "contract"), 1, 6,
                                   columns=("会员.生日",), basis="contract")  # fmt: skip
    assert (policy.notice_days, policy.standing_until) == (7, "2027-12-31")
    assert from_json(policy.to_json()) == policy


@pytest.mark.parametrize(
    "wrong",
    [
        "rule = 1", "x = 1", "[[rule]]\nretention = 'a'", "[[rule]]\nretention = 'a'\nstart = 'never'",
        "[[rule]]\nretention = 'a'\nstart = 'sealed'\nyears = -1", "[[rule]]\nretention = 'a'\nstart = 'sealed'\nyears = 1.5",
        "[[rule]]\nretention = 'a'\nstart = 'sealed'\nthen = 'strip'", "[[rule]]\nretention = 'a'\nstart = 'sealed'\ncolumns = ['x']",
        "[[rule]]\nretention = 'a'\nstart = 'sealed'\nyears = true", "[[rule]]\nretention = 'a b'\nstart = 'sealed'",
        "notice_days = -1\n[[rule]]\nretention = 'a'\nstart = 'sealed'", "standing_until = 'soon'\n[[rule]]\nretention = 'a'\nstart = 'sealed'",
        "[[rule]]\nretention = 'a'\nstart = 'sealed'\nlaw = 'x'", "[[rule]]\nretention = 'a'\nstart = 'sealed'\nbasis = 'a b'", "]",
    ],
)  # fmt: skip
def test_a_policy_that_is_not_of_the_form_is_refused(wrong: str):
    """Nothing is guessed."""
    with pytest.raises(Malformed) as refused:
        parse(wrong)
    assert refused.value.slug == "retention.form"


@pytest.mark.parametrize("short", ["years = 2", "years = 2\nmonths = 11", "days = 1095", "start = 'sealed'\nyears = 9"])
def test_a8_a_policy_shorter_than_the_law_is_refused(short: str):
    """E-commerce records stay three years from the last transaction, in whatever unit somebody counts."""
    start = "" if "start" in short else "start = 'last-activity'\n"
    with pytest.raises(Malformed) as refused:
        parse(f"[[rule]]\nretention = 'cn-ecommerce-3y'\n{start}{short}")
    assert refused.value.slug == "retention.too-short"
    assert refused.value.where["law"] == "CN-RET-ECOM-31"


@pytest.mark.parametrize("word", floors())
def test_every_floor_names_a_rule_of_the_law_pack(word: str):
    """What the law keeps is said by a rule that is there."""
    packs = custody_laws.__path__[0]
    law = floors()[word]["law"]
    assert any(f"id: {law}\n" in path.read_text(encoding="utf-8") for path in Path(packs).rglob("*.yaml"))


DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
MONTHS = st.dates(date(1990, 1, 1), date(2060, 12, 31)).map(lambda day: f"{day:%Y-%m}")


@given(
    st.sampled_from(Start), st.sampled_from(["", "active", "ended", "?"]), st.sampled_from(["", "2020", "2020-13", "x"])
)
def test_a8_an_unknown_start_never_begins(start: Start, status: str, month: str):
    """Whatever is missing or not understood starts no clock."""
    assert Clock(status, month).began(start)[0] is None


@given(MONTHS, st.integers(0, 40), st.integers(0, 40), st.integers(0, 999), st.booleans())
def test_a_longer_span_never_ends_earlier(month: str, years: int, months: int, days: int, year_end: bool):
    """One more year, month or day, or the end of the calendar year, only ever keeps longer."""
    began, _ = Clock(last_activity=month).began(Start.LAST_ACTIVITY)
    plain = Rule("a", Start.LAST_ACTIVITY, years=years, months=months, days=days, year_end=year_end)
    for more in (
        Rule("a", Start.LAST_ACTIVITY, years=years + 1, months=months, days=days, year_end=year_end),
        Rule("a", Start.LAST_ACTIVITY, years=years, months=months + 1, days=days, year_end=year_end),
        Rule("a", Start.LAST_ACTIVITY, years=years, months=months, days=days + 1, year_end=year_end),
        Rule("a", Start.LAST_ACTIVITY, years=years, months=months, days=days, year_end=True),
    ):
        assert more.last_day(began) >= plain.last_day(began)


def test_a_span_counts_as_people_count():
    """From the end of the last month; the 29th of February ends on the 28th; the year's end comes first where it is said."""
    began, _ = Clock(last_activity="2024-02").began(Start.LAST_ACTIVITY)
    assert began == date(2024, 2, 29)
    assert Rule("a", Start.SEALED, years=3).last_day(began) == date(2027, 2, 28)
    assert Rule("a", Start.SEALED, years=8, year_end=True).last_day(began) == date(2032, 12, 31)
    assert Rule("a", Start.SEALED, months=6, days=10).last_day(date(2025, 8, 31)) == date(2026, 3, 10)


@given(st.integers(0, 10_000_000), st.integers(-12, 14))
def test_nothing_ends_before_the_day_is_over_anywhere(minutes: int, zone: int):
    """The day that is reckoned with is never later than the day of any zone."""
    now = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    assert today(now) <= (now + timedelta(hours=zone)).date()


def test_the_first_rule_that_fits_decides():
    """A rule for some purposes speaks of compartments that serve nothing else."""
    policy = Policy((Rule("r", Start.SEALED, purposes=("a", "b")), Rule("r", Start.WITHDRAWAL)), 0, "")
    assert [policy.rule_for("r", some, ()) for some in (("a",), ("b", "a"), ("a", "c"), ())] == [0, 0, 1, 0]
    assert policy.rule_for("other", ("a",), ()) is None


def test_a8_a_rule_for_a_basis_speaks_of_what_rests_on_nothing_else():
    """What rests on another basis too, or on one that nobody told, is not its business; a rule without one is for all."""
    policy = Policy((Rule("r", Start.SEALED, basis="consent"), Rule("r", Start.WITHDRAWAL, purposes=("a",))), 0, "")
    bases = [{"consent"}, {"contract"}, {"consent", "contract"}, {"consent", ""}, {""}, set()]
    assert [policy.rule_for("r", ("a",), some) for some in bases] == [0, 1, 1, 1, 1, 1]
    assert [policy.rule_for("r", ("b",), some) for some in bases] == [0, None, None, None, None, None]
