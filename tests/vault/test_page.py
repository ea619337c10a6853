"""Key pages and keyring: replay, swap and roll-back are refused; shredding leaves nothing (spec/vault.md §7 to §9)."""

import secrets
import struct
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from custody.acts.adding import Newcomer
from custody.acts.finding import Index
from custody.acts.reading import RowAgain
from custody.acts.segments import Draft
from custody.acts.slots import NewKey
from custody.acts.takeover import _Batch
from custody.adapters.sources.database import _Parts
from custody.vault import keyring as rings
from custody.vault.keyid import NO_KEY
from custody.vault.page import (
    PAGE_BYTES,
    SEALED_BYTES,
    SLOTS,
    WRAP_BYTES,
    Place,
    Sealed,
    Slots,
    fill,
    live,
    new_page,
    open_page,
    put,
    rewrap,
    seal_page,
    slot,
    zero,
)
from custody.vault.record import Item
from custody.vault.suite import AES

VAULT, RING, NEW_RING = b"v" * 16, b"r" * 32, b"n" * 32
PLACE = Place(VAULT, 3, 7, 1)


@given(st.dictionaries(st.integers(0, SLOTS - 1), st.binary(min_size=32, max_size=32).filter(any), max_size=20))
@settings(max_examples=50)
def test_a_page_opens_to_its_slots(deks: dict[int, bytes]):
    """What was put into slots is there after sealing and opening, and nothing else."""
    page = seal_page(PLACE, new_page(deks), RING, 9)
    found = open_page(page, RING, 9)
    assert {number: slot(found, number) for number in live(found)} == deks
    assert (len(page.sealed), len(page.wrap), len(found)) == (SEALED_BYTES, WRAP_BYTES, PAGE_BYTES)


def test_each_rewrite_has_a_new_page_key():
    """The page key of one version never opens another."""
    slots = new_page({1: b"k" * 32})
    one, two = seal_page(PLACE, slots, RING, 9), seal_page(PLACE.after(), slots, RING, 9)
    assert one.sealed[12:] != two.sealed[12:]
    assert one.wrap != two.wrap
    assert two.place.version == 2


@pytest.mark.parametrize("field", ["vault", "compartment", "page", "version"])
def test_a_page_opens_at_its_place_alone(field: str, refuses):
    """The same bytes at another vault, compartment, number or version are refused."""
    page = seal_page(PLACE, new_page({1: b"k" * 32}), RING, 9)
    moved = {"vault": b"x" * 16, "compartment": 4, "page": 8, "version": 2}
    with refuses("vault.page"):
        open_page(replace(page, place=replace(PLACE, **{field: moved[field]})), RING, 9)


def test_an_old_page_put_back_is_refused_inside_one_generation(refuses):
    """After a shred the page of before opens nowhere: not at its new version, and not under the head."""
    slots = new_page({1: b"k" * 32, 2: b"l" * 32})
    before = seal_page(PLACE, slots, RING, 9)
    zero(slots, [1])
    after = seal_page(PLACE.after(), slots, RING, 9)
    head = rings.Head(9, 2, rings.head_root([after]))
    assert live(open_page(after, RING, 9)) == [2]
    with refuses("vault.page"):
        open_page(replace(before, place=after.place), RING, 9)
    with refuses("vault.page"):
        open_page(Sealed(after.place, before.sealed, after.wrap), RING, 9)
    with refuses("vault.rolled-back"):
        rings.check(head, [before])


def test_flipped_bits_of_page_and_wrap_are_refused(refuses):
    """Any changed bit of a wrap, and of a sample over the whole page, is refused."""
    page = seal_page(PLACE, new_page({1: b"k" * 32}), RING, 9)
    for place in range(WRAP_BYTES * 8):
        with refuses("vault.page"):
            open_page(replace(page, wrap=_flipped(page.wrap, place)), RING, 9)
    for place in [*range(0, SEALED_BYTES * 8, 997), SEALED_BYTES * 8 - 1]:
        with refuses("vault.page"):
            open_page(replace(page, sealed=_flipped(page.sealed, place)), RING, 9)


