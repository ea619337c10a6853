"""Suites: one table, and a record that opens by the suite in its header alone (spec/vault.md §2 to §4)."""

from dataclasses import replace
from io import BytesIO

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given, settings
from hypothesis import strategies as st

from custody.base.errors import CustodyError
from custody.base.sm import Sm4Gcm
from custody.vault.index import Tagger, unwrap_key, wrap_key
from custody.vault.keyring import Head, open_head, seal_head
from custody.vault.page import Place, live, new_page, open_page, rewrap, seal_page, slot, unwrap, wrap
from custody.vault.record import Item, new_header, open_record, seal, seal_records
from custody.vault.segment import SegmentWriter, copy_records, iter_records
from custody.vault.suite import AES, SM, Suite, suite_of

ORIGIN, SUBJECT, DEK = bytes(range(16)), b"s" * 16, bytes(range(1, 33))
BOTH = pytest.mark.parametrize("suite", [AES, SM], ids=["suite-1", "suite-2"])
# RFC 8998, appendix A.1.
KEY = bytes.fromhex("0123456789abcdeffedcba9876543210")
NONCE = bytes.fromhex("00001234567800000000abcd")
AAD = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
TEXT = bytes.fromhex("aa" * 8 + "bb" * 8 + "cc" * 8 + "dd" * 8 + "ee" * 8 + "ff" * 8 + "ee" * 8 + "aa" * 8)
SEALED = bytes.fromhex(
    "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
    "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
    "83de3541e4c2b58177e065a9bf7b62ec"
)


def test_sm4_gcm_is_that_of_rfc_8998():
    """The published vector comes out, and goes back."""
    assert Sm4Gcm(KEY).encrypt(NONCE, TEXT, AAD) == SEALED
    assert Sm4Gcm(KEY).decrypt(NONCE, SEALED, AAD) == TEXT


@pytest.mark.parametrize("data", [b"", SEALED[:15], SEALED[:-1], SEALED[:16], bytes([SEALED[0] ^ 1]) + SEALED[1:]])
def test_sm4_gcm_gives_nothing_without_its_tag(data: bytes):
    """What is cut or changed is an invalid tag, as the AES class says it."""
    with pytest.raises(InvalidTag):
        Sm4Gcm(KEY).decrypt(NONCE, data, AAD)


