"""What rows say of a person: dates, places, contracts; unknown stays unknown."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.classify import persons


@pytest.mark.parametrize(
    ("text", "born"),
    [("1966-08-04", date(1966, 8, 4)), ("1990年1月2日", date(1990, 1, 2)), ("1990/1/2", date(1990, 1, 2)), ("19900102", date(1990, 1, 2)),
     ("1962-02-18 00:00:00", date(1962, 2, 18)), ("5/14/1965", date(1965, 5, 14)), ("14-05-1965", date(1965, 5, 14)), ("7/7/1970", date(1970, 7, 7)),
     ("2 Mar 1981", date(1981, 3, 2)), ("March 2, 1981", date(1981, 3, 2)), ("１９９０－０１－０２", date(1990, 1, 2)), ("04-08-1966", None),
     ("1990-02-30", None), ("unknown", None), ("", None), ("2024", None), ("123456789", None)],
)  # fmt: skip
def test_a_cell_is_a_date_only_when_it_reads_one_way(text, born):
    """Mixed formats are read; what could be two dates, or none, is none."""
    assert persons.birth_date(text, day_first=None) == born


def test_the_column_decides_the_order_of_day_and_month():
    """One value with a day above twelve decides for all; values that contradict each other decide nothing."""
    assert persons.day_first(["04-08-1966", "25-12-1970"]) is True
    assert persons.day_first(["4/8/1966", "5/14/1965"]) is False
    assert persons.day_first(["25-12-1970", "5/14/1965"]) is None
    assert persons.birth_date("04-08-1966", day_first=True) == date(1966, 8, 4)
    assert persons.birth_date("04-08-1966", day_first=False) == date(1966, 4, 8)


@given(st.dates(date(1900, 1, 1), date(2020, 12, 31)), st.integers(1, 90))
def test_turning_years_is_never_early(born, years):
    """Nobody turns an age before the calendar day of birth in that year."""
    turned = persons.turns(born, years)
    assert (turned.year, (turned.month, turned.day) >= (born.month, born.day)) == (born.year + years, True)


def test_a_resident_number_tells_the_birth_date():
    """Eighteen characters or fifteen digits; an impossible day tells nothing."""
    assert persons.birth_of_id("11010119990307451x") == date(1999, 3, 7)
    assert persons.birth_of_id("110101990307451") == date(1999, 3, 7)
    assert persons.birth_of_id("110101199902304514") is None
    assert persons.birth_of_id("110101199903074510") is None, (
        "a wrong check character: which digit is wrong nobody knows"
    )


@pytest.mark.parametrize(
    ("told", "place"),
    [({"countries": ["Deutschland"]}, "DE"), ({"countries": ["中国"]}, "CN"), ({"countries": ["Österreich"]}, "EU"), ({"countries": ["香港"]}, "HK"),
     ({"countries": ["Atlantis"], "phones": ["13812345678"]}, ""), ({"countries": ["N/A"], "regions": ["浙江省杭州市"]}, "CN"), ({"regions": ["中国香港九龙"]}, "HK"),
     ({"phones": ["+86 138-1234-5678"]}, "CN"), ({"identities": ["11010119990307451X"]}, "CN"), ({"regions": ["Ohio"]}, ""), ({}, ""),
     ({"countries": ["France", "Germany"]}, "")],
)  # fmt: skip
def test_residence_is_what_the_row_says_and_never_a_guess(told, place):
    """A country that is not understood, or two that differ, leave the residence unknown."""
    assert persons.residence(**told) == place


@pytest.mark.parametrize(
    ("word", "status"),
    [("已完成", "ended"), ("生效中", "active"), ("Past Due", "active"), ("Cancelled", "ended"), ("A7", ""), ("", "")],
)
def test_status_words_in_both_languages(word, status):
    """Known words say whether a contract lives; others say nothing."""
    assert persons.contract_status(word) == status


def test_the_month_of_an_instant():
    """An instant gives its month, an ambiguous date none."""
    assert persons.month("2024-05-12 10:30:00") == "2024-05"
    assert persons.month("04/05/2024") == ""


@pytest.mark.parametrize(
    ("place", "address", "may"),
    [
        ("CN", "朝阳路 5 号", True), ("CN", "中国香港九龙", False), ("HK", "香港九龙", True), ("CN", "12 Long Lane", False), ("HK", "12 Nathan Road", True),
        ("DE", "Hauptstraße 1", True), ("DE", "朝阳路 5 号", False), ("CN", "200030", True), ("TW", "台湾台北市", True), ("JP", "東京都港区", True),
    ],
)  # fmt: skip
def test_an_address_speaks_for_or_against_a_place(place, address, may):
    """By its beginning and its script, and by no more than that."""
    assert persons.may_live(place, address) is may
