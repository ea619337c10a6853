"""What ship, release, reconcile and destroy share: the confirmed counterparty, its invitation, who was delivered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from custody.acts.desk import Desk
from custody.acts.vaults import sha256
from custody.base import canonical, dsse
from custody.base.canonical import Json, unb64
from custody.base.errors import Broken, Missing, Refused
from custody.model.party import PartyCard
from custody.package import leaf as leaves
from custody.package.leaf import Leaf
from custody.ports.files import Files
from custody.ports.store import Row, Transaction, one

PACKAGE: Final = "package"
LEAVES: Final = f"{PACKAGE}/data/leaves.jsonl"
INVITE: Final = "invite.dsse.json"
SHIPPED: Final = "shipped.dsse.json"
RECEIVED: Final = "received.dsse.json"
DESTROYED: Final = "destroyed.dsse.json"


@dataclass(frozen=True, slots=True)
class Invitation:
    """What the buyer sent: its key for this deal, a nonce, and the hash of the statement they came in."""

    public: bytes
    nonce: str
    sha256: str
    key_id: str


def counterparty(tx: Transaction, party: str) -> PartyCard:
    """The card of the other side, confirmed by two people. Raises Refused `party.unconfirmed`."""
    row = one(tx, "party", id=party)
    if row is None or not row["confirmed_at"]:
        raise Refused(
            "party.unconfirmed", "Two people have not compared the other party's fingerprint.",
            next="custody party confirm CARD --fingerprint …",
        )  # fmt: skip
    return PartyCard.from_json(canonical.decode(cast("bytes", row["card"])))


def invitation(envelope: bytes, buyer: PartyCard, seller: PartyCard) -> Invitation:
    """Read an invitation that is signed by the pinned buyer for this seller. Raises Broken `invite.*`."""
    opened = dsse.open_envelope(envelope, {buyer.identity.id: buyer.identity})
    said = opened.predicate
    if not str(opened.statement["predicateType"]).endswith("/invite/v1") or said.get("seller") != seller.identity.id:
        raise Broken("invite.foreign", "This invitation is not for this seller.", kind="recipient")
    return Invitation(unb64(str(said["key"])), str(said["nonce"]), sha256(envelope), str(said["key_id"]))


def read_leaves(files: Files, name: str = LEAVES) -> list[Leaf]:
    """The leaf table of a package."""
    return [leaves.parse(line) for line in files.read(name).splitlines()]


def statement_row(tx: Transaction, matter: str, kind: str, n: int | None = None) -> Row:
    """The newest (or the n-th) statement of a kind. Raises Missing `statement.missing`."""
    rows = tx.find("statement", order=("n",), matter=matter, kind=kind, **({} if n is None else {"n": n}))
    if not rows:
        raise Missing("statement.missing", f"There is no {kind} statement of this deal yet.", next=f"custody {kind}")
    return rows[-1]


def predicate(row: Row, desk: Desk) -> Mapping[str, Json]:
    """What one of our own statements says, verified again."""
    mine = desk.card.identity
    return dsse.open_envelope(cast("bytes", row["envelope"]), {mine.id: mine}).predicate
