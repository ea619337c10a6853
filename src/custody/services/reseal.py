"""Re-seal: the delivered data under the buyer's own keys, what was never released deleted, both signed (A15, C7).

Until then the seller's old roots could open the buyer's copy. Afterwards nothing of the seller's opens anything here.
"""

from collections.abc import Mapping
from typing import cast

from custody.acts import job, passed_over, taking
from custody.acts.backing import back_up_all
from custody.acts.deal_roots import Deleted, delete, lost_of
from custody.acts.depositing import give_out_where_held
from custody.acts.desk import Desk
from custody.acts.destroys import note_lost
from custody.acts.erasing import renewed_places
from custody.acts.foreign import foreign
from custody.acts.handing import RESEALED, SHIPPED, counterparty, statement_row, understood
from custody.acts.matters import deal
from custody.acts.paper_sheets import sheets_of
from custody.acts.sole import copying, sole_writer
from custody.acts.statements import issue
from custody.acts.suppressing import mark, on_list
from custody.acts.takeover import take_over
from custody.acts.vaults import sha256
from custody.acts.waiting import require_taken
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Refused
from custody.base.statement import subject as named
from custody.package.statements import Received, Resealed, Shipped, Withheld
from custody.ports.files import Files
from custody.ports.store import Row, Transaction, one

WITHHELD = "withheld.dsse.json"


@sole_writer("deal", "named_deal")
def reseal(desk: Desk, named_deal: str, out: Files) -> Mapping[str, Json]:
    """Take over everything that was received in this deal.

    Raises Missing `statement.missing` before it was received, Unavailable `backup.place` where a place does not answer, Refused `reseal.unread` where a record is lost or rotted, behind everybody else; `reseal.untried` while nobody could bring the vault back without its root, `reseal.waiting` while something lies in `out` that only the key opens which goes now.
    """
    desk.require(("data", "owner"))
    with desk.store.read() as tx:
        matter = deal(desk, tx, named_deal)
        received = taking.received(desk, tx, str(matter["id"]))
        vault = cast("Row", one(tx, "vault", id=str(matter["vault"])))
        old, sheets = foreign(tx, str(vault["id"])), sheets_of(desk, tx, vault)
    key = _key(matter, received)
    if done := job.finished(desk, key):
        return _lay(desk, matter, out, done)
    if not (sheets.lasting or desk.rehearsal or give_out_where_held(desk, str(vault["id"]))):
        name = str(vault["name"])
        raise Refused("reseal.untried", "Nobody has tried the recovery sheets of this vault yet, and a re-seal deletes what it came from.",
                      next=f"custody recovery print --vault {name}, then custody recovery test")  # fmt: skip
    require_taken(desk, matter, out)
    lost_of(
        desk, str(matter["id"])
    )  # a provider that does not answer for the key of the deal stops it here, and nothing was done
    begun = job.begin(desk, key, "reseal", {
        "records": sum(cast("int", row["records"]) for row in old), "bytes": sum(cast("int", row["bytes"]) for row in old),
        "segments": [str(row["id"]) for row in old], "files": [str(row["file"]) for row in old],
    })  # fmt: skip
    passed_over.back(
        desk, str(vault["id"]), most=passed_over.ALL
    )  # where their records move to, nothing leads from what was missed
    if unread := take_over(desk, vault):
        raise Refused("reseal.unread", "Everything else lies under keys of this company now; what nobody can read was left as it came, under keys that the seller has.",
                      where={"records": unread.total(), "people": len({who for who, _ in unread})},
                      next="custody vault check names each: put its file back, or erase that row or person; then run it again.")  # fmt: skip
    back_up_all(desk)  # what it came from goes next: the new keys and segments lie in every place before
    # What came was ciphertext until now: whom our own list forbids to contact is marked before anybody can be.
    people = on_list(desk, str(vault["id"]))
    with desk.store.alone(copying(desk)):  # a backup that copies meanwhile would find a row without its file
        # The files go before their rows: whoever resumes finds the rows and removes again, and no row ever outlives its file's deletion unnoticed.
        for file in cast("list[str]", begun["files"]):
            desk.files.remove(file)
        gone = delete(desk, str(matter["id"]))
        with desk.store.write() as tx:
            marked = mark(tx, str(vault["id"]), people)
            made = _conclude(desk, tx, (matter, vault), begun, received, out, (marked, gone))
    renewed_places(
        desk
    )  # takes what came out of the places, too; one that does not answer loses it with its next backup
    return _lay(desk, matter, out, made)


def _lay(desk: Desk, matter: Row, out: Files, result: Mapping[str, Json]) -> Mapping[str, Json]:
    """Both statements into the folder: they are committed."""
    with desk.store.read() as tx:
        for name, kind in ((RESEALED, "resealed"), (WITHHELD, "withheld")):
            out.write(name, cast("bytes", statement_row(tx, str(matter["id"]), kind)["envelope"]))
    return result


def _conclude(
    desk: Desk,
    tx: Transaction,
    of: tuple[Row, Row],
    begun: Mapping[str, Json],
    received: tuple[Received, ...],
    out: Files,
    came: tuple[int, Deleted],
) -> Mapping[str, Json]:
    (matter, vault), name = of, str(of[0]["id"])
    for segment in cast("list[str]", begun["segments"]):
        tx.drop("segment", vault=str(vault["id"]), id=segment)
    tx.drop("deal_key", matter=name)
    records = tx.count("record", vault=str(vault["id"]))
    seller = counterparty(tx, str(matter["counterparty"]))
    shipped = understood(out.read(SHIPPED), Shipped, seller.identity, rehearsal=desk.rehearsal)
    own_keys = Resealed(
        deal=str(matter["ref"]), releases=tuple(one_receipt.release for one_receipt in received), records=records, remaining=0, vault=sha256(ids.id_bytes(str(vault["id"]))),
        generation=cast("int", vault["generation"]), complete=True,
    )  # fmt: skip
    deleted = Withheld(
        deal=str(matter["ref"]), package=received[-1].package, leaves=shipped.leaves.count - sum(one_receipt.opened for one_receipt in received),
        records=shipped.records - records, bytes=cast("int", begun["bytes"]), reason="never-released",
        deleted_at=stamp(desk.clock.now()),
    )  # fmt: skip
    number, subject = received[-1].n, named("manifest.json", received[-1].release)
    envelope = issue(desk, tx, name, [subject], own_keys, n=number)
    issue(desk, tx, name, [named("package", received[-1].package)], deleted, n=number)
    position = cast("int", statement_row(tx, name, "resealed")["position"])
    result: dict[str, Json] = {
        "id": str(begun["id"]), "deal": str(matter["ref"]), "records": records, "deleted": deleted.records, "suppressed": came[0], "sha256": sha256(envelope),
        "key_until": stamp(max(said.effective_at for said in came[1].waits)) if came[1].waits else None, "key_lost": bool(came[1].lost),
        "ledger": f"{desk.space}@{position}",
    }  # fmt: skip
    for root in came[1].lost:  # it opens what came, wherever a copy of that is: nobody says that it went
        note_lost(tx, str(vault["id"]), cast("int", vault["generation"]), root.ref, position, root.attested)
        tx.drop("deal_root", matter=name, n=root.n)
    return job.finish(tx, _key(matter, received), result)


def _key(matter: Row, received: tuple[Received, ...]) -> str:
    """One job for each release that was taken over; the first keeps the name it always had."""
    n = received[-1].n
    return f"reseal:{matter['id']!s}" + (f":{n}" if n > 1 else "")
