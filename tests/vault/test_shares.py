"""Recovery shares: any k, never fewer (spec/vault.md §12)."""

import itertools
import secrets
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custody.base.errors import CustodyError
from custody.vault.shares import _value, combine, parse, split

SECRETS = st.binary(min_size=32, max_size=32).filter(any)


@given(SECRETS, st.integers(2, 6), st.integers(0, 4), st.randoms())
@settings(max_examples=25)
def test_any_k_of_n_give_the_secret(secret: bytes, k: int, more: int, random: Random):
    """Any k shares, in any order, after a journey through bytes, give the secret; k-1 are refused."""
    made = [parse(one.encode()) for one in split(secret, k, k + more, 9)]
    chosen = random.sample(made, k)
    assert combine(chosen) == secret
    assert combine(made) == secret


def test_every_three_of_five_and_no_two(refuses):
    """All ten choices of three work, all ten choices of two are refused."""
    secret = secrets.token_bytes(32)
    made = split(secret, 3, 5, 1)
    assert {combine(chosen) for chosen in itertools.combinations(made, 3)} == {secret}
    for chosen in itertools.combinations(made, 2):
        with refuses("shares.few"):
            combine(chosen)


def test_one_share_of_two_fits_every_secret():
    """For each value of the secret's byte there is a polynomial that gives the same share: one share tells nothing."""
    for x in (1, 2, 255):
        held = _value([ord("k"), 77], x)
        assert {secret for secret in range(256) for c in range(256) if _value([secret, c], x) == held} == set(
            range(256)
        )


def test_every_flipped_bit_of_a_share_is_refused():
    """No bit of a share can change without a refusal that custody names."""
    made = split(b"k" * 32, 2, 3, 7)
    data = made[0].encode()
    for place in range(len(data) * 8):
        changed = bytearray(data)
        changed[place // 8] ^= 1 << place % 8
        with pytest.raises(CustodyError) as caught:
            combine([parse(bytes(changed)), made[1]])
        assert caught.value.slug.startswith("shares.")


@pytest.mark.parametrize(("k", "n"), [(1, 3), (0, 0), (4, 3), (2, 256), (-1, 3)])
def test_counts_out_of_range_are_refused(k: int, n: int, refuses):
    """One share alone is never the key, and more than 255 have no place in the field."""
    with refuses("shares.form"):
        split(b"k" * 32, k, n, 1)


def test_only_a_key_is_split(refuses):
    """Zero and other lengths are no keyring keys."""
    for secret in (bytes(32), b"short"):
        with refuses("vault.no-key"):
            split(secret, 2, 3, 1)


def test_no_share_shows_its_value():
    """Printing a share shows k, n, x and no share of the key."""
    assert "y=" not in repr(split(b"k" * 32, 2, 3, 1)[0])


@given(data=st.binary(max_size=120))
def test_hostile_bytes_are_refused_by_name(data: bytes, refuses):
    """Bytes that are no share never leak a raw error."""
    with refuses("shares.form"):
        parse(data)
