"""C6: what leaves say of copied records comes back by place, whole and once, however they lay on disk (spec/package.md §3)."""

import hashlib
import random
import struct
from datetime import date
from itertools import groupby
from pathlib import Path

import pytest

from custody.acts import copied
from custody.acts.alike import NOTHING
from custody.acts.census import census
from custody.acts.copied import Aside, Copied, Places
from custody.acts.filed import Filed
from custody.acts.sorting import Sorting
from custody.acts.verdicts import Verdicts
from custody.adapters.spill.sqlite import SqliteSpills
from custody.law.gate import Decision
from custody.package.leaf import RecordSum

COMPARTMENTS = (1, 3)


class Crowd:
    """People who were met in no order, with keys on pages in another."""

    def __init__(self, chance: random.Random, count: int) -> None:
        places = [(page, slot) for page in (0, 2, 5) for slot in range(1024)]
        self.rows = []
        for place in chance.sample(places, count):
            slots = b"".join(
                struct.pack(">BIH", one, *place) for one in COMPARTMENTS if one == 1 or chance.random() < 0.5
            )
            self.rows.append((chance.randbytes(16), "customer", slots, b"{}", b""))

    def everybody(self):
        """All."""
        return iter(self.rows)

    def joint(self):
        """None."""
        return iter(())

    def some(self, ids):
        """Those."""
        return (row for row in self.rows if row[0] in set(ids))


@pytest.mark.parametrize("seed", range(3))
def test_c6_rows_of_leaves_come_back_by_place(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Every record under its person's slot of its compartment, ascending, with its own hash; pages and slots in order."""
    monkeypatch.setattr(copied, "_NEAR", 50)
    monkeypatch.setattr(copied, "_PAGES", 2)
    chance = random.Random(seed)
    crowd = Crowd(chance, 400)
    made = census(Sorting(Filed.of({b"": NOTHING}), date(2026, 3, 16)), crowd)
    numbers = {(place, one): 0 for place, group in made.groups.living() for one in group.compartments}
    verdicts = Verdicts(made.groups, [Decision("hand_over", (), ())], [{}], numbers, made.ids, made.group)
    wanted: dict[tuple[int, int], dict[int, list[RecordSum]]] = {}
    with SqliteSpills(tmp_path).heap() as heap:
        aside = Aside(heap, Places(verdicts))
        records = [(who, struct.unpack_from(">BIH", slots, at), number) for who, _, slots, *_ in crowd.rows
                   for at in range(0, len(slots), 7) for number in chance.sample(range(9), chance.randrange(4))]  # fmt: skip
        chance.shuffle(records)
        seen = verdicts.seen((who, place[0]) for who, place, _ in records)
        for (_, (compartment, page, slot), number), (at, _) in zip(records, seen, strict=True):
            hashed = hashlib.sha256(chance.randbytes(8)).digest()
            aside.copied(Copied(at, compartment, number, 1, 7))
            aside.hashed(hashed)
            wanted.setdefault((compartment, page), {}).setdefault(slot, []).append(RecordSum(number, 1, 7, hashed))
        found = [(compartment, page, dict(sums)) for compartment, page, sums in aside.pages()]
    assert [(one[0], one[1]) for one in found] == sorted(wanted)
    assert {(one[0], one[1]): one[2] for one in found} == {
        place: {slot: tuple(sorted(sums)) for slot, sums in by.items()} for place, by in wanted.items()
    }
    assert all(len(list(same)) == 1 for _, same in groupby(found, key=lambda one: one[:2]))


@pytest.mark.parametrize("count", [0, 300])
def test_c6_everybody_is_found_whose_key_lies_where(count: int):
    """In whatever order people were met, each key is told once, with its person; who is asked for by name is found there."""
    crowd = Crowd(random.Random(count), count)
    made = census(Sorting(Filed.of({b"": NOTHING}), date(2026, 3, 16)), crowd)
    numbers = {(place, one): 0 for place, group in made.groups.living() for one in group.compartments}
    verdicts = Verdicts(made.groups, [Decision("hand_over", (), ())], [{}], numbers, made.ids, made.group)
    wanted = {
        (struct.unpack_from(">BIH", slots, at), who)
        for who, _, slots, *_ in crowd.rows
        for at in range(0, len(slots), 7)
    }
    told = list(verdicts.each())
    assert [place for _, _, place, _ in told] == sorted(place for place, _ in wanted)
    assert {(place, who) for who, _, place, _ in told} == wanted
    assert {verdicts.kind(at) for at, _ in verdicts.seen((who, 1) for who, *_ in crowd.rows)} == (
        {"customer"} if count else set()
    )
    assert verdicts.verdict(b"x" * 16, 1) == "withhold"
