"""Receive: verify, take the keys in, check every commitment, answer with a signed receipt (C7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from custody.acts import job
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.handing import PACKAGE, RECEIVED, SHIPPED, counterparty, read_leaves, statement_row
from custody.acts.matters import deal
from custody.acts.sealing import pack_slots
from custody.acts.statements import issue
from custody.acts.vaults import Keyring, add_page, new_keyring, save_head, sha256
from custody.base import canonical, dsse, ids
from custody.base.canonical import Json, b64
from custody.base.clock import stamp
from custody.base.errors import Broken
from custody.base.statement import subject as named
from custody.model.datamap import REFERENCE_COMPARTMENT
from custody.model.party import PartyCard
from custody.package import bag, leaf
from custody.package.frames import Frame, frames
from custody.package.leaf import Leaf
from custody.package.release import parse, read_pages
from custody.package.release_seal import Binding, DealKey, open_page, release_key
from custody.ports.files import Files
from custody.ports.store import Row, Transaction, one
from custody.vault.keyring import Head
from custody.vault.page import SLOTS, slot
from custody.vault.payload import unpack
from custody.vault.record import open_record
from custody.vault.suite import NO_KEY, commitment

SEGMENT = f"{PACKAGE}/data/segments/0001.seg"


@dataclass(slots=True)
class Accepted:
    """What the ordered checks let through: opened slots, counts, and what the statements said."""

    manifest: Mapping[str, Json]
    manifest_hash: str
    leaves: list[Leaf]
    deks: dict[tuple[int, int, int], bytes]
    zero: int


def receive(desk: Desk, named_deal: str, source: Files, name: str) -> Mapping[str, Json]:
    """Accept release 1 into the vault `name`. Raises Broken with the class of what does not hold."""
    desk.require(("data", "owner"))
    with desk.store.read() as tx:
        matter = deal(tx, desk.space, named_deal)
        seller = counterparty(tx, str(matter["counterparty"]))
        key = f"receive:{matter['id']}:1"
        held = one(tx, "deal_key", matter=str(matter["id"]))
    if done := job.finished(desk, key):
        source.write(RECEIVED, _receipt(desk, str(matter["id"])))
        return done
    assert held is not None
    taken = _accept(desk, source, seller, held)
    begun = job.begin(
        desk, key, "receive", {"receipt": ids.new("rct"), "vault": ids.new("vlt"), "segment": ids.new("dmp")}
    )
    file = f"vaults/{name}/segments/{begun['segment']}.seg"
    with desk.files.writer(file) as target, source.path(SEGMENT).open("rb") as given:
        while block := given.read(1 << 20):
            target.write(block)
    descriptor = cast("dict[str, Json]", canonical.decode(source.read(f"{PACKAGE}/data/datapackage.json")))
    places = _places(taken, list(frames(desk.files.path(file))))
    tables = _tables(desk, taken, descriptor, file, places)
    with desk.store.write() as tx:
        vault = str(begun["vault"])
        _keep(desk, tx, taken, descriptor, vault, name, str(begun["segment"]), file, places)
        tx.change("matter", {"vault": vault}, id=str(matter["id"]))
        told: dict[str, Json] = {
            "deal": str(taken.manifest["deal"]), "n": 1, "release": taken.manifest_hash,
            "package": str(cast("Mapping[str, Json]", taken.manifest["package"])["id"]), "opened": len(taken.deks),
            "zero": taken.zero, "mismatched": 0, "tables": tables,
        }  # fmt: skip
        receipt = issue(desk, tx, str(matter["id"]), "received", [named("release", taken.manifest_hash)], told)
        append(
            tx,
            desk.space,
            stamp(desk.clock.now()),
            "received",
            {"release": taken.manifest_hash, "opened": len(taken.deks)},
        )
        source.write(RECEIVED, receipt)
        people = {
            one.subject for one in taken.leaves if one.place in taken.deks and one.compartment != REFERENCE_COMPARTMENT
        }
        result: dict[str, Json] = {
            "id": str(begun["receipt"]), "deal": str(taken.manifest["deal"]), "vault": vault, "subjects": len(people),
            "slots": len(taken.deks), "rows": sum(cast("int", t["rows"]) for t in tables), "tables": tables,
            "bytes": source.path(SEGMENT).stat().st_size, "sha256": sha256(receipt),
            "ledger": f"{desk.space}@{statement_row(tx, str(matter['id']), 'received')['position']}",
        }  # fmt: skip
        return job.finish(tx, key, result)


def _accept(desk: Desk, source: Files, seller: PartyCard, held: Row) -> Accepted:
    """The ordered door of D3; each step uses only what the steps before it let through."""
    trusted = {seller.identity.id: seller.identity}
    shipped = dsse.open_envelope(source.read(SHIPPED), trusted).predicate
    released = dsse.open_envelope(source.read("release-0001/released.dsse.json"), trusted).predicate
    faults = bag.check(source.path(PACKAGE))
    if faults:
        raise Broken("package.fault", faults[0].text, kind=faults[0].kind, where={"file": faults[0].file})
    package = bag.bag_id(source.path(PACKAGE))
    data, seal, packed = (source.read(f"release-0001/{name}") for name in ("manifest.json", "seal.bin", "pages.bin"))
    if (sha256(data), sha256(seal), sha256(packed)) != (released["manifest"], released["seal"], released["pages"]):
        raise Broken("release.altered", "The release is not the one the statement names.", kind="altered")
    manifest = parse(data)
    recipient = cast("Mapping[str, Json]", manifest["recipient"])
    mine = recipient["nonce"] == b64(cast("bytes", held["nonce"])) and manifest["buyer"] == desk.signer.identity.id
    if not mine or recipient["key_id"] != sha256(cast("bytes", held["public"])):
        raise Broken("release.recipient", "This release is for another buyer or another invitation.", kind="recipient")
    if manifest["n"] != 1 or manifest["previous"] is not None:
        raise Broken("release.order", "This is not the release that comes next.", kind="replayed")
    if {shipped["package"], cast("Mapping[str, Json]", manifest["package"])["id"]} != {package}:
        raise Broken("release.package", "The release is for another package.", kind="chain")
    leaves = read_leaves(source)
    stated = cast("Mapping[str, Json]", manifest["leaves"])
    if stated != {"root": leaf.root(leaves), "count": len(leaves)}:
        raise Broken("package.leaves", "The leaf table is not the one that was signed.", kind="altered")
    deks, zero = _open(desk, held, manifest, data, seal, packed, leaves)
    return Accepted(manifest, sha256(data), leaves, deks, zero)


def _open(
    desk: Desk, held: Row, manifest: Mapping[str, Json], data: bytes, seal: bytes, packed: bytes, leaves: Sequence[Leaf]
) -> tuple[dict[tuple[int, int, int], bytes], int]:
    ref = desk.keys.create(f"deal-key:{_counter(desk, held)}", 1)
    blob = cast("bytes", held["sealed"])
    size = len(blob) // 3
    key = DealKey(b"".join(desk.keys.unwrap(ref, blob[place * size : (place + 1) * size]) for place in range(3)))
    origin = cast("Mapping[str, Json]", manifest["origin"])
    bound = Binding(1, ids.id_bytes(str(origin["vault"])), str(manifest["deal"]), 1)
    opened_key = release_key(key.open(seal, data), b"", bound)
    stated = {(p["compartment"], p["page"]): p["sha256"] for p in cast("list[dict[str, Json]]", manifest["pages"])}
    commitments = {one.place: one.commitment for one in leaves}
    deks: dict[tuple[int, int, int], bytes] = {}
    zero = 0
    for page in read_pages(packed):
        if stated.get((page.compartment, page.page)) != sha256(page.sealed)[7:]:
            raise Broken("release.page", "A page is not the one the manifest names.", kind="altered")
        slots = open_page(opened_key, bound, page.compartment, page.page, page.sealed)
        for number in range(SLOTS):
            dek, place = slot(slots, number), (page.compartment, page.page, number)
            if dek == NO_KEY:
                zero += 1
            elif commitments.get(place) != commitment(dek).hex():
                raise Broken("release.commitment", "A key is not the one the leaf commits to.", kind="altered")
            else:
                deks[place] = dek
    return deks, zero


def _places(taken: Accepted, found: Sequence[Frame]) -> dict[tuple[str, int], list[Frame]]:
    """{(subject, compartment): frames} of what was delivered; what was not stays closed and is not located."""
    delivered = {(one.subject, one.compartment) for one in taken.leaves if one.place in taken.deks}
    places: dict[tuple[str, int], list[Frame]] = {}
    for frame in found:
        key = (frame.subject.hex(), frame.compartment)
        if key in delivered:
            places.setdefault(key, []).append(frame)
    return places


def _tables(
    desk: Desk,
    taken: Accepted,
    descriptor: Mapping[str, Json],
    file: str,
    places: Mapping[tuple[str, int], Sequence[Frame]],
) -> list[dict[str, Json]]:
    """Per table: rows that open, the digest over its delivered leaves, rows that do not unpack (differing)."""
    delivered = [one for one in taken.leaves if one.place in taken.deks]
    by_leaf = {(one.subject, one.compartment): taken.deks[one.place] for one in delivered}
    origin = ids.id_bytes(str(descriptor["custody:vault"]))
    home: dict[int, str] = {}
    schemas: dict[str, list[int]] = {}
    for one_schema in cast("list[dict[str, Json]]", descriptor["custody:schemas"]):
        number, table = cast("int", one_schema["number"]), str(one_schema["table"])
        schemas.setdefault(table, []).append(number)
        if one_schema["home"]:
            home[number] = table
    rows: dict[str, set[int]] = {table: set() for table in schemas}
    with desk.files.path(file).open("rb") as source:
        for key, found in places.items():
            for frame in found:
                source.seek(frame.offset)
                _, payload = open_record(origin, by_leaf[key], source.read(frame.length))
                row, _ = unpack(payload)
                if frame.schema in home:
                    rows[home[frame.schema]].add(row)
    return [
        {"name": table, "rows": len(rows[table]), "digest": leaf.table_digest(delivered, numbers), "differing": 0}
        for table, numbers in sorted(schemas.items())
    ]


def _keep(
    desk: Desk, tx: Transaction, taken: Accepted, descriptor: Mapping[str, Json], vault: str, name: str, segment: str,
    file: str, places: Mapping[tuple[str, int], Sequence[Frame]],
) -> None:  # fmt: skip
    key, kept = new_keyring(desk, vault, 1)
    ring = Keyring(vault, 1, key, Head(1, 0, b""))
    tx.add("vault", [{"id": vault, "party": desk.space, "name": name, "region": "CN", "suite": 1, "state": "open",
                      "generation": 1, "keyring": kept, "datamap": ""}])  # fmt: skip
    by_page: dict[tuple[int, int], dict[int, tuple[bytes, bytes]]] = {}
    slots: dict[str, dict[int, tuple[int, int]]] = {}
    for one_leaf in taken.leaves:
        if one_leaf.place in taken.deks:
            subject = bytes.fromhex(one_leaf.subject)
            by_page.setdefault((one_leaf.compartment, one_leaf.page), {})[one_leaf.slot] = (
                taken.deks[one_leaf.place],
                subject,
            )
            slots.setdefault(one_leaf.subject, {})[one_leaf.compartment] = (one_leaf.page, one_leaf.slot)
    for place, inside in sorted(by_page.items()):
        deks = b"".join(inside.get(number, (NO_KEY, b""))[0] for number in range(SLOTS))
        members = b"".join(inside.get(number, (b"", bytes(16)))[1] for number in range(SLOTS))
        add_page(tx, ring, place, deks, members)
    tx.add(
        "compartment",
        [_compartment(vault, row) for row in cast("list[dict[str, Json]]", descriptor["custody:compartments"])],
    )
    tx.add("schema", [_schema(vault, row) for row in cast("list[dict[str, Json]]", descriptor["custody:schemas"])])
    origin = str(descriptor["custody:vault"])
    tx.add(
        "segment",
        [{"vault": vault, "id": segment, "origin": origin, "file": file, "bytes": 0, "records": 0, "sha256": ""}],
    )
    tx.add("subject", (
        {"vault": vault, "id": bytes.fromhex(who), "kind": "reference" if REFERENCE_COMPARTMENT in held else "customer",
         "slots": pack_slots(held), "facts": b"{}", "state": "live", "members": b""} for who, held in slots.items()
    ))  # fmt: skip
    tx.add("record", (
        {"vault": vault, "subject": frame.subject, "record": frame.record, "compartment": frame.compartment,
         "schema": frame.schema, "revision": frame.revision, "row": 0, "segment": segment, "position": frame.offset,
         "length": frame.length} for found in places.values() for frame in found
    ))  # fmt: skip
    tx.add("tally", [_tally(vault, row) for row in cast("list[dict[str, Json]]", descriptor["resources"])])
    save_head(tx, ring)


def _compartment(vault: str, row: Mapping[str, Json]) -> Row:
    texts = {name: str(row[name]) for name in ("tier", "purposes", "retention")}
    numbers = {name: cast("int", row[name]) for name in ("number", "child_of")}
    return {"vault": vault, "next_page": 0, **texts, **numbers}


def _schema(vault: str, row: Mapping[str, Json]) -> Row:
    told = {name: row[name] for name in ("columns", "places", "home")}
    return {"vault": vault, "number": cast("int", row["number"]), "tbl": str(row["table"]),
            "compartment": cast("int", row["compartment"]), "columns": canonical.encode(told)}  # fmt: skip


def _tally(vault: str, row: Mapping[str, Json]) -> Row:
    fields = cast("list[dict[str, str]]", cast("Mapping[str, Json]", row["schema"])["fields"])
    names = canonical.encode({"columns": [[one["name"], one["custody:class"]] for one in fields]})
    return {"vault": vault, "tbl": str(row["name"]), "role": str(row["custody:role"]), "kind": "", "met": cast("int", row["rows"]),
            "sealed": 0, "quarantined": cast("int", row["quarantined"]), "source": "", "sha256": "", "columns": names}  # fmt: skip


def _counter(desk: Desk, held: Row) -> str:
    with desk.store.read() as tx:
        row = one(tx, "matter", id=str(held["matter"]))
    assert row is not None
    return str(row["counterparty"])


def _receipt(desk: Desk, matter: str) -> bytes:
    with desk.store.read() as tx:
        return cast("bytes", statement_row(tx, matter, "received", 1)["envelope"])
