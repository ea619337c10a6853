"""Make, sign and keep the statements of a matter: DSSE over in-toto, one row each, one ledger entry each."""

from collections.abc import Mapping, Sequence

from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.vaults import sha256
from custody.base import dsse
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.statement import statement
from custody.ports.store import Transaction


def issue(
    desk: Desk,
    tx: Transaction,
    matter: str,
    kind: str,
    subjects: Sequence[Mapping[str, Json]],
    predicate: Mapping[str, Json],
    *,
    n: int = 1,
) -> bytes:
    """Sign `kind`/v1 for the party, keep it as the matter's `n`-th of its kind, enter it; returns the envelope's bytes."""
    at = desk.clock.now()
    payload = statement(
        f"{kind}/v1", subjects, predicate, signer_id=desk.signer.identity.id, at=at, rehearsal=desk.rehearsal,
        hosting=desk.card.hosting,
    )  # fmt: skip
    envelope = dsse.encode(dsse.sign(desk.signer, payload))
    digest = sha256(envelope)
    says: dict[str, Json] = {"statement": kind, "sha256": digest, "n": n}
    position = append(tx, desk.space, stamp(at), "statement", says, detail={"matter": matter})
    row = {"matter": matter, "kind": kind, "n": n, "sha256": digest, "envelope": envelope, "position": position}
    tx.add("statement", [{**row, "at": stamp(at)}])
    return envelope
