"""At the seller: pass requests that have not ended to the buyer of the person's data, sealed, with our signed word (B4; spec/requests.md §4).

The bundle is laid there after the commit: a kill leaves no requests that were never passed, and a repeated act lays what waits.
"""

from collections.abc import Mapping, Sequence
from typing import Final, cast

from custody.acts import outgoing
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.gone_over import gone_over
from custody.acts.handing import INVITE, counterparty, invitation
from custody.acts.matters import deal
from custody.acts.mirroring import mirrored
from custody.acts.passing import SELLER, bundle, going_on, heard, next_bundle, say, sealed, sealed_to, word
from custody.acts.residency import require_delivery
from custody.acts.sole import sole_writer
from custody.acts.vaults import sha256
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.package.statements import Invite
from custody.ports.files import Files
from custody.ports.store import Cells, Row, Transaction

_ACT: Final = "requests"


@sole_writer("deal", "named_deal")
def request_pass(desk: Desk, named_deal: str, out: Files) -> Mapping[str, Json]:
    """What was passed before is passed again only where nobody heard it and its key is gone; nothing to pass writes nothing. Raises as the invitation and the release have it."""
    desk.require(("owner", "privacy"))
    with desk.store.read() as tx:
        matter = deal(desk, tx, named_deal)
    name, ref = str(matter["id"]), str(matter["ref"])
    waited = outgoing.lay(desk, name, _ACT, out)
    invite = out.read(INVITE)
    with desk.store.write() as tx:
        before = tx.find("request_passed", order=("n",), matter=name)
        open_rows = [*going_on(desk, tx, matter), *gone_over(tx, matter)]
        fresh = [row for row in open_rows if row["id"] not in {one["request"] for one in before}]
        buyer = counterparty(tx, str(matter["counterparty"]))
        invited = invitation(invite, buyer, desk.card, ref, rehearsal=desk.rehearsal)
        going = _again(desk, tx, matter, open_rows, out, invited.key_id)
        if fresh:
            n = next_bundle(tx, name)
            going[n] = fresh
            kept: list[Cells] = [{"matter": name, "request": str(row["id"]), "n": n} for row in fresh]
            tx.add("request_passed", kept)
        if not going:
            return _laid(desk, ref, before, waited)
        require_delivery(desk, tx, matter, buyer.place, out)
        files = dict[str, bytes]()
        for number, rows in going.items():
            files |= _bundled(desk, tx, matter, invited, number, rows)
        outgoing.keep(desk, name, _ACT, files)
    envelope = outgoing.lay(desk, name, _ACT, out)
    assert envelope is not None
    return {
        "deal": ref,
        "n": max(going),
        "requests": sum(map(len, going.values())),
        "passed": len(before) + len(fresh),
        "sha256": sha256(envelope),
        "mirrored": mirrored(desk),
    }


def _again(
    desk: Desk, tx: Transaction, matter: Row, open_rows: Sequence[Row], out: Files, key_id: str
) -> dict[int, list[Row]]:
    """Bundles that nobody heard and whose key is not the invitation's any more, with what still goes on of each."""
    known, to = heard(desk, tx, matter, out), sealed_to(desk, tx, matter)
    by_number: dict[int, list[Row]] = {}
    for row in tx.find("request_passed", order=("n", "request"), matter=str(matter["id"])):
        by_number.setdefault(cast("int", row["n"]), []).append(row)
    lost = {n: {row["request"] for row in rows} for n, rows in by_number.items()
            if to.get(n) != key_id and not any(known.has(row) for row in rows)}  # fmt: skip
    return {n: [row for row in open_rows if row["id"] in requests] for n, requests in lost.items()}


def _bundled(
    desk: Desk, tx: Transaction, matter: Row, invited: Invite, n: int, rows: Sequence[Row]
) -> dict[str, bytes]:
    """The n-th bundle and our word on it, entered."""
    data = sealed(desk, tx, invited, n, rows)
    says: dict[str, Json] = {"n": n, "requests": [str(row["id"]) for row in rows], "sha256": sha256(data)}
    append(tx, desk.space, stamp(desk.clock.now()), "requests-passed", says, detail={"matter": str(matter["id"])})
    number, envelope = say(desk, tx, matter, SELLER, rows, n, invited.key_id)
    return {bundle(n): data, word(SELLER, number): envelope}


def _laid(desk: Desk, ref: str, before: Sequence[Row], envelope: bytes | None) -> Mapping[str, Json]:
    """Nothing new: what an earlier act had passed and is laid only now, or nothing at all."""
    told: dict[str, Json] = {"deal": ref, "n": None, "requests": 0, "passed": len(before), "sha256": "", "mirrored": True}  # fmt: skip
    if envelope is None:
        return told
    n = max(cast("int", one["n"]) for one in before)
    passed = sum(one["n"] == n for one in before)
    return {**told, "n": n, "requests": passed, "sha256": sha256(envelope), "mirrored": mirrored(desk)}
