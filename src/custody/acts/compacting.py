"""Leave the dead ciphertext behind: live records of a segment into a new one, then the old file goes (vault-review B16).

The new segment is durable before the rows move to it, and they move before the old one goes; a crash leaves a file
that no row names, which the next compaction removes. A segment with a record that no row names although its key is there stays as it is:
its row was lost, and these bytes are all that is left of it.
"""

import mmap
from collections.abc import Mapping
from itertools import islice
from pathlib import PurePosixPath
from typing import BinaryIO, Final, cast

from custody.acts import job, passed_over
from custody.acts.backing import copy_whole
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.key_backup import key_ids
from custody.acts.losses import Changed
from custody.acts.sole import copying
from custody.acts.unnamed import unnamed, with_key
from custody.acts.vaults import open_keyring, require_writable
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed, Missing, Unavailable
from custody.ports.store import Cells, Row, Transaction
from custody.vault.keyring import check_leaf
from custody.vault.page import Sealed
from custody.vault.segment import FOOT_BYTES, HEAD_BYTES, SegmentWriter, copy_records, head, suite_in

_FRAME: Final = 4
_DAY_MS: Final = 86_400_000
_MANY: Final = 200_000


class _Unnamed(Exception):
    """A segment holds a record that no row names although its key is there."""


def compact(desk: Desk, vault: str, name: str, *, least: float) -> Mapping[str, Json]:
    """Rewrite each segment of which at least the share `least` is dead. Returns counts and bytes."""
    with desk.store.read() as tx:
        rows = tx.find("segment", order=("id",), vault=vault)
    done: list[tuple[int, int]] = []
    kept: list[Json] = []
    for row in rows:
        if row["origin"] != vault:
            continue  # a later release is held against it as it came; it goes with the re-seal
        # Not while a backup copies, of whichever vault: its facts may name this segment already, and its copy be on the way.
        with desk.store.alone(copying(desk)):
            try:
                moved = _one(desk, vault, name, row, least)
            except _Unnamed:
                kept.append(str(row["id"]))
                continue
        if moved is not None:
            done.append(moved)
    strays = _sweep(desk, name)
    return {"ok": not kept, "segments": len(done), "records_dropped": sum(one[0] for one in done),
            "bytes_freed": sum(one[1] for one in done), "segments_unnamed": kept, "strays": strays}  # fmt: skip


def _one(desk: Desk, vault: str, name: str, row: Row, least: float) -> tuple[int, int] | None:
    segment = str(row["id"])
    with desk.store.read() as tx:
        live = _live(tx.find("record", vault=vault, segment=segment), tx.find("revision", vault=vault, segment=segment))
    total = cast("int", row["bytes"]) - HEAD_BYTES - FOOT_BYTES
    dead = total - sum(length + _FRAME for _, length in live)
    if (total and dead < least * total) or not dead:
        return None
    try:
        made = _copy(desk, name, row, live)
    except Missing as error:
        if error.slug != "files.missing":
            raise
        if live:
            return None  # its file is lost, which the next backup and a check say; it is in the way of no other
        made = None
    except Changed:
        return None  # a copy would have a hash of its own, and no place would keep the one that is whole
    with desk.store.write() as tx:
        require_writable(tx, vault)
        now = _live(tx.find("record", vault=vault, segment=segment), tx.find("revision", vault=vault, segment=segment))
        if now != live:
            raise Unavailable("vault.raced", "Another writer changed this segment.", retry=True, next="Run it again.")
        if made is not None:
            passed_over.come_in(tx, vault, segment)
            tx.add("segment", [made[0]])
            _move(tx, vault, segment, str(made[0]["id"]), dict(zip(live, made[1], strict=True)))
        tx.drop("segment", vault=vault, id=segment)
        dropped = cast("int", row["records"]) - len(live)
        says: dict[str, Json] = {"vault": vault, "from": str(row["sha256"]), "to": str(made[0]["sha256"]) if made else "",
                                 "dropped": dropped}  # fmt: skip
        append(tx, desk.space, stamp(desk.clock.now()), "compacted", says)
    desk.files.remove(str(row["file"]))
    return dropped, cast("int", row["bytes"]) - (cast("int", made[0]["bytes"]) if made else 0)


