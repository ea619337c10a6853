"""Make, sign and keep the statements of a matter: DSSE over in-toto, one row each, one ledger entry each."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from custody.acts import stated
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.vaults import sha256
from custody.base import dsse
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.statement import statement
from custody.package.statements import Predicate, predicate
from custody.ports.store import Cells, Transaction


def issue(
    desk: Desk,
    tx: Transaction,
    matter: str,
    subjects: Sequence[Mapping[str, Json]],
    says: Predicate,
    *,
    n: int = 1,
    personal: bool = False,
    kept: Mapping[str, Json] | None = None,
) -> bytes:
    """Sign what `says` for the party (`personal`: as the acting person), keep it as the matter's `n`-th, enter it.

    `kept`: the statement is put back by a restore from before it, with this (acts/stated.py). Returns the envelope's bytes.
    """
    kind, at = says.KIND, desk.clock.now()
    envelope = enveloped(desk, subjects, says, at, personal=personal)
    digest = sha256(envelope)
    entered: dict[str, Json] = {"statement": kind, "sha256": digest, "n": n}
    told = {} if kept is None else stated.opening(envelope, kept)
    position = append(tx, desk.space, stamp(at), "statement", entered, detail={"matter": matter, **told})
    row: Cells = {"matter": matter, "kind": kind, "n": n, "sha256": digest, "envelope": envelope, "position": position}
    tx.add("statement", [{**row, "at": stamp(at)}])
    return envelope


def enveloped(
    desk: Desk, subjects: Sequence[Mapping[str, Json]], says: Predicate, at: datetime, *, personal: bool = False
) -> bytes:
    """What `says`, signed for the party or as the acting person; nothing is kept."""
    signer = desk.actor if personal else desk.signer
    told: dict[str, Json] = {**predicate(says), "identity": signer.identity.to_json()}
    payload = statement(
        f"{says.KIND}/v1",
        subjects,
        told,
        signer_id=signer.identity.id,
        at=at,
        rehearsal=desk.rehearsal,
        hosting=desk.card.hosting,
    )
    return dsse.encode(dsse.sign(signer, payload))
