"""in-toto Statement v1 in canonical form: subjects by hash, a predicate of ours, who signs and when (spec/statements.md)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from custody.base import canonical
from custody.base.canonical import Json
from custody.base.clock import stamp

TYPE: Final = "https://in-toto.io/Statement/v1"
PREDICATES: Final = "https://custody.example/predicate/"


def subject(name: str, sha256: str) -> dict[str, Json]:
    """One subject; `sha256` is hex, with or without its prefix."""
    return {"name": name, "digest": {"sha256": sha256.removeprefix("sha256:")}}


def statement(
    predicate_type: str,
    subjects: Sequence[Mapping[str, Json]],
    predicate: Mapping[str, Json],
    *,
    signer_id: str,
    at: datetime,
    rehearsal: bool,
    hosting: str,
) -> bytes:
    """Canonical bytes of a statement. `predicate_type` is short: `gate/v1`."""
    common: dict[str, Json] = {"signer": signer_id, "at": stamp(at), "rehearsal": rehearsal, "hosting": hosting}
    value = {
        "_type": TYPE,
        "subject": [dict(one) for one in subjects],
        "predicateType": PREDICATES + predicate_type,
        "predicate": {**predicate, **common},
    }
    return canonical.encode(value)
