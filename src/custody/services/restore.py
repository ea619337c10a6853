"""Restore a home from backup, mirror and provider; nothing erased comes back, nothing held goes (A5, D2)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, cast

from custody.acts import job
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.loading import load_facts, load_keys, settled
from custody.acts.mirroring import mirrored
from custody.acts.replay import Replay, stray_generations
from custody.acts.residency import require_same
from custody.acts.restoring import Blank, extend_ledger, fetch_segments, find_keys, read_journal
from custody.acts.rotate import destroy_stray, rotate
from custody.acts.sheets import read_one
from custody.acts.sole import sole_writer
from custody.acts.suppressing import mark, on_list
from custody.acts.survey import survey
from custody.acts.surveyed import Survey
from custody.acts.vaults import RESTORED
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.base.clock import Clock, stamp
from custody.base.errors import Missing
from custody.ports.store import Cells, Store, Transaction, one

_JOB: Final = "restore"
_SHOWN: Final = 100


def restore_load(
    blank: Blank, sheets: Sequence[tuple[str, str]], clock_of: Callable[[Store], Clock]
) -> Mapping[str, Json]:
    """Fill the empty store, replay, report. Nothing of it is in force until its file takes the store's name.

    A store that an earlier attempt left half filled from the same backup is filled on.

    `sheets` are (name, text), of any vault. Raises Broken `restore.fork`, Missing `restore.facts`, `restore.keys`,
    Refused `residency.*`: a home of another region takes no records of this one.
    """
    told = read_journal(blank)
    found = find_keys(blank, told, [read_one(*one) for one in sheets])
    facts = load_facts(blank, told, min((keys.position for keys in found.values()), default=len(told)))
    with blank.store.read() as tx:
        rows = tx.find("vault", order=("id",))
        vaults = [str(row["id"]) for row in rows]
        lies = blank.outside.region(str(blank.files.path("vaults").parent))
        for row in rows:
            require_same(str(row["region"]), lies)
        lost = fetch_segments(blank, tx)
    if unopened := [vault for vault in vaults if vault not in found]:
        raise Missing("restore.keys", "A vault of these facts has no key backup.", where={"vault": unopened[0]})
    rings = {vault: load_keys(blank, found[vault]) for vault in vaults}
    with blank.store.write() as tx:
        extend_ledger(blank, tx, told, facts)
    clock = clock_of(blank.store)
    with blank.store.write() as tx:  # what is written here is bounded by what happened after the backup
        replay = Replay(blank, tx, told, facts, rings)
        replay.run()
        surveys = {vault: survey(tx, ring, blank.files) for vault, ring in replay.rings.items()}
        report: dict[str, Json] = {
            "facts_position": facts, "journal": len(told), "replayed_slots": replay.erased, "relisted": replay.relisted,
            "not_in_backup": dict(sorted(replay.undone.items())), "segments_missing": list[Json](lost),
            "vaults": {vault: _report(made) for vault, made in surveys.items()},
            "recovered": sorted(vault for vault in vaults if found[vault].recovered),
        }  # fmt: skip
        _enter(blank, tx, replay, report, clock)
        settled(tx, blank.space)
    return report


@sole_writer("all")
def restore_finish(desk: Desk) -> Mapping[str, Json]:
    """Rotate every restored vault before its first write; run again, it goes on. Returns the report of the restore."""
    desk.require(("owner", "operator"))
    with desk.store.read() as tx:
        row = one(tx, "job", key=_JOB)
        vaults = tx.find("vault", order=("id",), party=desk.space)
    if row is None:
        raise Missing("restore.none", "This home was not restored.", next="custody restore PLACE")
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
            rotations[vault] = dict(rotate(desk, vault, cast("int", each["generation"])))
    report = cast("dict[str, Json]", canonical.decode(cast("bytes", row["result"])))
    if report["relisted"]:
        _silence(desk, [str(each["id"]) for each in vaults])
    with desk.store.write() as tx:
        job.finish(tx, _JOB, report)
    return {**report, "rotated": rotations, "mirrored": mirrored(desk), "resumed": row["state"] == "done"}


def _silence(desk: Desk, vaults: Sequence[str]) -> None:
    """Whom the list forbids to contact since the backup: their facts did not know it, and notices ask the facts."""
    for vault in vaults:
        people = on_list(desk, vault)
        with desk.store.write() as tx:
            mark(tx, vault, people)


def _unfinished(desk: Desk, vault: str) -> bool:
    with desk.store.read() as tx:
        return any(row["state"] not in {"destroyed", "abandoned"} for row in tx.find("rotation", vault=vault))


def _enter(blank: Blank, tx: Transaction, replay: Replay, report: Mapping[str, Json], clock: Clock) -> None:
    now = stamp(clock.now())
    for vault, ring in replay.rings.items():
        told = cast("Mapping[str, Mapping[str, Json]]", report["vaults"])[vault]
        says: dict[str, Json] = {"vault": vault, "g": ring.generation, "head": ring.head.root.hex(), "facts": report["facts_position"],
                                 "no_key": told["records_without_key_count"], "no_record": told["keys_without_record_count"]}  # fmt: skip
        append(tx, blank.space, now, "restored", says)
    tx.drop("job", key=_JOB)
    row: Cells = {"key": _JOB, "id": ids.new("job"), "kind": _JOB, "state": "begun", "started_at": now}
    tx.add("job", [{**row, "result": canonical.encode(dict(report))}])


def _report(made: Survey) -> dict[str, Json]:
    without_key = [
        one_fault for kind in ("record.no-key", "record.missing", "record.altered") for one_fault in made.of(kind)
    ]
    missing = sum(cast("int", one_fault.where["records"]) for one_fault in made.of("segment.missing"))
    without_record = made.of("key.no-record")
    return {
        "records": made.records, "keys": made.keys,
        "records_without_key_count": len(without_key) + missing,
        "records_without_key": [dict(one_fault.where) for one_fault in without_key[:_SHOWN]],
        "keys_without_record_count": len(without_record),
        "keys_without_record": [dict(one_fault.where) for one_fault in without_record[:_SHOWN]],
    }  # fmt: skip
