"""What the two sides of a broken-off deal write to each other, read and held against this deal (spec/statements.md)."""

from custody.acts.desk import Desk
from custody.acts.handing import counterparty, own, understood
from custody.acts.vaults import sha256
from custody.base.errors import Broken
from custody.package.ending import Aborted, Returned
from custody.ports.store import Row, Transaction


def word(desk: Desk, tx: Transaction, matter: Row, envelope: bytes) -> Aborted:
    """The seller's word that this deal is off, by its confirmed keys. Raises Broken `aborted.foreign`."""
    seller = counterparty(tx, str(matter["counterparty"]))
    said = understood(envelope, Aborted, seller.identity, rehearsal=desk.rehearsal)
    if said.deal != str(matter["ref"]):
        raise Broken("aborted.foreign", "This statement breaks off another deal.", kind="replayed")
    return said


def answer(desk: Desk, tx: Transaction, matter: Row, envelope: bytes) -> Returned:
    """The bidder's answer to our own word, by its confirmed keys. Raises Missing `statement.missing` before there is one, Broken `returned.foreign`."""
    _, ours = own(desk, tx, str(matter["id"]), Aborted)
    buyer = counterparty(tx, str(matter["counterparty"]))
    said = understood(envelope, Returned, buyer.identity, rehearsal=desk.rehearsal)
    if (said.deal, said.aborted) != (str(matter["ref"]), sha256(ours)):
        raise Broken("returned.foreign", "This answer is to another deal, or to another word of ours.", kind="replayed")
    return said
