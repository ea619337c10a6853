"""Records: what is sealed opens as what it was, and as nothing else (spec/vault.md §3, §4)."""

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from custody.base.errors import CustodyError
from custody.vault import labels
from custody.vault.record import Header, Item, new_header, open_record, parse, seal, seal_records
from custody.vault.suite import AES

ORIGIN = bytes(range(16))
SUBJECTS = [bytes([n]) * 16 for n in range(1, 6)]
DEKS = {subject: bytes([n + 100]) * 32 for n, subject in enumerate(SUBJECTS)}
ITEMS = st.builds(
    Item,
    schema=st.integers(0, 2**16 - 1),
    subject=st.sampled_from(SUBJECTS),
    record=st.integers(0, 2**32 - 1),
    payload=st.binary(max_size=3000),
    revision=st.integers(1, 2**32 - 1),
)


@given(st.lists(ITEMS, max_size=8), st.integers(0, 15))
@settings(max_examples=100)
def test_a_batch_opens_as_it_was_sealed(items: list[Item], compartment: int):
    """Every record of a batch opens, in order, to its header and its payload."""
    sealed = seal_records(ORIGIN, compartment, DEKS.__getitem__, items)
    assert len(sealed) == len(items)
    for item, data in zip(items, sealed, strict=True):
        head, payload = open_record(ORIGIN, DEKS[item.subject], data)
        dek_id = AES.key_id(DEKS[item.subject])
        assert head == new_header(compartment, item.schema, item.subject, item.record, dek_id, revision=item.revision)
        assert payload == item.payload


@given(ITEMS)
def test_both_ways_of_sealing_write_the_same_form(item: Item):
    """`seal` and `seal_records` differ in nothing but the nonce and what follows from it."""
    dek = DEKS[item.subject]
    head = new_header(2, item.schema, item.subject, item.record, AES.key_id(dek), revision=item.revision)
    (one,) = seal(ORIGIN, [(head, dek, item.payload)], count=1)
    (two,) = seal_records(ORIGIN, 2, DEKS.__getitem__, [item])
    assert one[:48] == two[:48]
    assert len(one) == len(two)
    assert one[48:60] != two[48:60]


def test_every_flipped_bit_is_refused():
    """No bit of a sealed record can change without a refusal that custody names."""
    (sealed,) = seal_records(ORIGIN, 3, DEKS.__getitem__, [Item(1, SUBJECTS[0], 1, b"payload")])
    for place in range(len(sealed) * 8):
        changed = bytearray(sealed)
        changed[place // 8] ^= 1 << place % 8
        with pytest.raises(CustodyError):
            open_record(ORIGIN, DEKS[SUBJECTS[0]], bytes(changed))


@given(st.binary(max_size=400))
def test_hostile_bytes_are_refused_by_name(data: bytes):
    """Bytes that are no record never leak a raw error."""
    for sealed in (data, b"CV\x01\x01" + data):
        with pytest.raises(CustodyError):
            open_record(ORIGIN, DEKS[SUBJECTS[0]], sealed)


def test_nonces_of_a_batch_differ():
    """No two records of a batch share a nonce."""
    sealed = seal_records(ORIGIN, 3, DEKS.__getitem__, [Item(1, SUBJECTS[0], n, b"same") for n in range(2000)])
    assert len({one[48:60] for one in sealed}) == 2000


@pytest.mark.parametrize("dek", [bytes(32), b"", b"k" * 16, b"k" * 24, b"k" * 31, b"k" * 33])
def test_what_is_no_key_seals_nothing(dek: bytes, refuses):
    """Zero and AES keys of other lengths are refused before anything is encrypted."""
    head = new_header(1, 1, SUBJECTS[0], 1, bytes(16))
    with refuses("vault.no-key"):
        seal_records(ORIGIN, 1, lambda _: dek, [Item(1, SUBJECTS[0], 1, b"x")])
    with refuses("vault.no-key"):
        list(seal(ORIGIN, [(head, dek, b"x")], count=1))


def test_a_header_that_names_another_key_seals_nothing(refuses):
    """A record that could never be opened is not written."""
    head = new_header(1, 1, SUBJECTS[0], 1, AES.key_id(DEKS[SUBJECTS[1]]))
    with refuses("vault.key"):
        list(seal(ORIGIN, [(head, DEKS[SUBJECTS[0]], b"x")], count=1))


def test_more_items_than_nonces_are_refused(refuses):
    """A miscounted batch stops; it never repeats a nonce."""
    item = (new_header(1, 1, SUBJECTS[0], 1, AES.key_id(DEKS[SUBJECTS[0]])), DEKS[SUBJECTS[0]], b"x")
    with refuses("vault.count"):
        list(seal(ORIGIN, [item, item], count=1))


@pytest.mark.parametrize(
    "item",
    [
        Item(2**16, SUBJECTS[0], 1, b""), Item(1, SUBJECTS[0], 2**32, b""), Item(1, SUBJECTS[0], -1, b""),
        Item(1, SUBJECTS[0], 1, b"", revision=0), Item(1, SUBJECTS[0], 1, b"", revision=2**32),
        Item(1, b"short", 1, b""), Item(1, b"l" * 17, 1, b""),
    ],
)  # fmt: skip
def test_fields_out_of_range_are_refused(item: Item, refuses):
    """A header field that its width cannot hold is refused, not cut."""
    with refuses("vault.record"):
        seal_records(ORIGIN, 1, lambda _: b"k" * 32, [item])


def test_a_short_or_long_origin_is_refused(refuses):
    """An origin of another length could run into the header in the AAD."""
    for origin in (b"", ORIGIN[:15], ORIGIN + b"\0"):
        with refuses("vault.record"):
            seal_records(origin, 1, DEKS.__getitem__, [])


@pytest.mark.parametrize("number", [0, 3, 255])
def test_a_suite_of_no_table_is_refused(refuses, number: int):
    """Nothing is sealed under a suite that is only a number."""
    with refuses("vault.suite"):
        Header(number, 1, 1, 1, SUBJECTS[0], 1, bytes(16)).encode()


def test_the_buyer_opens_under_the_origin_alone(refuses):
    """After a hand-over a record opens under its origin's id and not under the new holder's."""
    (sealed,) = seal_records(ORIGIN, 3, DEKS.__getitem__, [Item(1, SUBJECTS[0], 1, b"payload")])
    assert open_record(ORIGIN, DEKS[SUBJECTS[0]], sealed)[1] == b"payload"
    with refuses("vault.tag"):
        open_record(b"b" * 16, DEKS[SUBJECTS[0]], sealed)


def test_the_key_id_is_what_refuses_a_second_key(refuses):
    """A ciphertext that GCM opens under two keys is refused under the key its header does not name."""
    dek, other = DEKS[SUBJECTS[0]], DEKS[SUBJECTS[1]]
    head = new_header(1, 1, SUBJECTS[0], 1, AES.key_id(other)).encode()
    body = AESGCM(dek).encrypt(bytes(12), b"\x91\0\x80" + bytes(61), labels.RECORD + ORIGIN + head)
    with refuses("vault.key"):
        open_record(ORIGIN, dek, head + bytes(12) + body)


def test_parse_reads_what_encode_wrote():
    """A header read from a record is the header that was written."""
    (sealed,) = seal_records(ORIGIN, 15, DEKS.__getitem__, [Item(9, SUBJECTS[2], 8, b"", revision=7)])
    assert parse(sealed) == new_header(15, 9, SUBJECTS[2], 8, AES.key_id(DEKS[SUBJECTS[2]]), revision=7)
