"""Suites: one table, and a record that opens by the suite in its header alone (spec/vault.md §2 to §4)."""

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given, settings
from hypothesis import strategies as st

from custody.base.errors import CustodyError
from custody.vault.record import Item, new_header, open_record, seal, seal_records
from custody.vault.sm4 import Sm4Gcm
from custody.vault.suite import AES, SM, Suite, require_suite, suite_of

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


def test_no_vault_has_suite_2_yet(refuses):
    """The engine knows it; segments, vaults and packages refuse it until all of their parts do."""
    assert suite_of(2) is SM
    with refuses("vault.suite"):
        require_suite(2)
