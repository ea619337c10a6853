"""Blind index: equal people meet, different fields, vaults and epochs do not (spec/vault.md §13)."""

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custody.vault.index import NEWEST, Tagger, normalise
from custody.vault.normal import half_width

KEY, VAULT = b"i" * 32, b"v" * 16
NAMES = sorted(NEWEST.values())


def _tagger(**change: object) -> Tagger:
    told: dict[str, object] = {"index_key": KEY, "vault": VAULT, "field": "a.b", "normaliser": "email/1", "epoch": 0}
    return Tagger(**{**told, **change}, region="CN")


def _wide(text: str) -> str:
    return "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30), st.sampled_from(NAMES))
def test_full_width_and_half_width_meet(text: str, name: str):
    """A value typed in full-width characters has the tag of the same value in half-width ones."""
    assert normalise(name, _wide(text), "CN") == normalise(name, text, "CN")


@given(st.text(max_size=40), st.sampled_from(NAMES), st.sampled_from(["CN", "DE", "US"]))
@settings(max_examples=300)
def test_any_text_has_one_normal_form_or_none(text: str, name: str, region: str):
    """Normalising never fails on text, and a normal form is its own normal form."""
    form = normalise(name, text, region)
    assert form is None or normalise(name, form, region) == form


@given(st.integers(13 * 10**9, 20 * 10**9 - 1))
@settings(max_examples=300)
def test_the_short_way_for_mainland_mobiles_is_the_long_way(number: int):
    """For every mainland mobile number the short way gives what libphonenumber gives."""
    parsed = phonenumbers.parse(str(number), "CN")
    long = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    assert phonenumbers.is_possible_number(parsed)
    assert normalise("phone/1", str(number), "CN") == long


def test_every_prefix_of_the_short_way_is_the_long_way():
    """All four-digit beginnings of an 11-digit number agree, among them those that look like carrier codes."""
    for prefix in range(1000, 2000):
        number = f"{prefix}1234567"
        parsed = phonenumbers.parse(number, "CN")
        long = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
        assert normalise("phone/1", number, "CN") == (long if phonenumbers.is_possible_number(parsed) else None)


def test_a_number_without_country_code_depends_on_the_region():
    """The default region of the vault decides what a national number means."""
    assert normalise("phone/1", "030 123456", "DE") == "+4930123456"
    assert normalise("phone/1", "030 123456", "CN") != "+4930123456"


def test_old_and_new_resident_numbers_meet():
    """A 15-digit resident number has the tag of its 18-digit successor, whose check digit is right."""
    assert normalise("id-number/1", "110101491231002", "CN") == "110101194912310024"
    assert normalise("id-number/1", "11010119491231002-x", "CN") == "11010119491231002X"


def test_customer_numbers_keep_case_and_zeros():
    """0622 and 622 are two customers."""
    forms = {normalise("customer-number/1", text, "CN") for text in ("0622", "622", "c1", "C1")}
    assert len(forms) == 4


@pytest.mark.parametrize(
    "change",
    [
        {"index_key": b"j" * 32},
        {"vault": b"w" * 16},
        {"field": "a.c"},
        {"normaliser": "customer-number/1"},
        {"epoch": 1},
    ],
)
def test_tags_of_another_key_vault_field_normaliser_or_epoch_do_not_match(change: dict[str, object]):
    """The same value has unrelated tags wherever any input differs."""
    assert _tagger().tag("a@example.com") != _tagger(**change).tag("a@example.com")
    assert _tagger().tag("a@example.com") == _tagger().tag(" A@Example.com ")
    assert len(_tagger().tag("a@example.com") or b"") == 16


@pytest.mark.parametrize(
    "change",
    [{"normaliser": "email/2"}, {"field": "A"}, {"field": "a\0b"}, {"field": ""}, {"epoch": -1}, {"epoch": 2**32}],
)
def test_names_out_of_form_are_refused(change: dict[str, object], refuses):
    """A field that could run into the normaliser's name is refused."""
    with refuses("index.name"):
        _tagger(**change)


def test_the_zero_key_tags_nothing(refuses):
    """An index key of zeros is no key."""
    with refuses("vault.no-key"):
        _tagger(index_key=bytes(32))


def test_a_value_without_normal_form_has_no_tag():
    """No tag is not a tag of nothing."""
    assert _tagger().tag("no address") is None
    assert half_width("　Ａ　") == "A"
