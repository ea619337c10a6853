"""Policies that two people sign: every version written by one, approved by another, checked whenever one is used.

Of a party: who may see what (spec/access.md §1) and who may change what (spec/freshness.md §2). Of a vault: how long what is
kept (spec/retention.md §3). They are signed, kept and looked up in one way; what differs is what they say.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Generic, Protocol, TypeVar, cast

from custody.acts.approval import content_hash, demand, verified
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.mirroring import mirrored
from custody.acts.people import by_id, proved
from custody.base import canonical
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Broken, Missing
from custody.base.signing import Signatures
from custody.ports.store import Cells, Row, Transaction, one
from custody.privacy import access, corrections, retention


class Written(Protocol):
    """A policy as it is signed."""

    def to_json(self) -> dict[str, Json]: ...


P = TypeVar("P", bound=Written)


@dataclass(frozen=True, slots=True)
class InForce(Generic[P]):
    """A policy with its number (0: the one that ships) and the hash that two people signed."""

    n: int
    content: str
    policy: P


@dataclass(frozen=True, slots=True)
class Kind(Generic[P]):
    """One kind of policy: what it is called, whose it is, how it is read, what holds where nobody signed one."""

    name: str
    owner: str
    read: Callable[[Mapping[str, object]], P]
    shipped: Callable[[], P]
    unsigned: Callable[[], Broken]

    @property
    def act(self) -> str:
        """What is approved."""
        return f"{self.name}-policy"

    def content(self, owner: str, policy: P) -> str:
        """What two people sign."""
        return content_hash({"act": self.act, self.owner: owner, "policy": policy.to_json()})

    def put(self, desk: Desk, tx: Transaction, owner: str, policy: P, says: Mapping[str, Json]) -> tuple[int, int]:
        """Put a policy in force; returns (its number, the entry). Raises Refused `act.unapproved`."""
        content = self.content(owner, policy)
        approval = demand(desk, tx, self.act, content, once=True)
        n = self._newest(tx, owner) + 1
        now = stamp(desk.clock.now())
        made = desk.actor.sign(self._message(owner, n, content))
        signature = canonical.encode({"ed25519": canonical.b64(made.ed25519), "mldsa65": canonical.b64(made.mldsa65)})
        row: Cells = {
            self.owner: owner, "n": n, "content": content, "policy": canonical.encode(policy.to_json()), "at": now,
            "principal": desk.principal.id, "signature": signature, "approval": approval,
        }  # fmt: skip
        tx.add(self._table, [row])
        noted: dict[str, Json] = {"n": n, "content": content, "approval": approval, "principal": desk.principal.id}
        return n, append(tx, desk.space, now, f"{self.act}-set", {**noted, **says})

    def in_force(self, tx: Transaction, owner: str) -> InForce[P]:
        """The newest policy. Raises Broken: a newer one that nobody signed does not bring an older one back."""
        return self.version(tx, owner, self._newest(tx, owner))

    def version(self, tx: Transaction, owner: str, n: int) -> InForce[P]:
        """Policy `n`, both signatures checked. Raises Broken, and what `shipped` raises for policy 0."""
        if n == 0:
            policy = self.shipped()
            return InForce(0, self.content(owner, policy), policy)
        row = one(tx, self._table, **{self.owner: owner}, n=n)
        if row is None:
            raise self.unsigned()
        policy = self.read(cast("Mapping[str, object]", canonical.decode(cast("bytes", row["policy"]))))
        content = self.content(owner, policy)
        if content != row["content"] or not self._signed(tx, row, content):
            raise self.unsigned()
        return InForce(n, content, policy)

    def standing(self, tx: Transaction, owner: str, content: str) -> InForce[P] | None:
        """The policy in force where it is this one already: nothing is to be signed again, and no approval is used up."""
        try:
            now = self.in_force(tx, owner)
        except (Broken, Missing):  # a policy that somebody wrote into the store is replaced by one that two people sign
            return None
        return now if now.n and now.content == content else None

    @property
    def _table(self) -> str:
        return f"{self.name}_policy"

    def _newest(self, tx: Transaction, owner: str) -> int:
        return tx.count(self._table, **{self.owner: owner})

    def _signed(self, tx: Transaction, row: Row, content: str) -> bool:
        value = cast("dict[str, str]", canonical.decode(cast("bytes", row["signature"])))
        made = Signatures(canonical.unb64(value["ed25519"]), canonical.unb64(value["mldsa65"]))
        message = self._message(str(row[self.owner]), cast("int", row["n"]), content)
        try:
            proved(by_id(tx, str(row["principal"])), str(row["at"]), message, made)
            approver = verified(tx, str(row["approval"]), self.act, content)
        except Broken:
            return False
        return approver not in {"", row["principal"]}

    def _message(self, owner: str, n: int, content: str) -> bytes:
        label = f"custody/{self.act}/1\0".encode()
        return label + canonical.encode({self.owner: owner, "n": n, "content": content})


def set_policy(desk: Desk, kind: Kind[P], policy: P, told: Mapping[str, Json], *, dry_run: bool) -> dict[str, Json]:
    """Put this party's policy in force; the one in force already changes nothing. Raises Refused `act.unapproved`."""
    content = kind.content(desk.space, policy)
    if dry_run:
        return {**told, "content": content, "would": {"approve": [kind.act, content]}}
    with desk.store.write() as tx:
        if before := kind.standing(tx, desk.space, content):
            return {**told, "content": content, "n": before.n, "resumed": True}
        n, position = kind.put(desk, tx, desk.space, policy, {})
    return {
        **told, "content": content, "n": n, "resumed": False, "mirrored": mirrored(desk),
        "ledger": f"{desk.space}@{position}",
    }  # fmt: skip


def _no_retention() -> retention.Policy:
    raise Missing("retention.none", "This vault has no retention policy.", next="custody retention set POLICY")


ACCESS: Final = Kind("access", "party", access.from_json, access.default, lambda: Broken(
    "access.policy", "The access policy is not the one that two people signed.", kind="signature",
    next="custody access set POLICY",
))  # fmt: skip
CORRECTIONS: Final = Kind("freshness", "party", corrections.from_json, corrections.default, lambda: Broken(
    "freshness.policy", "The policy of corrections is not the one that two people signed.", kind="signature",
    next="custody freshness set POLICY",
))  # fmt: skip
RETENTION: Final = Kind("retention", "vault", retention.from_json, _no_retention, lambda: Broken(
    "retention.policy", "The retention policy is not the one that two people signed.", kind="signature",
    next="custody retention set POLICY",
))  # fmt: skip
