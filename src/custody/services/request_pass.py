"""At the seller: pass requests that have not ended to the buyer of the person's data, sealed, with our signed word (B4; spec/requests.md §4).

The bundle is laid there after the commit: a kill leaves no requests that were never passed, and a repeated act lays what waits.
"""

from collections.abc import Mapping, Sequence
from typing import Final, cast

from custody.acts import outgoing
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.handing import INVITE, counterparty, invitation
from custody.acts.matters import deal
from custody.acts.mirroring import mirrored
from custody.acts.passing import SELLER, bundle, going_on, say, sealed, word
from custody.acts.residency import require_delivery
from custody.acts.sole import sole_writer
from custody.acts.vaults import sha256
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.ports.files import Files
from custody.ports.store import Cells, Row

_ACT: Final = "requests"


@sole_writer("deal", "named_deal")
def request_pass(desk: Desk, named_deal: str, out: Files) -> Mapping[str, Json]:
    """What was passed before is not passed again; nothing to pass writes nothing. Raises as the invitation and the release have it."""
    desk.require(("owner", "privacy"))
    with desk.store.read() as tx:
        matter = deal(tx, desk.space, named_deal)
    name, ref = str(matter["id"]), str(matter["ref"])
    waited = outgoing.lay(desk, name, _ACT, out)
    invite = out.read(INVITE)
    with desk.store.write() as tx:
        before = tx.find("request_passed", order=("n",), matter=name)
        rows = [row for row in going_on(desk, tx, matter) if row["id"] not in {one["request"] for one in before}]
        if not rows:
            return _laid(desk, ref, before, waited)
        n = max((cast("int", one["n"]) for one in before), default=0) + 1
        buyer = counterparty(tx, str(matter["counterparty"]))
        require_delivery(desk, tx, matter, buyer.place, out)
        invited = invitation(invite, buyer, desk.card, ref, rehearsal=desk.rehearsal)
        data = sealed(desk, tx, invited, n, rows)
        says: dict[str, Json] = {"n": n, "requests": [str(row["id"]) for row in rows], "sha256": sha256(data)}
        append(tx, desk.space, stamp(desk.clock.now()), "requests-passed", says, detail={"matter": name})
        kept: list[Cells] = [{"matter": name, "request": str(row["id"]), "n": n} for row in rows]
        tx.add("request_passed", kept)
        number, envelope = say(desk, tx, matter, SELLER, rows)
        outgoing.keep(desk, name, _ACT, {bundle(n): data, word(SELLER, number): envelope})
    outgoing.lay(desk, name, _ACT, out)
    return {
        "deal": ref,
        "n": n,
        "requests": len(rows),
        "passed": len(before) + len(rows),
        "sha256": sha256(envelope),
        "mirrored": mirrored(desk),
    }


def _laid(desk: Desk, ref: str, before: Sequence[Row], envelope: bytes | None) -> Mapping[str, Json]:
    """Nothing new: what an earlier act had passed and is laid only now, or nothing at all."""
    told: dict[str, Json] = {"deal": ref, "n": None, "requests": 0, "passed": len(before), "sha256": "", "mirrored": True}  # fmt: skip
    if envelope is None:
        return told
    n = max(cast("int", one["n"]) for one in before)
    passed = sum(one["n"] == n for one in before)
    return {**told, "n": n, "requests": passed, "sha256": sha256(envelope), "mirrored": mirrored(desk)}
