"""Write the corrections that a deal's buyer has not learnt of into the hand-over's folder, sealed to its key (A7; spec/freshness.md §5).

The bundle is laid there after the commit: a kill leaves no corrections that were never sent, and a repeated act lays what waits.
"""

from collections.abc import Mapping
from typing import Final

from custody.acts import corrections, outgoing
from custody.acts.bundling import FILE, SIGNED, changes, folder, open_for, sealed
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
from custody.ports.files import Files
from custody.ports.store import Row

_ACT: Final = "corrections"


@sole_writer("deal", "named_deal")
def correction_send(desk: Desk, named_deal: str, out: Files) -> Mapping[str, Json]:
    """Nothing to tell writes nothing. Raises Missing `release.none-yet`… as the invitation and the release have it."""
    desk.require(("owner", "privacy", "data"))
    with desk.store.read() as tx:
        matter = deal(tx, desk.space, named_deal)
    name, ref = str(matter["id"]), str(matter["ref"])
    waited = outgoing.lay(desk, name, _ACT, out)
    invite, now = out.read(INVITE), stamp(desk.clock.now())
    with desk.store.write() as tx:
        rows = open_for(desk, tx, matter)
        if not rows:
            return _laid(desk, matter, waited)
        buyer = counterparty(tx, str(matter["counterparty"]))
        require_delivery(desk, tx, matter, buyer.place, out)
        invited = invitation(invite, buyer, desk.card, ref, rehearsal=desk.rehearsal)
        n, told = tx.count("statement", matter=name, kind=Corrected.KIND) + 1, changes(desk, tx, rows)
        data = sealed(invited, n, told)
        says = Corrected(
            deal=ref,
            n=n,
            count=len(told),
            seller=desk.signer.identity.id,
            buyer=buyer.identity.id,
            key_id=invited.key_id,
        )
        envelope = issue(desk, tx, name, [named(FILE, sha256(data))], says, n=n)
        outgoing.keep(desk, name, _ACT, {f"{folder(n)}/{FILE}": data, f"{folder(n)}/{SIGNED}": envelope})
        for row in rows:
            tx.change("correction_to", {"state": corrections.SENT, "n": n, "at": now}, correction=row["id"], name=name)
    outgoing.lay(desk, name, _ACT, out)
    return {
        "deal": ref,
        "n": n,
        "corrections": len(rows),
        "values": len(told),
        "sha256": sha256(envelope),
        "mirrored": mirrored(desk),
    }


def _laid(desk: Desk, matter: Row, envelope: bytes | None) -> Mapping[str, Json]:
    """Nothing new: what an earlier act had sent and is laid only now, or nothing at all."""
    told: dict[str, Json] = {"deal": str(matter["ref"]), "n": None, "corrections": 0, "values": 0, "sha256": "", "mirrored": True}  # fmt: skip
    if envelope is None:
        return told
    says = understood(envelope, Corrected, desk.signer.identity, rehearsal=desk.rehearsal)
    with desk.store.read() as tx:
        sent = tx.count("correction_to", name=str(matter["id"]), n=says.n)
    return {**told, "n": says.n, "corrections": sent, "values": says.count, "sha256": sha256(envelope), "mirrored": mirrored(desk)}  # fmt: skip
