"""Seal: every row of the mapped sources into the vault, or into quarantine; counted, re-read and proved (A1, C8)."""

import mmap
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final, cast

from custody.acts import job
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.keeping_out import keep_out
from custody.acts.rows import Value, pick, rows
from custody.acts.sealing import Location, SchemaRow, Sealing
from custody.acts.slots import high_water
from custody.acts.sole import sole_writer
from custody.acts.suppressing import NO_CONTACT, listed
from custody.acts.vaults import (
    AUDIT,
    UNTRIED,
    add_page,
    new_vault,
    open_keyring,
    pack_slots,
    page_of,
    require_suite,
    save_head,
    writes_in,
)  # fmt: skip
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed, Missing, Refused
from custody.classify.datamap import digest, from_yaml
from custody.model.datamap import DataMap
from custody.ports.source import Quarantined, Source, TableHead
from custody.ports.store import Cells, Row, Transaction, one
from custody.vault.payload import pack
from custody.vault.record import open_record
from custody.vault.segment import SegmentWriter
from custody.vault.suite import SUITE_AES, suite_of

_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,31}")


@sole_writer("new", "name")
def seal(desk: Desk, text: str, targets: Sequence[str], name: str, *, suite: int | None = None) -> Mapping[str, Json]:
    """Seal the sources of a signed data map into the new vault `name`. Resumes: a finished one is returned as it was.

    `suite` is that of a new vault (1 unless said); one that waits empty has its own. A vault takes data once.
    Raises Refused `vault.suite-other`, `vault.taken`.
    """
    desk.require(("data", "owner"))
    if not _NAME.fullmatch(name):
        raise Malformed("vault.name", "A vault's name is a-z, 0-9 and -, begins with a letter, and is at most 32 long.")
    datamap = from_yaml(text)
    signed = digest(datamap)
    with desk.store.read() as tx:
        if one(tx, "statement", matter=signed, kind="datamap") is None:
            raise Refused("datamap.unsigned", "This data map is not signed.", next="custody datamap accept DATAMAP")
    key = f"seal:{desk.space}:{name}:{signed}"
    if done := job.finished(desk, key):
        return done
    with desk.store.read() as tx:
        if any(row["datamap"] for row in tx.find("vault", party=desk.space, name=name)):
            raise Refused(
                "vault.taken", "A vault of this name holds data already.", next="Seal into a vault of another name."
            )
        empty = one(tx, "vault", party=desk.space, name=name, datamap="")
    if empty is not None and empty["state"] == UNTRIED:
        raise Refused("seal.untried", "Nobody has tried the recovery sheets of this vault yet.",
                      next=f"custody recovery print --vault {name}, then custody recovery test")  # fmt: skip
    if empty is not None and suite is not None:
        require_suite(empty, suite)
    plan = job.begin(desk, key, "seal", {
        "vault": str(empty["id"]) if empty else ids.new("vlt"), "segment": ids.new("dmp"),
        "suite": (writes_in(empty) if empty else suite_of(suite or SUITE_AES)).number,
    })  # fmt: skip
    vault, segment, used = str(plan["vault"]), str(plan["segment"]), suite_of(cast("int", plan["suite"]))
    file = f"vaults/{name}/segments/{segment}.seg"
    with _connected(desk, datamap, targets) as found:
        run = Sealing(datamap, found, ids.id_bytes(vault), desk.clock.now().date(), used)
        run.learn()
        on_list = listed(desk)
        suppressed = keep_out(run, datamap, on_list) if on_list else {}
        desk.files.remove(file)  # an attempt that broke off may have left it, and a bucket replaces nothing
        with desk.files.writer(file) as target:
            writer = SegmentWriter(target, ids.id_bytes(vault), ids.id_bytes(segment), used)
            run.run(writer)
            sha = writer.close()
        _prove(desk, run, datamap, file, ids.id_bytes(vault))
    for number, owner in enumerate(run.owners):
        if owner.records and owner.facts.kind in {"customer", "prospect", "employee", "contact"}:
            run.dek(number, AUDIT)
    place: dict[str, str | int] = {
        "id": segment,
        "file": file,
        "sha256": sha,
        "records": writer.records,
        "bytes": writer.size,
    }
    with desk.store.write() as tx:
        result = _keep(desk, tx, run, datamap, vault, name, signed, place) | {"suppressed": dict(suppressed)}
        return job.finish(tx, key, result)


