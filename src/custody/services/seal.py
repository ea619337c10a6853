"""Seal: every row of the mapped sources into the vault, or into quarantine; counted, re-read and proved (A1, C8)."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Final

from custody.acts import job
from custody.acts.commitments import LAYOUT, layout
from custody.acts.desk import Desk
from custody.acts.earlier_noes import TABLE, gather, recognised
from custody.acts.earlier_noes import people as people_of
from custody.acts.earlier_noes import rows as rows_of
from custody.acts.evidence import append
from custody.acts.keeping_out import keep_out
from custody.acts.paper_sheets import sheets_of
from custody.acts.residency import require_own
from custody.acts.rows import Value, pick, rows
from custody.acts.sealing import Location, SchemaRow, Sealing
from custody.acts.settling import people, place_all, records, sort_out
from custody.acts.slots import high_water
from custody.acts.sole import sole_writer
from custody.acts.suppressing import has_grown, listed
from custody.acts.vault_names import require_name
from custody.acts.vaults import UNTRIED, open_keyring, require_suite, save_head, writes_in
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed, Missing, Refused, Unavailable
from custody.classify.datamap import digest, from_yaml
from custody.model.datamap import DataMap
from custody.ports.source import Quarantined, Source, TableHead
from custody.ports.spill import Spill
from custody.ports.store import Cells, Row, Transaction, one
from custody.vault.payload import pack
from custody.vault.record import open_record
from custody.vault.segment import SegmentWriter

_TRIES: Final = 3
"""How often it begins anew because somebody came on the suppression list."""
SEALERS: Final = ("data", "owner")


@sole_writer("new", "name")
def seal(desk: Desk, text: str, targets: Sequence[str], name: str, *, suite: int | None = None) -> Mapping[str, Json]:
    """Seal the sources of a signed data map into the new vault `name`. Resumes: a finished one is returned as it was.

    The vault was made before, and its recovery sheets were tried, or an owner chose to do without. A vault takes data once.
    `suite`, when said, must be the one it writes in. Who comes on the suppression list meanwhile is kept out too: it begins anew then.
    Raises Refused `seal.untried`, `vault.suite-other`, `vault.taken`, `residency.*`, Unavailable `seal.list-grows`.
    """
    desk.require(SEALERS)
    require_name(name)
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
        safe = empty is not None and empty["state"] != UNTRIED and sheets_of(desk, tx, empty).lasting
    if empty is None or not safe:
        raise Refused("seal.untried", "Nobody has tried recovery sheets of the key that this vault stands under.",
                      next=f"custody vault new {name}, custody recovery print --vault {name}, then custody recovery test")  # fmt: skip
    if suite is not None:
        require_suite(empty, suite)
    require_own(desk)
    plan = job.begin(desk, key, "seal", {"segment": ids.new("dmp")})
    for _ in range(_TRIES):
        if (counts := _attempt(desk, datamap, targets, empty, (key, signed, str(plan["segment"])))) is not None:
            return counts
    raise Unavailable("seal.list-grows", "Each time it was sealed, somebody came on the suppression list meanwhile.", retry=True,
                      next="custody seal DATAMAP --vault NAME, when nobody adds to the list.")  # fmt: skip


def _attempt(
    desk: Desk, datamap: DataMap, targets: Sequence[str], empty: Row, named: tuple[str, str, str]
) -> Mapping[str, Json] | None:
    """What was sealed; None, and nothing is kept, when the suppression list has grown since the sources were held against it."""
    (key, signed, segment), vault, name, used = named, str(empty["id"]), str(empty["name"]), writes_in(empty)
    file = f"vaults/{name}/segments/{segment}.seg"
    with desk.spills.open() as spill:
        with _connected(desk, datamap, targets) as found:
            run = Sealing(datamap, found, spill, ids.id_bytes(vault), desk.clock.now().date(), used)
            run.learn()
            on_list = listed(desk)
            suppressed = keep_out(run, datamap, on_list) if on_list else {}
            with desk.store.read() as tx:
                earlier = gather(desk, tx)
            again = recognised(run, datamap, earlier) if earlier else {}
            desk.files.remove(file)  # an attempt that broke off may have left it, and a bucket replaces nothing
            with desk.files.writer(file) as target:
                writer = SegmentWriter(target, ids.id_bytes(vault), ids.id_bytes(segment), used)
                run.run(writer)
                sha = writer.close()
            _prove(desk, run, datamap, file, ids.id_bytes(vault))
        kinds = sort_out(run, spill)
        place: dict[str, str | int] = {
            "id": segment,
            "file": file,
            "sha256": sha,
            "records": writer.records,
            "bytes": writer.size,
        }
        counts = _counts(run, vault, name, kinds)
        with desk.store.write() as tx:
            if has_grown(desk, tx, on_list):
                return None
            along = list(rows_of(run, vault, earlier, again)) if earlier else []
            tx.add(TABLE, along)
            told: dict[str, Json] = {"noes_along": people_of(along)} if along else {}
            told |= {"noes_unread": earlier.unread} if earlier and earlier.unread else {}
            _keep(desk, tx, (run, spill), datamap, vault, signed, place, {**counts, **told})
            return job.finish(tx, key, {**counts, **told, "suppressed": dict(suppressed)})


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
    """Read the sources once more, side by side with the segment: each packed row must equal the payload that the vault opens."""
    schemas, places = {schema.number: schema for schema in run.schemas}, run.places()
    here = next(places, None)
    with desk.files.local(file) as path, path.open("rb") as sealed:
        for table in datamap.tables:
            for row, values in _again(run, table.name):
                while here is not None and here.row == row and _is_of(schemas, here, table.name):
                    sealed.seek(here.position)
                    dek = run.crowd.get(here.owner).deks[here.compartment]
                    _, payload = open_record(origin, dek, sealed.read(here.length))
                    if payload != pack(row, pick(values, schemas[here.schema].places)):
                        where: dict[str, str | int] = {"table": table.name, "row": row}
                        raise Malformed("source.moved", "A source changed while it was sealed.", where=where)
                    here = next(places, None)
    if left := sum(1 for one in chain([here] if here else [], places) if one.schema):
        raise Malformed("source.moved", "A source lost rows while it was sealed.", where={"rows": left})


def _is_of(schemas: Mapping[int, SchemaRow], here: Location, table: str) -> bool:
    return here.schema in schemas and schemas[here.schema].table == table


def _again(run: Sealing, table: str) -> Iterator[tuple[int, tuple[Value, ...]]]:
    for batch in run.reread(table):
        yield from rows(batch)


def _keep(
    desk: Desk, tx: Transaction, made: tuple[Sealing, Spill], datamap: DataMap, vault: str, signed: str,
    segment: Mapping[str, str | int], counts: Mapping[str, Json],
) -> None:  # fmt: skip
    (run, spill), now = made, stamp(desk.clock.now())
    ring = open_keyring(desk, tx, vault)
    tx.change("vault", {"datamap": signed}, id=vault)
    pages = place_all(tx, ring, spill, run.suite)
    tx.add("compartment", [_compartment(vault, one.number, one.tier, one.purposes, one.retention, one.child_of,
                                        pages.get(one.number, 0)) for one in datamap.compartments])  # fmt: skip
    tx.add("schema", (_schema(vault, one) for one in run.schemas))
    tx.add("subject", people(spill, vault))
    tx.add("segment", [{"vault": vault, "origin": vault, **segment}])
    tx.add("record", records(spill, vault, str(segment["id"])))
    tx.add("tally", [_tally(vault, run, table.name, datamap) for table in datamap.tables])
    tx.add("quarantine", (_quarantined(vault, number, one) for number, one in enumerate(run.rejects.all())))
    files = {table.file: table.sha256 for table in datamap.tables}
    tx.add(
        "copy",
        [
            {"vault": vault, "name": file, "kind": "source", "sha256": sha, "account": b""}
            for file, sha in files.items()
        ],
    )
    head = save_head(tx, ring)
    says: dict[str, Json] = {"vault": vault, "head": head.root.hex(), "g": ring.generation, "records": run.records,
                             "segment": str(segment["sha256"]), "datamap": signed, "suite": run.suite.number, "next": high_water(tx, vault)}  # fmt: skip
    append(tx, desk.space, now, "sealed", says, detail={**counts, LAYOUT: layout(tx, vault)})


def _counts(run: Sealing, vault: str, name: str, kinds: Mapping[str, int]) -> dict[str, Json]:
    tables: list[Json] = [
        {"name": table, "rows": tally.met, "sealed": tally.sealed, "quarantined": tally.quarantined}
        for table, tally in run.tallies.items()
    ]
    met = sum(tally.met for tally in run.tallies.values())
    return {
        "vault": vault, "name": name, "customers": kinds.get("customer", 0), "subjects": dict(sorted(kinds.items())),
        "suite": run.suite.number, "rows": met, "sealed": sum(tally.sealed for tally in run.tallies.values()),
        "quarantined": sum(tally.quarantined for tally in run.tallies.values()), "records": run.records,
        "tables": tables, "quarantine": _set_aside(run),
    }  # fmt: skip


def _set_aside(run: Sealing) -> list[Json]:
    """Quarantined rows by table and reason, most first."""
    return [
        {"table": table, "reason": reason, "rows": rows} for (table, reason), rows in run.rejects.counts.most_common()
    ]


def _compartment(
    vault: str, number: int, tier: str, purposes: Sequence[str], retention: str, child_of: int | None, pages: int
) -> Row:
    row: dict[str, str | int] = {"vault": vault, "number": number, "tier": tier, "purposes": ",".join(purposes)}
    return {**row, "retention": retention, "child_of": -1 if child_of is None else child_of, "next_page": pages}


def _schema(vault: str, one: SchemaRow) -> Row:
    told: dict[str, Json] = {"columns": list(one.columns), "places": list(one.places), "home": one.home}
    row: Cells = {"vault": vault, "number": one.number, "tbl": one.table, "compartment": one.compartment}
    return {**row, "columns": canonical.encode(told)}


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
