"""Two keys, one identity: a statement counts only with both signatures, by the identity its text names (spec/identity.md §1, §4)."""

from collections.abc import Callable, Sequence

import pytest

from custody.base import canonical, dsse
from custody.base.canonical import b64
from custody.base.errors import Broken
from custody.base.signing import Identity, Signatures, Signer, verify

ME, OTHER = Signer(b"\1" * 64), Signer(b"\2" * 64)
KNOWN = {one.identity.id: one.identity for one in (ME, OTHER)}
Signed = Sequence[tuple[str, bytes]]


def statement(signer: Signer) -> bytes:
    """A payload that names `signer`."""
    return canonical.encode({"predicate": {"signer": signer.identity.id}})


def envelope(payload: bytes, signed: Signed) -> bytes:
    """An envelope over `payload` with just these signatures."""
    listed = [{"keyid": name, "sig": b64(value)} for name, value in signed]
    return canonical.encode({"payload": b64(payload), "payloadType": dsse.PAYLOAD, "signatures": listed})


def both(signer: Signer, payload: bytes, name: str = "") -> list[tuple[str, bytes]]:
    """The two signatures of `signer`, said to be those of `name`."""
    made, who = signer.sign(dsse.pae(dsse.PAYLOAD, payload)), name or signer.identity.id
    return [(f"{who}#ed25519", made.ed25519), (f"{who}#mldsa65", made.mldsa65)]


def refused(data: bytes) -> str:
    """The slug with which an envelope is refused."""
    with pytest.raises(Broken) as caught:
        dsse.open_envelope(data, KNOWN)
    return caught.value.slug


def test_both_signatures_of_the_named_signer_open():
    """What is signed as it must be opens."""
    payload = statement(ME)
    assert dsse.open_envelope(envelope(payload, both(ME, payload)), KNOWN).signer == ME.identity.id


HALVES: dict[str, Callable[[bytes], Signed]] = {
    "Ed25519 alone": lambda payload: both(ME, payload)[:1],
    "ML-DSA alone": lambda payload: both(ME, payload)[1:],
    "Ed25519 twice": lambda payload: both(ME, payload)[:1] * 2,
    "ML-DSA by another": lambda payload: [both(ME, payload)[0], both(OTHER, payload)[1]],
    "ML-DSA by another in my name": lambda payload: [both(ME, payload)[0], both(OTHER, payload, ME.identity.id)[1]],
    "Ed25519 by another in my name": lambda payload: [both(OTHER, payload, ME.identity.id)[0], both(ME, payload)[1]],
    "both by another in my name": lambda payload: both(OTHER, payload, ME.identity.id),
    "both by another in their name": lambda payload: both(OTHER, payload),
    "exchanged": lambda payload: [(name, value) for (name, _), (_, value) in zip(both(ME, payload), both(ME, payload)[::-1], strict=True)],
    "three": lambda payload: [*both(ME, payload), both(OTHER, payload)[0]],
    "none": lambda _payload: [],
    "ML-DSA empty": lambda payload: [both(ME, payload)[0], (f"{ME.identity.id}#mldsa65", b"")],
}  # fmt: skip


@pytest.mark.parametrize("name", HALVES)
def test_half_signed_is_not_signed(name: str):
    """Anything but exactly the two signatures of the signer named is refused."""
    payload = statement(ME)
    assert refused(envelope(payload, HALVES[name](payload))) in {"dsse.form", "dsse.signature", "identity.signature"}


def test_a_signer_nobody_knows_is_refused():
    """Whoever signs must be known beforehand; keys that come along give no trust."""
    stranger = Signer(b"\3" * 64)
    payload = statement(stranger)
    assert refused(envelope(payload, both(stranger, payload))) == "dsse.signer"


def test_signatures_of_other_bytes_are_refused():
    """Neither half carries over to another text."""
    made, text = ME.sign(b"one"), b"two"
    again = ME.sign(text)
    for mixed in (Signatures(made.ed25519, again.mldsa65), Signatures(again.ed25519, made.mldsa65), made):
        with pytest.raises(Broken, match="does not verify"):
            verify(ME.identity, text, mixed)
    verify(ME.identity, text, again)


def test_an_identity_is_both_keys():
    """Exchanging either key makes another identity, with another fingerprint."""
    mixed = [
        Identity(ME.identity.ed25519, OTHER.identity.mldsa65),
        Identity(OTHER.identity.ed25519, ME.identity.mldsa65),
    ]
    assert len({one.id for one in (ME.identity, OTHER.identity, *mixed)}) == 4
    assert len({one.fingerprint for one in (ME.identity, OTHER.identity, *mixed)}) == 4


def test_a_private_key_opens_under_its_passphrase_alone():
    """A sealed key comes back under its passphrase; any changed byte or another passphrase is refused by name."""
    blob = ME.seal_private(b"right")
    assert Signer.open_private(blob, b"right").identity == ME.identity
    with pytest.raises(Broken) as caught:
        Signer.open_private(blob, b"wrong")
    assert caught.value.slug == "identity.passphrase"
    for place in range(24, len(blob), 17):
        changed = bytearray(blob)
        changed[place] ^= 1
        with pytest.raises(Broken):
            Signer.open_private(bytes(changed), b"right")
