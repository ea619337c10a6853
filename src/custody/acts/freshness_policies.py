"""Correction policies of a party: every version, signed by one person and approved by another, checked whenever one is used (spec/freshness.md §2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from custody.acts.approval import content_hash, demand, verified
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.people import by_id
from custody.base import canonical
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Broken
from custody.base.signing import Signatures, verify
from custody.ports.store import Cells, Row, Transaction, one
from custody.privacy.corrections import Policy, default, from_json

ACT: Final = "freshness-policy"
_LABEL: Final = b"custody/freshness-policy/1\0"


@dataclass(frozen=True, slots=True)
class InForce:
    """A policy with its number (0: the one that ships) and the hash that two people signed."""

    n: int
    content: str
    policy: Policy


def content_of(party: str, policy: Policy) -> str:
    """What two people sign."""
    return content_hash({"act": ACT, "party": party, "policy": policy.to_json()})


def set_policy(desk: Desk, tx: Transaction, policy: Policy) -> tuple[int, int]:
    """Put a policy in force; returns (its number, the entry). Raises Refused `act.unapproved`."""
    content = content_of(desk.space, policy)
    approval = demand(desk, tx, ACT, content)
    n = tx.count("freshness_policy", party=desk.space) + 1
    now = stamp(desk.clock.now())
    made = desk.actor.sign(_message(desk.space, n, content))
    signature = canonical.encode({"ed25519": canonical.b64(made.ed25519), "mldsa65": canonical.b64(made.mldsa65)})
    row: Cells = {
        "party": desk.space,
        "n": n,
        "content": content,
        "policy": canonical.encode(policy.to_json()),
        "at": now,
    }
    tx.add("freshness_policy", [{**row, "principal": desk.principal.id, "signature": signature, "approval": approval}])
    says: dict[str, Json] = {"n": n, "content": content, "approval": approval, "principal": desk.principal.id}
    return n, append(tx, desk.space, now, "freshness-policy-set", says)


def in_force(tx: Transaction, party: str) -> InForce:
    """The newest policy. Raises Broken `freshness.policy`: a newer one that nobody signed does not bring an older one back."""
    return version(tx, party, tx.count("freshness_policy", party=party))


def version(tx: Transaction, party: str, n: int) -> InForce:
    """Policy `n`, both signatures checked. Raises Broken `freshness.policy`."""
    if n == 0:
        return InForce(0, content_of(party, default()), default())
    row = one(tx, "freshness_policy", party=party, n=n)
    if row is None:
        raise _unsigned()
    policy = from_json(cast("Mapping[str, object]", canonical.decode(cast("bytes", row["policy"]))))
    content = content_of(party, policy)
    if content != row["content"] or not _signed(tx, row, content):
        raise _unsigned()
    return InForce(n, content, policy)


def _signed(tx: Transaction, row: Row, content: str) -> bool:
    value = cast("dict[str, str]", canonical.decode(cast("bytes", row["signature"])))
    made = Signatures(canonical.unb64(value["ed25519"]), canonical.unb64(value["mldsa65"]))
    message = _message(str(row["party"]), cast("int", row["n"]), content)
    try:
        verify(by_id(tx, str(row["principal"])).identity, message, made)
        approver = verified(tx, str(row["approval"]), ACT, content)
    except Broken:
        return False
    return approver not in {"", row["principal"]}


def _message(party: str, n: int, content: str) -> bytes:
    return _LABEL + canonical.encode({"party": party, "n": n, "content": content})


def _unsigned() -> Broken:
    return Broken("freshness.policy", "The policy of corrections is not the one that two people signed.", kind="signature",
                  next="custody freshness set POLICY")  # fmt: skip
