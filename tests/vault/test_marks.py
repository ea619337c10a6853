"""C6: slots as bits are a set of slots, told in order (docs/architecture.md §8)."""

import random

import pytest

from custody.acts.marks import BYTES, Marks, marked, put


@pytest.mark.parametrize("seed", range(4))
def test_c6_marks_are_a_set_of_slots(seed: int):
    """Whatever is joined and left, they hold what a set would, in order, and say of each whether it is there."""
    chance = random.Random(seed)
    marks, wanted = Marks(), set[tuple[int, int, int]]()
    for _ in range(40):
        spot, live = (chance.randrange(2), chance.randrange(3)), bytearray(BYTES)
        slots = set(chance.sample(range(1024), chance.randrange(200)))
        for slot in slots:
            put(live, slot)
        back = chance.random() < 0.4
        (marks.leave if back else marks.join)(spot, live)
        places = {(*spot, slot) for slot in slots}
        wanted = wanted - places if back else wanted | places
    assert list(marks) == sorted(wanted)
    assert len(marks) == len(wanted)
    assert [(*spot, slot) for spot, slots in marks.pages() for slot in slots] == sorted(wanted)
    for spot in marks.spots():
        assert [slot for slot in range(1024) if marked(marks.page(spot), slot)] == [
            place[2] for place in sorted(wanted) if place[:2] == spot
        ]
    assert all(((7, 7, slot) in marks) is False for slot in (0, 1023))


def test_c6_one_slot_more_is_not_within():
    """Less or the same is within; one slot beyond, or a page of its own, is not."""
    few, many = Marks(), Marks()
    for slot in (0, 7, 8, 1023):
        many.add((1, 4, slot))
    few.add((1, 4, 8))
    assert few.within(many)
    assert many.within(many)
    assert Marks().within(few)
    assert not many.within(few)
    few.add((1, 5, 0))
    assert not few.within(many)
    few.leave((1, 5), few.page((1, 5)))
    assert few.within(many)
    assert list(few.spots()) == [(1, 4), (1, 5)]