def test_a_commitment_of_suite_2_is_sm3_over_label_and_key():
    """Suites commit by different hashes, so a key id of one is not that of the other."""
    # GB/T 32905, appendix A.1.
    assert SM.digest(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert SM.commitment(DEK) == SM.digest(b"custody/key-id/1\0" + DEK)
    assert SM.key_id(DEK) != AES.key_id(DEK)


@BOTH
@given(st.lists(st.binary(max_size=2000), max_size=4), st.integers(0, 15))
@settings(max_examples=25)
def test_a_batch_opens_by_its_own_suite(suite: Suite, texts: list[bytes], compartment: int):
    """Both ways of sealing say the suite in the header, and what comes out is what went in."""
    items = [Item(1, SUBJECT, number, text) for number, text in enumerate(texts)]
    batch = seal_records(ORIGIN, compartment, lambda _: DEK, items, suite=suite)
    heads = [new_header(compartment, 1, SUBJECT, one.record, suite.key_id(DEK), suite=suite) for one in items]
    singly = seal(ORIGIN, [(head, DEK, one.payload) for head, one in zip(heads, items, strict=True)], count=len(items))
    for many, one, head, text in zip(batch, singly, heads, texts, strict=True):
        assert many[3] == suite.number
        assert many[:48] == one[:48]
        assert open_record(ORIGIN, DEK, many) == open_record(ORIGIN, DEK, one) == (head, text)


@BOTH
def test_a_record_said_to_be_of_the_other_suite_is_refused(refuses, suite: Suite):
    """The suite cannot be exchanged: the key id is another one, and the header stands in the AAD."""
    (sealed,) = seal_records(ORIGIN, 1, lambda _: DEK, [Item(1, SUBJECT, 1, b"text")], suite=suite)
    other = SM if suite is AES else AES
    with refuses("vault.key"):
        open_record(ORIGIN, DEK, sealed[:3] + bytes([other.number]) + sealed[4:])
    with refuses("vault.tag"):
        open_record(ORIGIN, DEK, sealed[:3] + bytes([other.number]) + sealed[4:32] + other.key_id(DEK) + sealed[48:])


@BOTH
def test_every_changed_bit_of_a_record_is_refused(suite: Suite):
    """Header, nonce, ciphertext and tag are all held, by either suite."""
    (sealed,) = seal_records(ORIGIN, 1, lambda _: DEK, [Item(1, SUBJECT, 1, b"text")], suite=suite)
    for byte in range(len(sealed)):
        changed = sealed[:byte] + bytes([sealed[byte] ^ 0x40]) + sealed[byte + 1 :]
        with pytest.raises(CustodyError):
            open_record(ORIGIN, DEK, changed)


def test_two_keys_that_share_the_bytes_of_sm4_are_told_apart(refuses):
    """SM4 takes 16 bytes; the key id speaks for all 32."""
    (sealed,) = seal_records(ORIGIN, 1, lambda _: DEK, [Item(1, SUBJECT, 1, b"text")], suite=SM)
    with refuses("vault.key"):
        open_record(ORIGIN, DEK[:16] + bytes(16), sealed)


def test_sm4_under_sixteen_zeros_is_no_key(refuses):
    """A DEK that is not zero may hold a zero SM4 key: nothing is sealed under that."""
    with refuses("vault.no-key"):
        seal_records(ORIGIN, 1, lambda _: bytes(16) + DEK[:16], [Item(1, SUBJECT, 1, b"text")], suite=SM)


VAULT, RING, PLACE = b"v" * 16, bytes(range(32, 64)), Place(b"v" * 16, 3, 5, 2)
OTHER = {AES: SM, SM: AES}


@BOTH
@pytest.mark.parametrize("number", [0, 3, 255])
def test_an_unknown_suite_is_refused_wherever_it_stands(refuses, suite: Suite, number: int):
    """Pages, heads and index keys of a suite that is not known are refused as that."""
    page = seal_page(PLACE, new_page({1: DEK}, suite), RING, 9)
    for call in (
        lambda: suite_of(number),
        lambda: open_page(replace(page, wrap=bytes([number]) + page.wrap[-60:]), RING, 9),
        lambda: open_head(VAULT, bytes([number]) + seal_head(VAULT, Head(9, 1, bytes(32)), RING), RING),
        lambda: unwrap_key(VAULT, (1, 9), bytes([number]) + wrap_key(VAULT, (1, 9), DEK, RING), RING),
    ):
        with refuses("vault.suite"):
            call()


@BOTH
@given(st.dictionaries(st.integers(0, 1023), st.binary(min_size=32, max_size=32).filter(any), max_size=4))
@settings(max_examples=10)
def test_a_page_opens_in_the_suite_it_was_sealed_in(suite: Suite, deks: dict[int, bytes]):
    """What goes in comes out, rotation keeps the suite, and key ids are those of the records under it."""
    page = seal_page(PLACE, new_page(deks, suite), RING, 9)
    moved = replace(page, wrap=rewrap(page, (RING, 9), (DEK, 10)))
    found = open_page(moved, DEK, 10)
    assert page.suite is moved.suite is found.suite is suite
    assert {number: slot(found, number) for number in live(found)} == deks
    assert {number: found.key_id(number) for number in deks} == {
        number: suite.key_id(dek) for number, dek in deks.items()
    }


@BOTH
def test_no_small_blob_of_one_suite_opens_as_one_of_the_other(refuses, suite: Suite):
    """Wrap, head and index key: with the number put before, taken away or exchanged, none opens."""
    page = seal_page(PLACE, new_page({1: DEK}, suite), RING, 9)
    head = seal_head(VAULT, Head(9, 1, bytes(32), suite.number), RING)
    key = wrap_key(VAULT, (1, 9), DEK, RING, suite)
    assert open_head(VAULT, head, RING).suite == suite.number
    assert unwrap_key(VAULT, (1, 9), key, RING) == (suite, DEK)
    for other in (b"\2", b"\1", b""):
        if other == suite.lead:
            continue
        for slug, call in (
            ("vault.page", lambda other=other: open_page(replace(page, wrap=other + page.wrap[-60:]), RING, 9)),
            ("vault.keyring", lambda other=other: open_head(VAULT, other + head[-84:], RING)),
            ("index.key", lambda other=other: unwrap_key(VAULT, (1, 9), other + key[-60:], RING)),
        ):
            with refuses(slug):
                call()


@BOTH
def test_a_page_under_a_wrap_of_the_other_suite_is_refused(refuses, suite: Suite):
    """Even who knows the page key cannot give a page another suite."""
    page = seal_page(PLACE, new_page({1: DEK}, suite), RING, 9)
    crossed = replace(page, wrap=wrap(PLACE, unwrap(PLACE, page.wrap, RING, 9), RING, 9, OTHER[suite]))
    with refuses("vault.page"):
        open_page(crossed, RING, 9)


@BOTH
def test_every_changed_bit_of_a_small_blob_is_refused(suite: Suite):
    """Number, nonce, ciphertext and tag of a wrap, a head and an index key are all held."""
    page = seal_page(PLACE, new_page({1: DEK}, suite), RING, 9)
    head, key = seal_head(VAULT, Head(9, 1, bytes(32), suite.number), RING), wrap_key(VAULT, (1, 9), DEK, RING, suite)
    for blob, opener in (
        (page.wrap, lambda data: unwrap(PLACE, data, RING, 9)),
        (head, lambda data: open_head(VAULT, data, RING)),
        (key, lambda data: unwrap_key(VAULT, (1, 9), data, RING)),
    ):
        for byte in range(len(blob)):
            with pytest.raises(CustodyError):
                opener(blob[:byte] + bytes([blob[byte] ^ 0x10]) + blob[byte + 1 :])


def test_tags_and_salts_of_the_suites_differ():
    """Equal values have other tags and salts in another suite, so neither can be compared with the other."""
    tags = [
        Tagger(DEK, VAULT, "email", "email/1", 1, region="CN", suite=suite).tag("a@example.com") for suite in (AES, SM)
    ]
    assert None not in tags
    assert len(set(tags)) == 2


@BOTH
def test_a_segment_takes_records_of_its_suite_only(refuses, suite: Suite):
    """A head over records of the other suite is refused at the first of them, and no copy changes the suite."""
    sealed = seal_records(ORIGIN, 1, lambda _: DEK, [Item(1, SUBJECT, 1, b"text")], suite=suite)
    target = BytesIO()
    writer = SegmentWriter(target, ORIGIN, b"i" * 16, suite)
    places = writer.extend(sealed)
    writer.close()
    data = target.getvalue()
    assert list(iter_records(BytesIO(data))) == sealed
    with refuses("vault.segment"):
        list(iter_records(BytesIO(data[:8] + bytes([OTHER[suite].number]) + data[9:])))
    with refuses("vault.segment"):
        copy_records(data, places, SegmentWriter(BytesIO(), ORIGIN, b"j" * 16, OTHER[suite]))
