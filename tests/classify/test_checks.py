"""Check digits, held equal to an independent library."""

import stdnum.cn.ric
import stdnum.cn.uscc
import stdnum.iban
import stdnum.luhn
from hypothesis import given, settings
from hypothesis import strategies as st

from custody.classify import check_one, checks

DIGITS = st.text("0123456789", min_size=12, max_size=19)
USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@settings(max_examples=60)
@given(st.lists(DIGITS, min_size=1, max_size=20))
def test_luhn_equals_the_reference_for_right_and_wrong_numbers(values):
    """Luhn over a column answers as python-stdnum does value by value, whatever the length."""
    values = values + [value + stdnum.luhn.calc_check_digit(value) for value in values]
    assert checks.luhn(values).tolist() == [stdnum.luhn.is_valid(value) for value in values]


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.dates(), st.text("0123456789", min_size=3, max_size=3), st.sampled_from("0123456789Xx")),
        min_size=1,
        max_size=12,
    )
)
def test_resident_numbers_take_only_the_right_check_character(parts):
    """A resident number is right exactly with the check character the reference computes, in either case of X."""
    values = [
        f"110101{max(day.year, 1800):04}{day:%m%d}{serial}{check}" for day, serial, check in parts if day.year >= 1800
    ]
    wanted = [stdnum.cn.ric.calc_check_digit(value[:17] + "0") == value[17].upper() for value in values]
    assert checks.resident(values).tolist() == wanted if values else True


def test_resident_numbers_need_a_possible_birth_date():
    """The thirtieth of February is nobody's birthday, however right the check character."""
    body = "11010119990230" + "451"
    value = body + stdnum.cn.ric.calc_check_digit(body + "0")
    assert not checks.resident([value])[0]


@settings(max_examples=60)
@given(st.lists(st.text(USCC, min_size=17, max_size=17), min_size=1, max_size=10), st.sampled_from(USCC))
def test_credit_codes_equal_the_reference(bodies, guess):
    """A unified social credit code is right exactly with the reference's last character."""
    values = [body + guess for body in bodies]
    wanted = [stdnum.cn.uscc.calc_check_digit(body) == guess for body in bodies]
    assert checks.uscc(values).tolist() == wanted


@settings(max_examples=60)
@given(
    st.lists(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=11, max_size=30), min_size=1, max_size=10),
    st.integers(0, 99),
)
def test_ibans_equal_the_reference(bodies, guess):
    """The remainder modulo 97 agrees with the reference for right and for arbitrary check digits."""
    values = [f"DE{guess:02}{body}" for body in bodies]
    values += ["DE" + stdnum.iban.calc_check_digits("DE00" + body) + body for body in bodies]
    wanted = [stdnum.iban.calc_check_digits(value[:2] + "00" + value[4:]) == value[2:4] for value in values]
    found = checks.iban(values).tolist()
    assert all(one for one, right in zip(found, wanted, strict=True) if right)
    assert all(found[len(bodies) :])


def test_vehicle_numbers_carry_a_check_character():
    """A published North American example is right, and a changed letter is wrong."""
    assert checks.vin(["1M8GDM9AXKP042788", "1M8GDM9AXKP042789"]).tolist() == [True, False]


@settings(max_examples=80)
@given(DIGITS, st.text("0123456789X", min_size=18, max_size=18), st.text(USCC, min_size=18, max_size=18), st.dates())
def test_one_value_is_judged_like_a_column(number, identity, code, day):
    """The check digits of one value at a time are those of a column."""
    identity = identity[:6] + f"{day:%Y%m%d}".zfill(8) + identity[14:]
    iban = "DE" + number + "00"
    assert check_one.luhn(number) == checks.luhn([number])[0]
    assert check_one.uscc(code) == checks.uscc([code])[0]
    assert check_one.iban(iban) == checks.iban([iban])[0]
    for last in "0123456789X":
        assert check_one.resident(identity[:17] + last) == checks.resident([identity[:17] + last])[0]
