"""The retention policy of a vault: signed by one person, approved by another, checked again whenever it is used (spec/retention.md §3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, cast

from custody.acts.approval import content_hash, demand, verified
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.people import by_id
from custody.base import canonical
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Broken, Missing
from custody.base.signing import Signatures, verify
from custody.ports.store import Cells, Row, Transaction
from custody.privacy.retention import Policy, from_json

ACT: Final = "retention-policy"
_LABEL: Final = b"custody/retention-policy/1\0"


@dataclass(frozen=True, slots=True)
class InForce:
    """A policy with its number and the hash that two people signed."""

    n: int
    content: str
    policy: Policy

    def stands(self, on: date) -> bool:
        """Whether it lets what is due go without asking anybody again."""
        return bool(self.policy.standing_until) and on.isoformat() <= self.policy.standing_until


def content_of(vault: str, policy: Policy) -> str:
    """What two people sign."""
    return content_hash({"act": ACT, "vault": vault, "policy": policy.to_json()})


def set_policy(desk: Desk, tx: Transaction, vault: str, policy: Policy) -> tuple[int, int]:
    """Put a policy in force; returns (its number, the entry). Raises Refused `act.unapproved`."""
    content = content_of(vault, policy)
    approval = demand(desk, tx, ACT, content)
    n = tx.count("retention_policy", vault=vault) + 1
    now = stamp(desk.clock.now())
    made = desk.actor.sign(_message(vault, n, content))
    signature = canonical.encode({"ed25519": canonical.b64(made.ed25519), "mldsa65": canonical.b64(made.mldsa65)})
    row: Cells = {"vault": vault, "n": n, "content": content, "policy": canonical.encode(policy.to_json()), "at": now}
    tx.add("retention_policy", [{**row, "principal": desk.principal.id, "signature": signature, "approval": approval}])
    says: dict[str, Json] = {"vault": vault, "n": n, "content": content, "approval": approval, "principal": desk.principal.id,
                             "standing_until": policy.standing_until}  # fmt: skip
    return n, append(tx, desk.space, now, "retention-policy-set", says)


def in_force(tx: Transaction, vault: str) -> InForce:
    """The newest policy, both signatures checked. Raises Missing `retention.none`, Broken `retention.policy`."""
    rows = tx.find("retention_policy", order=("n",), vault=vault)
    if not rows:
        raise Missing("retention.none", "This vault has no retention policy.", next="custody retention set POLICY")
    row = rows[-1]
    policy = from_json(cast("Mapping[str, object]", canonical.decode(cast("bytes", row["policy"]))))
    content = content_of(vault, policy)
    if content != row["content"] or not _signed(tx, row, content):
        raise Broken("retention.policy", "The retention policy is not the one that two people signed.", kind="signature",
                     next="custody retention set POLICY")  # fmt: skip
    return InForce(cast("int", row["n"]), content, policy)


def _signed(tx: Transaction, row: Row, content: str) -> bool:
    value = cast("dict[str, str]", canonical.decode(cast("bytes", row["signature"])))
    made = Signatures(canonical.unb64(value["ed25519"]), canonical.unb64(value["mldsa65"]))
    try:
        verify(
            by_id(tx, str(row["principal"])).identity, _message(str(row["vault"]), cast("int", row["n"]), content), made
        )
        approver = verified(tx, str(row["approval"]), ACT, content)
    except Broken:
        return False
    return approver not in {"", row["principal"]}


def _message(vault: str, n: int, content: str) -> bytes:
    return _LABEL + canonical.encode({"vault": vault, "n": n, "content": content})
