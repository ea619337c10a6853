"""Receive: verify, take the keys in, check every commitment, answer with a signed receipt (C7)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from custody.acts import job
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.handing import (
    DESCRIPTOR,
    INVITE,
    LEAVES,
    PACKAGE,
    RECEIVED,
    SEGMENT,
    SHIPPED,
    counterparty,
    own,
    statement_row,
    understood,
)
from custody.acts.matters import deal
from custody.acts.slots import high_water
from custody.acts.sole import sole_writer
from custody.acts.statements import issue
from custody.acts.vaults import Keyring, add_page, new_keyring, pack_slots, save_head, sha256
from custody.base import canonical, ids, merkle
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Broken, Missing
from custody.base.statement import subject as named
from custody.model.datamap import REFERENCE_COMPARTMENT
from custody.model.party import PartyCard
from custody.package import contents as descriptors
from custody.package import frames, leaf
from custody.package.accept import Accepted, Delivered, Expected, accept, delivered
from custody.package.bag import check as check_bag
from custody.package.contents import Contents, SchemaInfo, TableInfo
from custody.package.leaf import Leaf
from custody.package.release import digest, folder_name
from custody.package.release_seal import DealKey
from custody.package.statements import Received, ReleasedStatement, Shipped, TableReceived
from custody.ports.files import Files
from custody.ports.store import Row, Transaction, one
from custody.vault import record as records
from custody.vault.keyring import Head
from custody.vault.page import SLOTS, slot
from custody.vault.payload import unpack
from custody.vault.suite import NO_KEY

FOLDER = folder_name(1)


@dataclass(slots=True)
class _Taken:
    """What the ordered checks let through."""

    contents: Contents
    accepted: Accepted
    found: Delivered
    leaves: list[Leaf]


@sole_writer("deal", "named_deal")
def receive(desk: Desk, named_deal: str, source: Files, name: str) -> Mapping[str, Json]:
    """Accept release 1 into the vault `name`. Raises Broken with the class of what does not hold."""
    desk.require(("data", "owner"))
    with desk.store.read() as tx:
        matter = deal(tx, desk.space, named_deal)
        seller = counterparty(tx, str(matter["counterparty"]))
        held = one(tx, "deal_key", matter=str(matter["id"]))
    key = f"receive:{matter['id']!s}:1"
    if done := job.finished(desk, key):
        with desk.store.read() as tx:
            _same(desk, tx, str(matter["id"]), source)
            source.write(RECEIVED, cast("bytes", statement_row(tx, str(matter["id"]), "received", 1)["envelope"]))
        return done
    if held is None:
        raise Missing("invite.missing", "No invitation was sent for this deal.", next="custody invite SELLER")
    taken = _accept(desk, source, seller, matter, held)
    begun = job.begin(
        desk, key, "receive", {"receipt": ids.new("rct"), "vault": ids.new("vlt"), "segment": ids.new("dmp")}
    )
    file = f"vaults/{name}/segments/{begun['segment']}.seg"
    desk.files.remove(file)  # an attempt that broke off may have left it, and a bucket replaces nothing
    with desk.files.writer(file) as target, source.path(SEGMENT).open("rb") as given:
        while block := given.read(1 << 20):
            target.write(block)
    rows = list(_open_all(desk, taken, file))
    with desk.store.write() as tx:
        _keep(desk, tx, taken, str(begun["vault"]), name, str(begun["segment"]), file, rows)
        tx.change("matter", {"vault": str(begun["vault"])}, id=str(matter["id"]))
        tables = tuple(TableReceived(t.name, t.rows, t.digest, 0) for t in taken.found.tables)
        says = Received(
            deal=str(matter["ref"]), n=1, release=taken.accepted.sha256, package=taken.accepted.manifest.package.id,
            opened=taken.found.opened, zero=taken.found.zero, mismatched=taken.found.mismatched, tables=tables,
        )  # fmt: skip
        receipt = issue(desk, tx, str(matter["id"]), [named("manifest.json", taken.accepted.sha256)], says)
        source.write(RECEIVED, receipt)
        people = {one_leaf.subject for one_leaf in _opened(taken) if one_leaf.compartment != REFERENCE_COMPARTMENT}
        listed: list[Json] = [{"name": t.name, "rows": t.rows, "digest": t.digest} for t in tables]
        result: dict[str, Json] = {
            "id": str(begun["receipt"]), "deal": str(matter["ref"]), "vault": str(begun["vault"]), "subjects": len(people),
            "slots": taken.found.opened, "rows": sum(t.rows for t in tables), "tables": listed,
            "bytes": source.path(SEGMENT).stat().st_size, "sha256": sha256(receipt),
            "ledger": f"{desk.space}@{statement_row(tx, str(matter['id']), 'received')['position']!s}",
        }  # fmt: skip
        return job.finish(tx, key, result)


def _same(desk: Desk, tx: Transaction, matter: str, source: Files) -> None:
    """What lies in the folder now is what was received: another release is not answered with the receipt of the first."""
    said, _ = own(desk, tx, matter, Received)
    if digest(source.read(f"{FOLDER}/manifest.json")) != said.release:
        raise Broken("release.replayed", "A release with this number or a later one was accepted before.", kind="replayed",
                     next="Ask the seller which release is meant; the one received stands.")  # fmt: skip


def _accept(desk: Desk, source: Files, seller: PartyCard, matter: Row, held: Row) -> _Taken:
    """The package whole and signed, then the release through its own ordered door (spec/package.md §5)."""
    shipped = understood(source.read(SHIPPED), Shipped, seller.identity, rehearsal=desk.rehearsal)
    bag = check_bag(source.path(PACKAGE), (shipped.package,))
    if bag.faults or bag.id != shipped.package:
        first = bag.faults[0] if bag.faults else None
        kind, where = (first.kind, {"file": first.file}) if first else ("altered", {"file": "tagmanifest-sha256.txt"})
        raise Broken("package.fault", "The package is not whole.", kind=kind, where=where, next="custody verify FOLDER")
    contents = descriptors.decode(source.read(DESCRIPTOR))
    expected = Expected(
        deal=str(matter["ref"]), seller=seller.identity, buyer=desk.signer.identity.id, key=_key(desk, held),
        invite=sha256(source.read(INVITE)), nonce=cast("bytes", held["nonce"]).hex(), package=shipped.package,
        leaves=shipped.leaves,
    )  # fmt: skip
    data, envelope, enc = (source.read(f"{FOLDER}/{name}") for name in ("manifest.json", "released.dsse.json", "enc"))
    understood(envelope, ReleasedStatement, seller.identity, rehearsal=desk.rehearsal)
    with source.path(f"{FOLDER}/pages.bin").open("rb") as pages:
        accepted = accept(data, envelope, enc, pages, expected)
    lines = source.read(LEAVES).splitlines()
    leaves, hashes = [leaf.decode(line) for line in lines], [merkle.leaf_hash(line) for line in lines]
    if merkle.root(hashes).hex() != shipped.leaves.root:
        raise Broken("package.leaves", "The leaf table is not the one that was signed.", kind="altered")
    found = delivered(zip(leaves, hashes, strict=True), accepted.slots, contents)
    if found.mismatched:
        raise Broken("release.mismatch", "A key is not the one its leaf commits to.", kind="altered")
    return _Taken(contents, accepted, found, leaves)


def _key(desk: Desk, held: Row) -> DealKey:
    ref, blob = desk.keys.create(str(held["matter"]), 1), cast("bytes", held["sealed"])
    size = len(blob) // 3
    return DealKey(b"".join(desk.keys.unwrap(ref, blob[place * size : (place + 1) * size]) for place in range(3)))


def _opened(taken: _Taken) -> Iterator[Leaf]:
    """Leaves whose key was delivered."""
    return (one_leaf for one_leaf in taken.leaves if _dek(taken, one_leaf) != NO_KEY)


def _dek(taken: _Taken, one_leaf: Leaf) -> bytes:
    page = taken.accepted.slots.get(one_leaf.place[:2])
    return NO_KEY if page is None else slot(page, one_leaf.slot)


def _open_all(desk: Desk, taken: _Taken, file: str) -> Iterator[Row]:
    """Open every delivered record once; its row number is read from inside. What was not released is passed over."""
    keys = {(one_leaf.subject, one_leaf.compartment): _dek(taken, one_leaf) for one_leaf in _opened(taken)}
    origin = bytes.fromhex(taken.contents.origin)
    with desk.files.open(file) as source:
        for frame in frames.read(source):
            head = records.parse(frame.sealed)
            dek = keys.get((head.subject, head.compartment))
            if dek is None:
                continue
            _, payload = records.open_record(origin, dek, frame.sealed)
            yield {"subject": head.subject, "record": head.record, "compartment": head.compartment, "schema": head.schema,
                   "revision": head.revision, "row": unpack(payload)[0], "position": frame.offset, "length": len(frame.sealed)}  # fmt: skip


def _keep(
    desk: Desk, tx: Transaction, taken: _Taken, vault: str, name: str, segment: str, file: str, rows: list[Row]
) -> None:
    key, kept = new_keyring(desk, vault, 1)
    ring = Keyring(vault, 1, key, Head(1, 0, b""))
    tx.add("vault", [{"id": vault, "party": desk.space, "name": name, "region": desk.region, "suite": 1, "state": "open",
                      "generation": 1, "keyring": kept, "datamap": taken.contents.datamap}])  # fmt: skip
    by_page: dict[tuple[int, int], dict[int, Leaf]] = {}
    places: dict[bytes, dict[int, tuple[int, int]]] = {}
    for one_leaf in _opened(taken):
        by_page.setdefault((one_leaf.compartment, one_leaf.page), {})[one_leaf.slot] = one_leaf
        places.setdefault(one_leaf.subject, {})[one_leaf.compartment] = (one_leaf.page, one_leaf.slot)
    for place, inside in sorted(by_page.items()):
        members = b"".join(inside[number].subject if number in inside else bytes(16) for number in range(SLOTS))
        add_page(tx, ring, place, taken.accepted.slots[place], members)
    tables = {table.name: table for table in taken.contents.tables}
    tx.add("compartment", [
        {"vault": vault, "number": c.number, "tier": c.tier, "purposes": ",".join(c.purposes), "retention": c.retention,
         "child_of": -1, "next_page": 0} for c in taken.contents.compartments
    ])  # fmt: skip
    tx.add("schema", [_schema(vault, schema, tables[schema.table]) for schema in taken.contents.schemas])
    origin = ids.id_text("vlt", bytes.fromhex(taken.contents.origin))
    about = taken.contents.segments[0]
    tx.add("segment", [{"vault": vault, "id": segment, "origin": origin, "file": file, "bytes": about.bytes,
                        "records": about.records, "sha256": about.sha256}])  # fmt: skip
    tx.add("subject", (
        {"vault": vault, "id": who, "kind": "reference" if REFERENCE_COMPARTMENT in held else "customer",
         "slots": pack_slots(held), "facts": b"{}", "state": "live", "members": b""} for who, held in places.items()
    ))  # fmt: skip
    tx.add("record", ({"vault": vault, "segment": segment, **row} for row in rows))
    tx.add("tally", [_tally(vault, table) for table in taken.contents.tables])
    head = save_head(tx, ring)
    says: dict[str, Json] = {"vault": vault, "g": 1, "head": head.root.hex(), "next": high_water(tx, vault)}
    append(tx, desk.space, stamp(desk.clock.now()), "taken-in", says)


def _schema(vault: str, schema: SchemaInfo, table: TableInfo) -> Row:
    names = [column.name for column in table.columns]
    told: dict[str, Json] = {"columns": list(schema.columns), "places": [names.index(name) for name in schema.columns],
                             "home": schema.home}  # fmt: skip
    return {"vault": vault, "number": schema.number, "tbl": schema.table, "compartment": schema.compartment,
            "columns": canonical.encode(told)}  # fmt: skip


def _tally(vault: str, table: TableInfo) -> Row:
    names = canonical.encode({"columns": [[c.name, c.cls, c.level, c.tier] for c in table.columns]})
    return {"vault": vault, "tbl": table.name, "role": table.role, "kind": table.kind, "met": 0, "sealed": 0,
            "quarantined": 0, "source": "", "sha256": "", "columns": names}  # fmt: skip