def _flipped(data: bytes, place: int) -> bytes:
    changed = bytearray(data)
    changed[place // 8] ^= 1 << place % 8
    return bytes(changed)


@given(sealed=st.binary(max_size=80), wrap=st.binary(max_size=80))
def test_hostile_pages_and_wraps_are_refused_by_name(sealed: bytes, wrap: bytes, refuses):
    """Bytes of any length in place of a page or a wrap never leak a raw error."""
    page = seal_page(PLACE, new_page(), RING, 9)
    with refuses("vault.page"):
        open_page(replace(page, sealed=sealed), RING, 9)
    with refuses("vault.page"):
        open_page(replace(page, wrap=wrap), RING, 9)


def test_a_rotation_moves_the_wrap_alone(refuses):
    """Under g+1 the same page opens by its new wrap, and the old keyring key opens nothing of it."""
    page = seal_page(PLACE, new_page({1: b"k" * 32}), RING, 9)
    moved = replace(page, wrap=rewrap(page, (RING, 9), (NEW_RING, 10)))
    assert moved.sealed == page.sealed
    assert live(open_page(moved, NEW_RING, 10)) == [1]
    for ring, g in ((RING, 10), (RING, 9), (NEW_RING, 9)):
        with refuses("vault.page"):
            open_page(moved, ring, g)


def test_slots_are_used_once(refuses):
    """A slot that holds a key takes no other one; zero is placed by `zero` alone."""
    slots = new_page({5: b"k" * 32})
    with refuses("vault.slot"):
        fill(slots, {5: b"l" * 32})
    with refuses("vault.no-key"):
        fill(slots, {6: NO_KEY})


@pytest.mark.parametrize("number", [-1, SLOTS, 10**6])
def test_a_slot_outside_the_page_is_refused(number: int, refuses):
    """No number reaches a slot from the end or lengthens a page."""
    slots = new_page()
    for call in (lambda: slot(slots, number), lambda: put(slots, number, b"k" * 32), lambda: zero(slots, [number])):
        with refuses("vault.slot"):
            call()
    assert len(slots) == PAGE_BYTES


def test_a_page_of_another_size_is_refused(refuses):
    """Slots that are not 32 KiB are not sealed."""
    for size in (0, PAGE_BYTES - 1, PAGE_BYTES + 32):
        with refuses("vault.slot"):
            seal_page(PLACE, Slots(size), RING, 9)


@pytest.mark.parametrize("place", [Place(b"short", 1, 1, 1), Place(VAULT, 16, 1, 1), Place(VAULT, -1, 1, 1),
                                   Place(VAULT, 1, 2**32, 1), Place(VAULT, 1, 1, 0), Place(VAULT, 1, 1, 2**64)])  # fmt: skip
def test_a_place_out_of_range_is_refused(place: Place, refuses):
    """A place that its fields cannot hold is refused, so no two places share an AAD."""
    with refuses("vault.slot"):
        seal_page(place, new_page(), RING, 9)


def test_the_zero_key_wraps_nothing(refuses):
    """A keyring key of zeros is no key."""
    with refuses("vault.no-key"):
        seal_page(PLACE, new_page(), NO_KEY, 9)
    with refuses("vault.no-key"):
        rings.seal_head(VAULT, rings.Head(1, 1, bytes(32)), NO_KEY)


def test_no_key_stands_in_a_repr():
    """Printing a page shows its place and no key material."""
    dek = secrets.token_bytes(32)
    page = seal_page(PLACE, new_page({1: dek}), RING, 9)
    shown = repr(page)
    assert "sealed=" not in shown
    assert "wrap=" not in shown
    assert repr(dek)[2:-1] not in shown


def test_one_page_is_proved_without_the_others(refuses):
    """Each of 37 pages matches the head by its proof, and an older one does not."""
    pages = [seal_page(Place(VAULT, 1, n, 2), new_page({0: AES.key_id(b"k" * 32) * 2}), RING, 9) for n in range(37)]
    hashes = rings.head_leaves(pages)
    head = rings.Head(9, 1, rings.head_root(pages))
    for at in (0, 1, 17, 36):
        rings.check_page(head, pages[at], at, 37, rings.prove(hashes, at))
        old = seal_page(Place(VAULT, 1, at, 1), new_page(), RING, 9)
        with refuses("vault.rolled-back"):
            rings.check_page(head, old, at, 37, rings.prove(hashes, at))


def test_the_head_opens_for_its_vault_and_key_alone(refuses):
    """The head comes back under its vault and keyring key; a changed generation in clear is refused."""
    head = rings.Head(9, 4, b"h" * 32)
    blob = rings.seal_head(VAULT, head, RING)
    assert rings.open_head(VAULT, blob, RING) == head
    for vault, data, ring in (
        (b"x" * 16, blob, RING),
        (VAULT, blob, NEW_RING),
        (VAULT, (10).to_bytes(8) + blob[8:], RING),
    ):
        with refuses("vault.keyring"):
            rings.open_head(vault, data, ring)


@given(blob=st.binary(max_size=120))
def test_a_hostile_head_is_refused_by_name(blob: bytes, refuses):
    """Bytes that are no head never leak a raw error."""
    with refuses("vault.keyring"):
        rings.open_head(VAULT, blob, RING)


def test_a_head_is_never_made_over_a_doubled_or_misplaced_page(refuses):
    """Pages out of order or twice give no root at all, so a careless query cannot fix a wrong head."""
    one, two = (seal_page(Place(VAULT, 1, n, 1), new_page(), RING, 9) for n in (0, 1))
    for pages in ([two, one], [one, one], [one, two, one]):
        with refuses("vault.rolled-back"):
            rings.head_root(pages)


def test_a_head_says_one_generation(refuses):
    """A blob whose clear generation is not the sealed one is refused, even by whoever holds the keyring key."""
    lead, nonce = (9).to_bytes(8), bytes(12)
    state = struct.pack(">QQ32s", 10, 1, b"h" * 32)
    blob = lead + nonce + AESGCM(RING).encrypt(nonce, state, b"custody/keyring/1\0" + VAULT + lead)
    with refuses("vault.keyring"):
        rings.open_head(VAULT, blob, RING)


def test_no_key_of_an_act_stands_in_a_repr():
    """What is on its way into a page, a segment or an index: a traceback that shows values shows no key and no payload."""
    dek, payload = secrets.token_bytes(32), b"somebody's own words"
    slots = new_page({3: dek})
    told = [NewKey(b"s" * 16, 1, dek), Draft(b"s" * 16, 1, 1, 1, 0, payload, dek), Index(1, dek, 8), slots]
    for one in told:
        assert repr(dek)[2:-1] not in repr(one)
        assert "somebody" not in repr(one)


def test_nothing_that_is_sealed_or_opened_stands_in_a_repr():
    """G28: payloads in clear and passwords of databases are in no message that shows an object."""
    secret = b"13800138000"
    shown = (Item(1, bytes(16), 1, secret), Newcomer("customer", [(1, 1, secret)]), RowAgain({0: "13800138000"}, {1: secret}),
             _Parts("postgresql", "reader", "13800138000", "db", None, "shop", {}), _Batch([], [], [secret], set()))  # fmt: skip
    assert not [one for one in map(repr, shown) if "13800138000" in one]
