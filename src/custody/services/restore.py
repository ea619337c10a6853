"""Restore a home from backup, mirror and provider; nothing erased comes back, nothing held goes (A5, D2)."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import cast

from custody.acts import job
from custody.acts.desk import Desk
from custody.acts.generations import stray_generations
from custody.acts.list_anew import begin_anew
from custody.acts.mirror_back import go_on_from, mend_from_facts
from custody.acts.mirroring import mirrored
from custody.acts.refill import JOB, refill
from custody.acts.restoring import Blank
from custody.acts.rotate import destroy_stray, rotate, unfinished
from custody.acts.sole import sole_writer
from custody.acts.suppressing import mark, on_list
from custody.acts.vaults import RESTORED
from custody.base import canonical
from custody.base.canonical import Json
from custody.base.clock import Clock
from custody.base.errors import Missing
from custody.ports.store import Store, one


def restore_load(
    blank: Blank, sheets: Sequence[tuple[str, str]], clock_of: Callable[[Store], Clock], beyond: int | None = None
) -> Mapping[str, Json]:
    """Fill the empty store of a home that was lost; `beyond` names facts that go on where the mirror ends, and no newer mirror is left.

    Raises what `refill` raises, Broken `mirror.altered` for an entry that no backup holds, Missing `restore.beyond`.
    """
    mended = mend_from_facts(blank)
    if beyond is not None:
        go_on_from(blank, beyond)
    return refill(blank, sheets, clock_of, mended=mended, beyond=beyond)


@sole_writer("all")
def restore_finish(desk: Desk) -> Mapping[str, Json]:
    """Rotate every restored vault before its first write; run again, it goes on. Returns the report of the restore.

    Where a backup was taken for what the mirror lacks an owner does it: a newer mirror would open nothing afterwards.
    """
    desk.require(("owner", "operator"))
    with desk.store.read() as tx:
        row = one(tx, "job", key=JOB)
        vaults = tx.find("vault", order=("id",), party=desk.space)
    if row is None:
        raise Missing("restore.none", "This home was not restored.", next="custody restore PLACE")
    report = cast("dict[str, Json]", canonical.decode(cast("bytes", row["result"])))
    if report.get("unreached"):
        desk.require(("owner",))
    rotations: dict[str, Json] = {}
    for each in vaults:
        vault = str(each["id"])
        if row["state"] != "done":
            desk.finder.drop(vault)  # built again under a new epoch by whoever looks something up
        with desk.store.read() as tx:
            strays = stray_generations(tx, desk.space, vault)
        for generation in strays:
            destroy_stray(desk, vault, generation)
        if each["state"] == RESTORED or _unfinished(desk, vault):
            rotations[vault] = dict(rotate(desk, vault))
    anew = begin_anew(desk) if report["recovered"] else None
    lost = Counter[bytes]()
    if report["relisted"] and anew is None:
        _silence(desk, [str(each["id"]) for each in vaults], lost)
    with desk.store.write() as tx:
        job.finish(tx, JOB, report)
    return {
        **report,
        "rotated": rotations,
        "list_anew": anew,
        "unread": lost.total(),
        "mirrored": mirrored(desk),
        "resumed": row["state"] == "done",
    }


def _silence(desk: Desk, vaults: Sequence[str], lost: Counter[bytes]) -> None:
    """Whom the list forbids to contact since the backup: their facts did not know it, and notices ask the facts. What nobody can read is counted in `lost`."""
    for vault in vaults:
        people = on_list(desk, vault, lost)
        with desk.store.write() as tx:
            mark(tx, vault, people)


def _unfinished(desk: Desk, vault: str) -> bool:
    with desk.store.read() as tx:
        return bool(unfinished(tx, vault))
