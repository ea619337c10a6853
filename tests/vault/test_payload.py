"""Payloads: one packed form, padding that comes off exactly (spec/vault.md §5)."""

import decimal
import math
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custody.base.errors import Broken
from custody.vault.payload import Value, bucket, pack, pad, unpack, unpad

VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**63), 2**64 - 1), st.floats(), st.binary(max_size=300),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=300),
)  # fmt: skip


@given(st.integers(0, 2**64 - 1), st.lists(VALUES, max_size=30))
def test_values_come_back_as_they_were(row: int, values: list[Value]):
    """Values come back with their types, text unchanged, and pack to the same bytes again."""
    packed = pack(row, values)
    again, found = unpack(packed)
    assert again == row
    assert [type(one) for one in found] == [type(one) for one in values]
    assert all(a == b or (isinstance(b, float) and math.isnan(b)) for a, b in zip(found, values, strict=True))
    assert pack(again, found) == packed


@given(st.binary(max_size=200))
@settings(max_examples=300)
def test_only_packed_bytes_unpack(data: bytes):
    """Whatever unpacks is what `pack` would write; all else is Broken, never a raw error."""
    try:
        row, values = unpack(data)
    except Broken as error:
        assert error.slug == "vault.payload"  # noqa: PT017 - either outcome is right
    else:
        assert pack(row, values) == data


def test_deep_nesting_is_refused(refuses):
    """A payload that nests a thousand deep is refused by name."""
    with refuses("vault.payload"):
        unpack(b"\x91" * 5000 + b"\xc0")


@pytest.mark.parametrize(
    "value",
    [decimal.Decimal(1), date(2026, 1, 1), [1], {"a": 1}, 2**64, -(2**63) - 1, "\ud800", bytearray(b"x")],
)
def test_a_value_without_a_packed_form_is_refused(value: object, refuses):
    """Types that the source did not write, and numbers beyond 64 bits, are refused, never converted."""
    with refuses("vault.value"):
        pack(1, [value])


@pytest.mark.parametrize("row", [-1, 2**64, True, "1", None])
def test_a_row_number_is_a_natural_number(row: object, refuses):
    """The ordinal of a row is a whole number from 0."""
    with refuses("vault.value"):
        pack(row, [])


@given(st.binary(max_size=2100), st.integers(0, 200))
def test_padding_comes_off_exactly(payload: bytes, zeros: int):
    """A payload that ends in marks or zeros comes back whole."""
    for whole in (payload, payload + bytes(zeros), payload + b"\x80" + bytes(zeros)):
        padded = pad(whole)
        assert unpad(padded) == whole
        assert len(padded) == bucket(len(whole) + 1)


@given(st.integers(1, 10_000_000))
def test_buckets_grow_and_cost_little(size: int):
    """A bucket holds its size, is a bucket itself, never shrinks, and costs 63 bytes or 12 %."""
    made = bucket(size)
    assert size <= made <= bucket(size + 1)
    assert bucket(made) == made
    assert made - size < 64 or (size > 1024 and made <= size * 1.12)


def test_few_lengths_are_left():
    """All payloads up to 100,000 bytes share few lengths."""
    assert len({bucket(size) for size in range(1, 100_001)}) < 150