_KEYS: Final = {"record": ("subject", "record"), "revision": ("subject", "record", "revision")}
"""By its key a row is found at once; by its place the whole vault would be looked through for each."""


def _move(
    tx: Transaction, vault: str, segment: str, to: str, places: Mapping[tuple[int, int], tuple[int, int]]
) -> None:
    for table, key in _KEYS.items():
        for row in tx.find(table, vault=vault, segment=segment):
            position, _ = places[cast("int", row["position"]), cast("int", row["length"])]
            tx.change(table, {"segment": to, "position": position}, vault=vault, **{name: row[name] for name in key})


def _live(records: list[Row], revisions: list[Row]) -> list[tuple[int, int]]:
    """Where something lies that a row still names, ascending."""
    return sorted({(cast("int", row["position"]), cast("int", row["length"])) for row in [*records, *revisions]})


def _copy(desk: Desk, name: str, row: Row, live: list[tuple[int, int]]) -> tuple[Cells, list[tuple[int, int]]] | None:
    """What is live in a segment of its own; None when nothing is. Raises Changed, _Unnamed."""
    segment, origin = ids.new("dmp"), ids.id_bytes(str(row["origin"]))
    file = f"vaults/{name}/segments/{segment}.seg"
    with desk.files.local(str(row["file"])) as path, path.open("rb") as source:
        if not live:
            _require_dead(desk, source, row, live)
            return None
        copy_whole(source, None, row)
        _require_dead(desk, source, row, live)
        with desk.files.writer(file) as target:
            with mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ) as data:
                writer = SegmentWriter(target, origin, ids.id_bytes(segment), suite_in(data[:HEAD_BYTES]))
                places = copy_records(data, live, writer)
            sha = writer.close()
    made: Cells = {"vault": str(row["vault"]), "id": segment, "origin": str(row["origin"]), "file": file, "bytes": writer.size,
                   "records": writer.records, "sha256": sha}  # fmt: skip
    return made, places


def _require_dead(desk: Desk, source: BinaryIO, row: Row, live: list[tuple[int, int]]) -> None:
    """Nothing that goes has its key: each page is opened as the head names it. Raises _Unnamed, Changed."""
    left, vault = unnamed(str(row["id"]), source, live), str(row["vault"])
    with desk.store.read() as tx:
        ring = open_keyring(desk, tx, vault)

        def ids_of(page: Sealed) -> set[bytes]:
            check_leaf(page, ring.leaves.get((page.place.compartment, page.place.page)))
            return key_ids(page, ring.key, ring.generation)

        try:
            while some := list(islice(left, _MANY)):
                if with_key(tx, vault, some, ids_of):
                    raise _Unnamed
        except Malformed as error:
            raise Changed from error


def _sweep(desk: Desk, name: str) -> int:
    """Files that a crash left: no row names them, and after a day none will; whoever writes one names it sooner.

    One that says that it is of a vault which this home does not have stays: two homes may share a bucket.
    """
    now = _made(ids.new("dmp"))
    with desk.store.write() as tx:
        named = {str(row["file"]) for row in tx.find("segment")}  # whichever vault it is of
        files = [file for file in desk.files.list(f"vaults/{name}/segments") if file not in named]
        strays = [file for file in files if now - _made(PurePosixPath(file).stem) > _DAY_MS]
        strays = [file for file in strays if _own(desk, tx, file)]
        for file in strays:
            desk.files.remove(file)
    return len(strays)


def _own(desk: Desk, tx: Transaction, file: str) -> bool:
    """Whether a file was written here: for a vault of this home, or taken in from a hand-over. A torn one says nothing of anybody."""
    with desk.files.open(file) as source:
        lead = source.read(HEAD_BYTES)
    try:
        origin, _ = head(lead)
    except Malformed:
        return True
    if tx.count("vault", id=ids.id_text("vlt", origin)):
        return True
    begun = (job.plan(row) for row in tx.find("job", kind="receive"))
    return PurePosixPath(file).stem in {str(one.get("segment", "")) for one in begun}


def _made(segment: str) -> int:
    """When a segment's id was made, in milliseconds: it is a UUIDv7. A name that is no id is as old as can be."""
    try:
        return int.from_bytes(ids.id_bytes(segment)[:6])
    except Malformed:
        return 0