@contextmanager
def _connected(desk: Desk, datamap: DataMap, targets: Sequence[str]) -> Iterator[dict[str, tuple[Source, TableHead]]]:
    """The source of each table, open until all is sealed and proved, as people answered for it when it was scanned."""
    answers = {
        table.file: table.encoding for table in datamap.tables if table.media in ("csv", "jsonl") and table.encoding
    }
    opened: list[Source] = []
    try:
        for target in targets:
            opened += desk.sources.open(target, lambda _: None, answers)
        found = {head.name: (source, head) for source in opened for head in source.heads()}
        _check(datamap, found)
        yield found
    finally:
        for source in opened:
            source.close()


def _check(datamap: DataMap, found: Mapping[str, tuple[Source, TableHead]]) -> None:
    """Every table of the map is there, and its file has not changed since the scan."""
    for table in datamap.tables:
        if table.name not in found:
            raise Missing(
                "source.missing", "A table of the data map is not among the sources.", where={"table": table.name}
            )
        if table.sha256 and found[table.name][1].sha256 != table.sha256:
            raise Malformed(
                "source.changed",
                "A source was changed after it was scanned.",
                where={"table": table.name},
                next="Scan it again and sign the new data map.",
            )


def _prove(desk: Desk, run: Sealing, datamap: DataMap, file: str, origin: bytes) -> None:
    """Read the sources once more: each packed row must equal the payload that the vault opens."""
    by_place: dict[tuple[int, int], Location] = {(one.schema, one.row): one for one in run.locations}
    by_subject = {owner.subject: owner for owner in run.owners}
    layouts: dict[str, list[SchemaRow]] = {}
    for schema in run.schemas:
        layouts.setdefault(schema.table, []).append(schema)
    with _mapped(desk, file) as sealed:
        for table in datamap.tables:
            for row, values, schema in _again(run, table.name, layouts.get(table.name, [])):
                where = by_place.pop((schema.number, row), None)
                if where is None:
                    continue
                dek = by_subject[where.subject].deks[where.compartment]
                _, payload = open_record(origin, dek, sealed[where.position : where.position + where.length])
                if payload != pack(row, pick(values, schema.places)):
                    raise Malformed(
                        "source.moved", "A source changed while it was sealed.", where={"table": table.name, "row": row}
                    )
    left = [one for one in by_place.values() if one.schema]
    if left:
        raise Malformed("source.moved", "A source lost rows while it was sealed.", where={"rows": len(left)})


@contextmanager
def _mapped(desk: Desk, file: str) -> Iterator[mmap.mmap]:
    """The segment as the disk gives it: pages of it in memory, never the whole."""
    with (
        desk.files.local(file) as path,
        path.open("rb") as source,
        mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ) as data,
    ):
        yield data


def _again(run: Sealing, table: str, layouts: list[SchemaRow]) -> Iterator[tuple[int, tuple[Value, ...], SchemaRow]]:
    for batch in run.reread(table):
        for row, values in rows(batch):
            for layout in layouts:
                yield row, values, layout


def _keep(
    desk: Desk, tx: Transaction, run: Sealing, datamap: DataMap, vault: str, name: str, signed: str,
    segment: Mapping[str, str | int],
) -> dict[str, Json]:  # fmt: skip
    now = stamp(desk.clock.now())
    there = tx.count("vault", id=vault)
    ring = open_keyring(desk, tx, vault) if there else new_vault(desk, tx, vault, name, suite=run.suite)
    tx.change("vault", {"datamap": signed}, id=vault)
    layout = run.assign_slots()
    for compartment, split in layout.items():
        for page, members in enumerate(split):
            owners = [run.owners[number] for number in members]
            slots = page_of([owner.deks[compartment] for owner in owners], run.suite)
            add_page(tx, ring, (compartment, page), slots, b"".join(owner.subject for owner in owners))
    tx.add("compartment", [_compartment(vault, one.number, one.tier, one.purposes, one.retention, one.child_of,
                                        len(layout.get(one.number, []))) for one in datamap.compartments])  # fmt: skip
    tx.add("schema", (_schema(vault, one) for one in run.schemas))
    kept_owners = [number for number, owner in enumerate(run.owners) if owner.records]
    tx.add("subject", (_subject(vault, run, number) for number in kept_owners))
    tx.add("segment", [{"vault": vault, "origin": vault, **segment}])
    tx.add("record", (_record(vault, str(segment["id"]), one) for one in run.locations))
    tx.add("tally", [_tally(vault, run, table.name, datamap) for table in datamap.tables])
    tx.add("quarantine", (_quarantined(vault, number, one) for number, one in enumerate(run.quarantine)))
    files = {table.file: table.sha256 for table in datamap.tables}
    tx.add(
        "copy",
        [
            {"vault": vault, "name": file, "kind": "source", "sha256": sha, "account": b""}
            for file, sha in files.items()
        ],
    )
    head = save_head(tx, ring)
    result = _counts(run, vault, name)
    says: dict[str, Json] = {"vault": vault, "head": head.root.hex(), "g": ring.generation, "records": len(run.locations),
                             "segment": str(segment["sha256"]), "datamap": signed, "suite": run.suite.number, "next": high_water(tx, vault)}  # fmt: skip
    append(tx, desk.space, now, "sealed", says, detail=result)
    return result


