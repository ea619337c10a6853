"""DSSE envelopes (secure-systems-lab/dsse v1) with exactly two signatures of one identity, both demanded."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from custody.base import canonical
from custody.base.canonical import Json, b64, unb64
from custody.base.errors import Broken, CustodyError
from custody.base.signing import Identity, Signatures, Signer, verify

PAYLOAD: Final = "application/vnd.in-toto+json"
_KINDS: Final = ("ed25519", "mldsa65")


@dataclass(frozen=True, slots=True)
class Opened:
    """A verified envelope: the bytes that were signed, what they say, and the signer's id."""

    payload: bytes
    statement: dict[str, Json]
    signer: str

    @property
    def predicate(self) -> dict[str, Json]:
        """The predicate of the statement."""
        value = self.statement["predicate"]
        assert isinstance(value, dict)
        return value


def pae(payload_type: str, payload: bytes) -> bytes:
    """Pre-authentication encoding: what is really signed."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def sign(signer: Signer, payload: bytes, payload_type: str = PAYLOAD) -> dict[str, Json]:
    """An envelope with both signatures; key ids are `<identity id>#<algorithm>`."""
    made = signer.sign(pae(payload_type, payload))
    pairs = zip(_KINDS, (made.ed25519, made.mldsa65), strict=True)
    signatures: list[Json] = [{"keyid": f"{signer.identity.id}#{kind}", "sig": b64(value)} for kind, value in pairs]
    return {"payloadType": payload_type, "payload": b64(payload), "signatures": signatures}


def open_envelope(envelope: Mapping[str, Json] | bytes, identities: Mapping[str, Identity]) -> Opened:
    """Verify and open. Raises Broken: `dsse.form` (malformed), `dsse.signer` or `dsse.signature` (signature)."""
    payload, kind, signatures = _parts(envelope)
    try:
        said = canonical.decode(payload)
    except CustodyError as error:
        raise _form() from error
    predicate = said.get("predicate") if isinstance(said, dict) else None
    if not isinstance(said, dict) or not isinstance(predicate, dict):
        raise _form()
    signer = predicate.get("signer")
    if not isinstance(signer, str) or signer not in identities:
        raise Broken(
            "dsse.signer", "The signer is not one that is trusted here.", kind="signature",
            next="Ask the other party for its present card and compare the fingerprint: custody party confirm CARD",
        )  # fmt: skip
    try:
        both = Signatures(*(signatures[f"{signer}#{name}"] for name in _KINDS))
    except KeyError as error:
        raise Broken("dsse.signature", "A signature of the named signer is missing.", kind="signature") from error
    verify(identities[signer], pae(kind, payload), both)
    return Opened(payload, said, signer)


def peek(envelope: Mapping[str, Json] | bytes) -> dict[str, Json]:
    """What an envelope says, without any trust in it: for finding out whose keys to ask for."""
    said = canonical.decode(_parts(envelope)[0])
    if not isinstance(said, dict):
        raise _form()
    return said


def encode(envelope: Mapping[str, Json]) -> bytes:
    """An envelope as canonical bytes: one form only, so that any changed byte shows."""
    return canonical.encode(dict(envelope))


def _parts(envelope: Mapping[str, Json] | bytes) -> tuple[bytes, str, dict[str, bytes]]:
    try:
        value = canonical.decode(envelope) if isinstance(envelope, bytes) else dict(envelope)
        if not isinstance(value, dict) or set(value) != {"payload", "payloadType", "signatures"}:
            raise _form()
        payload, kind, listed = value["payload"], value["payloadType"], value["signatures"]
        if (
            not isinstance(payload, str)
            or kind != PAYLOAD
            or not isinstance(listed, list)
            or len(listed) != len(_KINDS)
        ):
            raise _form()
        found: dict[str, bytes] = {}
        for one in listed:
            if not isinstance(one, dict) or set(one) != {"keyid", "sig"}:
                raise _form()
            found[str(one["keyid"])] = unb64(str(one["sig"]))
        return unb64(payload), PAYLOAD, found
    except Broken:
        raise
    except (CustodyError, json.JSONDecodeError) as error:
        raise _form() from error


def _form() -> Broken:
    return Broken("dsse.form", "This is not a DSSE envelope of ours.", kind="malformed")
