"""Rehearse a restore beside the home: everything is fetched and opened, held against what is here, and thrown away; what it came to is kept (A5, E8).

The roots come from the provider, so a drill says nothing of recovery sheets: those are tried by `recovery test`.
"""

from collections.abc import Mapping
from typing import Final, cast

from custody.acts.desk import Desk
from custody.acts.drilling import DONE, FAILED, Room, Rooms
from custody.acts.erasing import LIVE
from custody.acts.evidence import append
from custody.acts.mirroring import mirrored
from custody.acts.refill import refill
from custody.base import canonical
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import CustodyError, Missing, Unavailable
from custody.ports.store import Store, Transaction

DRILLERS: Final = ("owner", "operator")
_SPARE: Final = 2**28
"""Bytes that stay free beside what the drill writes: for the store, and for whoever works meanwhile."""
_PASSED: Final = {"facts_altered": "backup.object", "forked": "restore.fork"}
"""Facts that a restore passes over, and what is wrong with the place then: older ones came back, and nobody would know."""
_COUNTS: Final = ("records", "people")


def drill(desk: Desk, place: str | None, rooms: Rooms) -> Mapping[str, Json]:
    """From a place on the list, or the only one. A restore that fails is a drill that failed: `ok` is False, and it is kept.

    Raises Missing `backup.nowhere`, `backup.unknown`, `backup.which`, Unavailable `drill.room`.
    """
    desk.require(DRILLERS)
    with desk.store.read() as tx:
        name, needed = _place(tx, desk.space, place), _bytes(tx, desk.space)
    here, began = _counts(desk.store, desk.space), desk.clock.now()
    with desk.store.alone(f"{desk.space}/+drill"):
        report, seconds = _tried(desk, rooms, name, needed)
    report["vaults"] = list[Json](_beside(here, cast("Mapping[str, Mapping[str, int]]", report.pop("found"))))
    ok = not report["fault"] and all(_whole(one) for one in cast("list[Mapping[str, Json]]", report["vaults"]))
    with desk.store.write() as tx:
        n = tx.count("restore_drill", space=desk.space) + 1
        says: dict[str, Json] = {
            "n": n,
            "ok": ok,
            "seconds": seconds,
            "fault": report["fault"],
            "principal": desk.principal.id,
        }
        position = append(tx, desk.space, stamp(desk.clock.now()), "restore-drilled", says, detail={"place": name})
        tx.add("restore_drill", [{"space": desk.space, "n": n, "place": name, "at": stamp(began), "seconds": seconds, "state": DONE if ok else FAILED,
                                  "principal": desk.principal.id, "position": position, "report": canonical.encode(report)}])  # fmt: skip
    return {"n": n, "place": name, "at": stamp(began), "seconds": seconds, "ok": ok, **report, "mirrored": mirrored(desk)}  # fmt: skip


def _place(tx: Transaction, space: str, asked: str | None) -> str:
    known = [str(row["place"]) for row in tx.find("backup_place", order=("place",), space=space)]
    if not known:
        raise Missing("backup.nowhere", "No place for backups is on the list yet.", next="custody backup --to FOLDER")
    if asked is None and len(known) > 1:
        raise Missing("backup.which", "There are several places for backups.", next="custody drill PLACE")
    if asked is not None and asked not in known:
        raise Missing("backup.unknown", "This place is not on the list.", next="custody backup")
    return asked or known[0]


def _bytes(tx: Transaction, space: str) -> int:
    vaults = [row["id"] for row in tx.find("vault", party=space)]
    return sum(cast("int", size) for vault in vaults for (size,) in tx.columns("segment", ("bytes",), vault=vault))


def _tried(desk: Desk, rooms: Rooms, place: str, needed: int) -> tuple[dict[str, Json], int]:
    """(what was found, or the slug of what stopped it; seconds)."""
    began = desk.clock.now()
    try:
        with rooms(place) as room:
            if room.free < needed + _SPARE:
                raise Unavailable("drill.room", "There is not enough room on this disk to rehearse a restore.", where={"bytes": needed + _SPARE},
                                  next="Make room, or rehearse it on another machine.")  # fmt: skip
            return _found(desk, room), room.seconds()
    except CustodyError as error:
        if error.slug == "drill.room":
            raise
        took = int((desk.clock.now() - began).total_seconds())
        return {"fault": error.slug, "behind": 0, "not_in_backup": {}, "segments_missing": 0, "found": {}}, took


def _found(desk: Desk, room: Room) -> dict[str, Json]:
    told = refill(room.blank, (), lambda _: desk.clock)
    surveys = cast("Mapping[str, Mapping[str, int]]", told["vaults"])
    names = _names(room.blank.store, desk.space)
    counts = _counts(room.blank.store, desk.space)
    found: dict[str, Json] = {names[vault]: {**counts.get(names[vault], {}), "without_key": made["records_without_key_count"]} for vault, made in surveys.items()}  # fmt: skip
    behind = cast("int", told["journal"]) - cast("int", told["facts_position"])
    missing = len(cast("list[Json]", told["segments_missing"]))
    fault = next((slug for name, slug in _PASSED.items() if told[name]), "")
    return {"fault": fault, "behind": behind, "not_in_backup": told["not_in_backup"], "segments_missing": missing, "found": found}  # fmt: skip


def _names(store: Store, space: str) -> Mapping[str, str]:
    with store.read() as tx:
        return {str(row["id"]): str(row["name"]) for row in tx.find("vault", party=space)}


def _counts(store: Store, space: str) -> dict[str, dict[str, int]]:
    """{vault: how many records and people it has}."""
    with store.read() as tx:
        return {
            str(row["name"]): {"records": tx.count("record", vault=row["id"]), "people": tx.count("subject", vault=row["id"], state=LIVE)}
            for row in tx.find("vault", order=("name",), party=space)
        }  # fmt: skip


def _beside(here: Mapping[str, Mapping[str, int]], found: Mapping[str, Mapping[str, int]]) -> list[dict[str, Json]]:
    """Each vault of here beside what came back; one that did not come back has nothing."""
    return [
        {"vault": name, **{f"{word}_here": counts[word] for word in _COUNTS}, **{word: found.get(name, {}).get(word, 0) for word in _COUNTS},
         "without_key": found.get(name, {}).get("without_key", 0)} for name, counts in here.items()
    ]  # fmt: skip


def _whole(vault: Mapping[str, Json]) -> bool:
    """Everything that is here came back, and every record of it opens."""
    return not vault["without_key"] and all(vault[word] == vault[f"{word}_here"] for word in _COUNTS)
