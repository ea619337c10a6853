"""C3: what is on file is found for whom it is, whatever ids look like, and for nobody else (spec/law.md §7)."""

import random

from hypothesis import given
from hypothesis import strategies as st

from custody.acts.block import NOWHERE, Ids
from custody.acts.filed import Filed


@given(
    st.sets(st.binary(min_size=16, max_size=16).map(lambda one: one[:7] + bytes(2) + one[9:]), max_size=40),
    st.randoms(use_true_random=False),
)
def test_c3_an_id_is_found_where_it_lies(ids: set[bytes], chance: random.Random):
    """Each id is found at its place, others nowhere; also ids that begin alike, and those that end in zeros."""
    alike = {one[:8] + bytes([number]) * 8 for one in ids for number in range(3)}
    known = sorted(one for one in ids | alike if chance.random() < 0.7)
    asked = [*ids, *alike, bytes(16), b"\xff" * 16]
    places = {one: place for place, one in enumerate(known)}
    assert Ids(b"".join(known)).find(asked).tolist() == [places.get(one, NOWHERE) for one in asked]


def test_c3_what_was_put_by_name_is_told_in_stretches_too():
    """Somebody who is known by name is told among others as alone; the deal's own evidence is nobody's."""
    held = frozenset({(-1, "notice.delivered")})
    told = Filed.of({b"": held, b"a" * 16: held})
    assert [told.sets[one] for one in told.numbers([b"b" * 16, b"a" * 16])] == [frozenset(), held]
    assert told.get(b"") == told.get(b"a" * 16) == held
    assert told.get(b"b" * 16) == frozenset()