def _counts(run: Sealing, vault: str, name: str) -> dict[str, Json]:
    kinds: dict[str, int] = {}
    for owner in (owner for owner in run.owners if owner.records):
        kinds[owner.facts.kind] = kinds.get(owner.facts.kind, 0) + 1
    tables: list[Json] = [
        {"name": table, "rows": tally.met, "sealed": tally.sealed, "quarantined": tally.quarantined}
        for table, tally in run.tallies.items()
    ]
    met = sum(tally.met for tally in run.tallies.values())
    return {
        "vault": vault, "name": name, "customers": kinds.get("customer", 0), "subjects": dict(sorted(kinds.items())),
        "suite": run.suite.number, "rows": met, "sealed": sum(tally.sealed for tally in run.tallies.values()),
        "quarantined": sum(tally.quarantined for tally in run.tallies.values()), "records": len(run.locations),
        "tables": tables, "quarantine": _set_aside(run),
    }  # fmt: skip


def _set_aside(run: Sealing) -> list[Json]:
    """Quarantined rows by table and reason, most first."""
    counted = Counter((one.table, one.reason) for one in run.quarantine)
    return [{"table": table, "reason": reason, "rows": rows} for (table, reason), rows in counted.most_common()]


def _compartment(
    vault: str, number: int, tier: str, purposes: Sequence[str], retention: str, child_of: int | None, pages: int
) -> Row:
    row: dict[str, str | int] = {"vault": vault, "number": number, "tier": tier, "purposes": ",".join(purposes)}
    return {**row, "retention": retention, "child_of": -1 if child_of is None else child_of, "next_page": pages}


def _schema(vault: str, one: SchemaRow) -> Row:
    told: dict[str, Json] = {"columns": list(one.columns), "places": list(one.places), "home": one.home}
    row: Cells = {"vault": vault, "number": one.number, "tbl": one.table, "compartment": one.compartment}
    return {**row, "columns": canonical.encode(told)}


def _subject(vault: str, run: Sealing, number: int) -> Row:
    owner = run.owners[number]
    members = b"".join(run.owners[one].subject for one in owner.members)
    said = (("objected", owner.facts.objected), (NO_CONTACT, owner.facts.no_contact))
    facts = owner.facts.to_json() | {name: True for name, given in said if given}
    return {"vault": vault, "id": owner.subject, "kind": owner.facts.kind, "slots": pack_slots(owner.slots),
            "facts": canonical.encode(facts), "state": "live", "members": members}  # fmt: skip


def _record(vault: str, segment: str, one: Location) -> Row:
    return {"vault": vault, "subject": one.subject, "record": one.record, "compartment": one.compartment,
            "schema": one.schema, "revision": 1, "row": one.row, "segment": segment, "position": one.position,
            "length": one.length}  # fmt: skip


def _tally(vault: str, run: Sealing, table: str, datamap: DataMap) -> Row:
    tally = run.tallies[table]
    mapped = next(one for one in datamap.tables if one.name == table)
    names = canonical.encode({"columns": [[c.name, c.cls, c.level, c.tier] for c in mapped.columns]})
    return {"vault": vault, "tbl": table, "role": mapped.role, "kind": mapped.kind, "met": tally.met,
            "sealed": tally.sealed, "quarantined": tally.quarantined, "source": mapped.file, "sha256": mapped.sha256,
            "columns": names}  # fmt: skip


def _quarantined(vault: str, number: int, one: Quarantined) -> Row:
    return {"vault": vault, "number": number, "tbl": one.table, "file": one.file, "line": one.line or 0,
            "row": one.row or 0, "reason": one.reason, "detail": one.detail}  # fmt: skip
