"""What invite, ship, release, receive and destroy share: the confirmed counterparty, its invitation, our own statements."""

from collections.abc import Mapping
from typing import Final, TypeVar, cast

from custody.acts.desk import Desk
from custody.base import canonical, dsse
from custody.base.errors import Broken, Missing, Refused
from custody.base.signing import Identity
from custody.model.party import PartyCard
from custody.package import statements
from custody.package.statements import Invite, Predicate
from custody.ports.store import Row, Transaction, one

PACKAGE: Final = "package"
INVITE: Final = "invite.dsse.json"
SHIPPED: Final = f"{PACKAGE}/shipped.dsse.json"
RECEIVED: Final = "received.dsse.json"
RESEALED: Final = "resealed.dsse.json"
DESTROYED: Final = "destroyed.dsse.json"
ABORTED: Final = "aborted.dsse.json"
RETURNED: Final = "returned.dsse.json"
WOUND_UP: Final = "woundup.dsse.json"
CLOSED: Final = "closed.dsse.json"
LEAVES: Final = f"{PACKAGE}/data/leaves.jsonl"
DESCRIPTOR: Final = f"{PACKAGE}/data/datapackage.json"
SEGMENT: Final = f"{PACKAGE}/data/segments/0001.seg"
Said = TypeVar("Said", bound=Predicate)


def counterparty(tx: Transaction, party: str) -> PartyCard:
    """The card of the other side, confirmed by two people. Raises Refused `party.unconfirmed`."""
    row = one(tx, "party", id=party)
    if row is None or not row["confirmed_at"]:
        raise Refused(
            "party.unconfirmed",
            "Two people have not compared the other party's fingerprint.",
            next="custody party confirm CARD --fingerprint …",
        )
    return PartyCard.from_json(canonical.decode(cast("bytes", row["card"])))


def understood(envelope: bytes, kind: type[Said], signer: Identity, *, rehearsal: bool) -> Said:
    """A statement of `kind` by `signer`, verified and read. Raises Broken, Malformed, `statement.other`, `statement.rehearsal`.

    A rehearsal's statements count in a rehearsal alone, and there no others do.
    """
    read = statements.read(dsse.open_envelope(envelope, {signer.id: signer}).statement)
    if not isinstance(read.says, kind):
        raise Broken("statement.other", f"This is a {read.kind} statement, not {kind.KIND}.", kind="schema")
    if read.common.rehearsal != rehearsal:
        raise Broken(
            "statement.rehearsal",
            "A rehearsal's statement does not count in earnest, nor a real one in a rehearsal.",
            kind="replayed",
            next="Ask the other party for the statement of this deal.",
        )
    return read.says


def invitation(envelope: bytes, buyer: PartyCard, seller: PartyCard, deal: str, *, rehearsal: bool) -> Invite:
    """The pinned buyer's invitation to this seller for this deal. Raises Broken `invite.foreign`."""
    said = understood(envelope, Invite, buyer.identity, rehearsal=rehearsal)
    if (said.seller, said.buyer, said.deal) != (seller.identity.id, buyer.identity.id, deal):
        raise Broken("invite.foreign", "This invitation is not for this seller and deal.", kind="recipient")
    return said


def statement_row(tx: Transaction, matter: str, kind: str, n: int | None = None) -> Row:
    """The newest (or the n-th) statement of a kind. Raises Missing `statement.missing`."""
    number: Mapping[str, int] = {} if n is None else {"n": n}
    rows = tx.find("statement", order=("n",), matter=matter, kind=kind, **number)
    if not rows:
        raise Missing(
            "statement.missing", f"There is no {kind} statement of this deal yet.", next=f"custody {kind} DEAL"
        )
    return rows[-1]


def own(desk: Desk, tx: Transaction, matter: str, kind: type[Said]) -> tuple[Said, bytes]:
    """(what our newest statement of a kind says, its envelope), verified again."""
    envelope = cast("bytes", statement_row(tx, matter, kind.KIND)["envelope"])
    return understood(envelope, kind, desk.card.identity, rehearsal=desk.rehearsal), envelope


def every(desk: Desk, tx: Transaction, matter: str, kind: type[Said]) -> list[tuple[int, Said]]:
    """(number, what it says) of each of our statements of a kind, in order, verified again."""
    rows = tx.find("statement", order=("n",), matter=matter, kind=kind.KIND)
    read = (
        understood(cast("bytes", row["envelope"]), kind, desk.card.identity, rehearsal=desk.rehearsal) for row in rows
    )
    return [(cast("int", row["n"]), says) for row, says in zip(rows, read, strict=True)]
