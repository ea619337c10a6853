"""Backup objects open whole, as what they are asked to be, under their key, or not at all (spec/vault.md §19)."""

import io
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custody.base.errors import Broken
from custody.vault import backup
from custody.vault.backup import CHUNK, Kind, Named

KEY = b"b" * 32
NAMED = Named(Kind.FACTS, b"o" * 16, 7)
CELLS = st.none() | st.booleans() | st.integers(0, 2**63) | st.text(max_size=20) | st.binary(max_size=40)


def made(values: list) -> bytes:
    """The object that holds `values`."""
    target = io.BytesIO()
    backup.write(target, KEY, NAMED, values)
    return target.getvalue()


def opened(data: bytes, key: bytes = KEY, named: Named = NAMED) -> list:
    """What an object holds."""
    return list(backup.read(io.BytesIO(data), key, named))


@given(st.lists(st.lists(CELLS, min_size=1, max_size=5), max_size=20))
def test_values_come_back(values: list):
    """Whatever rows go in come out, in order."""
    assert opened(made(values)) == values


@pytest.mark.parametrize("size", [0, 1, CHUNK - 10, CHUNK - 4, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_values_come_back_at_the_edges_of_a_chunk(size: int):
    """A value that ends just before, at or after the end of a chunk comes back."""
    value = [os.urandom(size)]
    assert opened(made([value, value])) == [value, value]


@given(st.integers(0, 10**9), st.integers(0, 7))
@settings(max_examples=200)
def test_one_flipped_bit_is_refused(place: int, bit: int):
    """An object with one bit changed anywhere opens to nothing."""
    data = bytearray(made([["a", 1], ["b", 2]]))
    data[place % len(data)] ^= 1 << bit
    with pytest.raises(Broken) as refused:
        opened(bytes(data))
    assert refused.value.slug == "backup.object"


def test_a_torn_or_continued_object_is_refused():
    """Every shorter beginning of an object is refused, and so is one with a byte more."""
    data = made([["a", 1], ["b", 2]])
    for end in range(len(data)):
        with pytest.raises(Broken):
            opened(data[:end])
    with pytest.raises(Broken):
        opened(data + b"\0")


def test_whole_chunks_taken_off_the_end_are_noticed():
    """Dropping the last chunks, or repeating one, is no shorter or longer object."""
    data = made([[os.urandom(CHUNK)], [os.urandom(CHUNK)]])
    frame = 4 + CHUNK + 16
    for changed in (data[: 62 + frame], data[: 62 + 2 * frame], data[: 62 + frame] + data[62:]):
        with pytest.raises(Broken):
            opened(changed)


@pytest.mark.parametrize(
    ("key", "named"),
    [
        (b"c" * 32, NAMED),
        (KEY, NAMED._replace(kind=Kind.KEYS)),
        (KEY, NAMED._replace(owner=b"x" * 16)),
        (KEY, NAMED._replace(position=8)),
    ],
)
def test_an_object_is_only_what_it_was_made_as(key: bytes, named: Named):
    """Another key, kind, owner or position than it was made under is refused."""
    with pytest.raises(Broken):
        opened(made([["a"]]), key, named)
