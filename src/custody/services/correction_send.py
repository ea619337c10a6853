"""Write the corrections that a deal's buyer has not learnt of into the hand-over's folder, sealed to its key (A7; spec/freshness.md §5).

The bundle is laid there after the commit: a kill leaves no corrections that were never sent, and a repeated act lays what waits.
"""

from collections.abc import Mapping, Sequence
from typing import Final, cast

from custody.acts import corrections, outgoing
from custody.acts.bundling import ANSWER, FILE, SIGNED, Change, changes, folder, open_for, sealed, sent_in
from custody.acts.desk import Desk
from custody.acts.handing import INVITE, counterparty, invitation, understood
from custody.acts.matters import deal
from custody.acts.mirroring import mirrored
from custody.acts.residency import require_delivery
from custody.acts.sole import sole_writer
from custody.acts.statements import issue
from custody.acts.vaults import sha256
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.statement import subject as named
from custody.package.corrected import Corrected
from custody.package.statements import Invite
from custody.ports.files import Files
from custody.ports.store import Row, Transaction

_ACT: Final = "corrections"


@sole_writer("deal", "named_deal")
def correction_send(desk: Desk, named_deal: str, out: Files) -> Mapping[str, Json]:
    """Nothing to tell writes nothing. Raises Missing `release.none-yet`… as the invitation and the release have it."""
    desk.require(("owner", "privacy", "data"))
    with desk.store.read() as tx:
        matter = deal(desk, tx, named_deal)
    name, ref = str(matter["id"]), str(matter["ref"])
    waited = outgoing.lay(desk, name, _ACT, out)
    invite = out.read(INVITE)
    with desk.store.write() as tx:
        now = stamp(desk.clock.now())
        buyer = counterparty(tx, str(matter["counterparty"]))
        invited = invitation(invite, buyer, desk.card, ref, rehearsal=desk.rehearsal)
        fresh, going = open_for(desk, tx, matter), _again(desk, tx, matter, out, invited.key_id)
        if fresh:
            going[n := tx.count("statement", matter=name, kind=Corrected.KIND) + 1] = (fresh, ())
        if not going:
            return _laid(desk, matter, waited)
        require_delivery(desk, tx, matter, buyer.place, out)
        files, values = dict[str, bytes](), 0
        for number, (rows, before) in going.items():
            told = changes(desk, tx, rows)
            files |= _bundled(desk, tx, name, invited, number, told, before)
            values += len(told)
        outgoing.keep(desk, name, _ACT, files)
        for row in fresh:
            tx.change("correction_to", {"state": corrections.SENT, "n": n, "at": now}, correction=row["id"], name=name)
    envelope = outgoing.lay(desk, name, _ACT, out)
    assert envelope is not None
    return {
        "deal": ref,
        "n": max(going),
        "corrections": sum(len(rows) for rows, _ in going.values()),
        "values": values,
        "sha256": sha256(envelope),
        "mirrored": mirrored(desk),
    }


def _again(
    desk: Desk, tx: Transaction, matter: Row, out: Files, key_id: str
) -> dict[int, tuple[list[Row], tuple[str, ...]]]:
    """Bundles without an answer whose key is not the invitation's any more: what is still to be told of each, and the statements it replaces."""
    found: dict[int, tuple[list[Row], tuple[str, ...]]] = {}
    for row in tx.find("statement", order=("n",), matter=str(matter["id"]), kind=Corrected.KIND):
        said = understood(cast("bytes", row["envelope"]), Corrected, desk.signer.identity, rehearsal=desk.rehearsal)
        if said.key_id != key_id and f"{folder(said.n)}/{ANSWER}" not in out.list(folder(said.n)):
            found[said.n] = (sent_in(desk, tx, matter, said.n), (*said.replaces, str(row["sha256"])))
    return found


def _bundled(
    desk: Desk, tx: Transaction, matter: str, invited: Invite, n: int, told: Sequence[Change], before: tuple[str, ...]
) -> dict[str, bytes]:
    """The n-th bundle and its statement, in the place of those `before`."""
    data = sealed(invited, n, told)
    says = Corrected(
        deal=invited.deal,
        n=n,
        count=len(told),
        seller=desk.signer.identity.id,
        buyer=invited.buyer,
        key_id=invited.key_id,
        replaces=before,
    )
    tx.drop("statement", matter=matter, kind=Corrected.KIND, n=n)
    envelope = issue(desk, tx, matter, [named(FILE, sha256(data))], says, n=n)
    return {f"{folder(n)}/{FILE}": data, f"{folder(n)}/{SIGNED}": envelope}


def _laid(desk: Desk, matter: Row, envelope: bytes | None) -> Mapping[str, Json]:
    """Nothing new: what an earlier act had sent and is laid only now, or nothing at all."""
    told: dict[str, Json] = {"deal": str(matter["ref"]), "n": None, "corrections": 0, "values": 0, "sha256": "", "mirrored": True}  # fmt: skip
    if envelope is None:
        return told
    says = understood(envelope, Corrected, desk.signer.identity, rehearsal=desk.rehearsal)
    with desk.store.read() as tx:
        sent = tx.count("correction_to", name=str(matter["id"]), n=says.n)
    return {**told, "n": says.n, "corrections": sent, "values": says.count, "sha256": sha256(envelope), "mirrored": mirrored(desk)}  # fmt: skip
