"""A package that is whole is read once and held nowhere; whatever is wrong is looked for as before (spec/package.md §7)."""

import hashlib
import random

import pytest

from custody.package import bag, check
from custody.package.sound import sound
from custody.package.sums import Sums


def test_a_sound_package_says_what_a_search_says(good):
    """The short way and the long way find the same inside."""
    root = good.root / "package"
    report = bag.check(root)
    quick = sound(root, report)
    assert quick is not None
    assert quick == check.search(root, report)
    assert quick.records > 0


def records(chance: random.Random, count: int) -> list[tuple[bytes, bytes]]:
    return [(hashlib.sha256(chance.randbytes(8)).digest(), chance.randbytes(48)) for _ in range(count)]


def added(claims: list[tuple[bytes, bytes]], held: list[tuple[bytes, bytes]]) -> bool:
    sums = Sums()
    for one in claims:
        sums.claim(*one)
    for one in held:
        sums.hold(*one)
    return sums.agree()


@pytest.mark.parametrize("seed", range(4))
def test_sums_agree_exactly_where_both_are_the_same(seed: int):
    """In any order; not with one lacking, one too many, one changed, one header exchanged, or one twice on both sides."""
    chance = random.Random(seed)
    claims = records(chance, 300)
    held = chance.sample(claims, len(claims))
    assert added(claims, held)
    assert added([], [])
    (one, head), (other, second) = claims[:2]
    assert not added(claims, held[1:])
    assert not added(claims[1:], held)
    assert not added(claims, [*held, held[5]])
    assert not added([*claims, claims[5]], [*held, claims[5]])
    assert not added(claims, [*claims[2:], (one, second), (other, head)])
    assert not added(claims, [*claims[1:], (one[:-1] + bytes((one[-1] ^ 1,)), head)])
