"""Ship: copy the cleared ciphertext into a package, unreadable until keys follow (C6, a gated act of its own)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from custody.acts import job
from custody.acts.approval import content_hash, demand
from custody.acts.deciding import Verdicts, decide
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.handing import INVITE, PACKAGE, SHIPPED, counterparty, invitation, predicate, statement_row
from custody.acts.matters import EVERYBODY, EVERYTHING, deal, evidence_of, facts_of, require_hand_over
from custody.acts.statements import issue
from custody.acts.vaults import open_keyring, sha256, slots_of
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Refused
from custody.base.statement import subject as named
from custody.law.gate import Gate
from custody.law.pack import Packs, load
from custody.package import bag, leaf
from custody.package.leaf import Leaf, LeafRecord
from custody.ports.files import Files
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction
from custody.vault.audit import leaf_commitment
from custody.vault.page import slot
from custody.vault.segment import SegmentWriter
from custody.vault.suite import NO_KEY, commitment

SEGMENT = "data/segments/0001.seg"


@dataclass(frozen=True, slots=True)
class _Plan:
    matter: Row
    gate: Row
    verdicts: Verdicts
    cleared: frozenset[tuple[bytes, int]]
    content: str


def ship(desk: Desk, laws: Laws, named_deal: str, out: Files, *, dry_run: bool = False) -> Mapping[str, Json]:
    """Write the package into `out`. Raises Refused `gate.*`, `party.unconfirmed`, `act.unapproved`."""
    desk.require(("data", "owner"))
    packs = load(laws.rules(), laws.facts(), laws.version())
    with desk.store.read() as tx:
        matter = deal(tx, desk.space, named_deal)
        key = f"ship:{matter['id']}:{matter['version']}"
    if (done := job.finished(desk, key)) and not dry_run:
        return done
    with desk.store.read() as tx:
        plan = _plan(desk, tx, packs, named_deal)
        buyer = counterparty(tx, str(plan.matter["counterparty"]))
        invited = invitation(out.read(INVITE), buyer, desk.card)
        counts: dict[str, Json] = {"deal": str(plan.matter["ref"]), "subjects": len({one for one, _ in plan.cleared})}
        if dry_run:
            return {**counts, "would": {"approve": ["ship", plan.content]}}
        demand(desk, tx, "ship", plan.content)
        begun = job.begin(desk, key, "ship", {"package": ids.new("pkg"), "segment": ids.new("dmp")})
        leaves, records, size = _segment(desk, tx, plan, str(begun["segment"]), out)
        _bag(desk, tx, plan, leaves, out, str(begun["package"]))
    package = bag.bag_id(out.path(PACKAGE))
    with desk.store.write() as tx:
        told: dict[str, Json] = {
            "deal": str(plan.matter["ref"]), "package": package, "buyer": buyer.identity.id, "invite": invited.sha256,
            "leaves": {"root": leaf.root(leaves), "count": len(leaves)}, "gate": str(predicate(plan.gate, desk)["root"]),
            "records": records, "vault": str(plan.matter["vault"]),
        }  # fmt: skip
        envelope = issue(desk, tx, str(plan.matter["id"]), "shipped", [named("package", package)], told)
        append(tx, desk.space, stamp(desk.clock.now()), "shipped", {"package": package, "records": records})
        out.write(SHIPPED, envelope)
        result: dict[str, Json] = {**counts, "id": str(begun["package"]), "rows": records, "bytes": size, "sha256": package,
                                   "ledger": f"{desk.space}@{statement_row(tx, str(plan.matter['id']), 'shipped')['position']}"}  # fmt: skip
        return job.finish(tx, key, result)


def _plan(desk: Desk, tx: Transaction, packs: Packs, named_deal: str) -> _Plan:
    matter = deal(tx, desk.space, named_deal)
    facts = facts_of(tx, str(matter["id"]))
    require_hand_over(matter, facts)
    gate = statement_row(tx, str(matter["id"]), "gate")
    verdicts = decide(tx, matter, packs, desk.clock.now().date())
    if predicate(gate, desk)["root"] != verdicts.root():
        raise Refused("gate.stale", "Facts or answers changed since the gate decided.", next="custody gate DEAL")
    held = evidence_of(tx, str(matter["id"])).get(EVERYBODY, {}).get(EVERYTHING, set())
    shut = Gate(packs, facts, desk.clock.now().date()).blocked("ship", frozenset(held))
    if shut:
        names = ", ".join(rule.id for rule in shut)
        raise Refused("gate.shut", f"Not yet: {names}.", next="Put the evidence these rules ask for on file.")
    cleared = frozenset(key for key, number in verdicts.of.items() if verdicts.decisions[number].verdict == "hand_over")
    content = content_hash({"act": "ship", "deal": str(matter["id"]), "root": verdicts.root(), "cleared": len(cleared)})
    return _Plan(matter, gate, verdicts, cleared, content)


def _segment(desk: Desk, tx: Transaction, plan: _Plan, segment: str, out: Files) -> tuple[list[Leaf], int, int]:
    """The filtered copy: kept records only, byte for byte; their leaves, counted."""
    vault = str(plan.matter["vault"])
    kept: dict[tuple[bytes, int], list[LeafRecord]] = defaultdict(list)
    with out.writer(f"{PACKAGE}/{SEGMENT}") as target:
        writer = SegmentWriter(target, ids.id_bytes(vault), ids.id_bytes(segment))
        for row, sealed in _records(desk, tx, vault, plan.cleared):
            at = writer.records
            writer.add(sealed)
            made = LeafRecord(_int(row, "record"), _int(row, "revision"), _int(row, "schema"), at, sha256(sealed)[7:])
            kept[cast("bytes", row["subject"]), _int(row, "compartment")].append(made)
        writer.close()
    return _leaves(desk, tx, plan, kept), writer.records, writer.size


def _records(
    desk: Desk, tx: Transaction, vault: str, cleared: frozenset[tuple[bytes, int]]
) -> Iterator[tuple[Row, bytes]]:
    for segment in tx.find("segment", order=("id",), vault=vault):
        with desk.files.path(str(segment["file"])).open("rb") as source:
            for row in tx.scan("record", order=("position",), vault=vault, segment=str(segment["id"])):
                if (row["subject"], row["compartment"]) in cleared:
                    source.seek(_int(row, "position"))
                    yield row, source.read(_int(row, "length"))


def _leaves(
    desk: Desk, tx: Transaction, plan: _Plan, kept: Mapping[tuple[bytes, int], Sequence[LeafRecord]]
) -> list[Leaf]:
    ring = open_keyring(desk, tx, str(plan.matter["vault"]))
    pages: dict[tuple[int, int], bytearray] = {}
    made = []
    for (subject, compartment), records in kept.items():
        page, place = plan.verdicts.places[subject][compartment]
        if (compartment, page) not in pages:
            pages[compartment, page] = slots_of(tx, ring, compartment, page)
        dek = slot(pages[compartment, page], place)
        if dek == NO_KEY:
            raise Refused("ship.erased", "A cleared customer was erased meanwhile.", next="custody gate DEAL")
        decision = plan.verdicts.decisions[plan.verdicts.of[subject, compartment]]
        blinded = leaf_commitment(dek, decision.verdict, ",".join(decision.rules)).hex()
        listed = tuple(records)
        made.append(Leaf(compartment, page, place, subject.hex(), commitment(dek).hex(), listed, blinded))
    return sorted(made, key=lambda one: one.place)


def _bag(desk: Desk, tx: Transaction, plan: _Plan, leaves: Sequence[Leaf], out: Files, package: str) -> None:
    vault = str(plan.matter["vault"])
    out.write(f"{PACKAGE}/data/leaves.jsonl", b"".join(one.encode() + b"\n" for one in leaves))
    out.write(f"{PACKAGE}/data/datapackage.json", canonical.encode(_descriptor(tx, vault, package)))
    gate = cast("bytes", plan.gate["envelope"])
    out.write(f"{PACKAGE}/data/statements/gate.dsse.json", gate)
    names = ("data/datapackage.json", "data/leaves.jsonl", SEGMENT, "data/statements/gate.dsse.json")
    payload = {name: bag.file_sha256(out.path(f"{PACKAGE}/{name}")) for name in names}
    fields = {"Source-Organization": desk.card.id, "External-Identifier": package, "Custody-Deal": str(plan.matter["ref"]),
              "Payload-Oxum": f"{sum(out.path(f'{PACKAGE}/{name}').stat().st_size for name in names)}.{len(names)}"}  # fmt: skip
    tags = {"bagit.txt": bag.DECLARATION, "bag-info.txt": bag.info(fields), bag.MANIFEST: bag.manifest(payload)}
    for name, data in tags.items():
        out.write(f"{PACKAGE}/{name}", data)
    out.write(f"{PACKAGE}/{bag.TAGS}", bag.manifest({name: sha256(data)[7:] for name, data in tags.items()}))


def _descriptor(tx: Transaction, vault: str, package: str) -> dict[str, Json]:
    tables: list[Json] = []
    for row in tx.find("tally", order=("tbl",), vault=vault):
        told = cast("dict[str, list[list[str]]]", canonical.decode(cast("bytes", row["columns"])))
        fields: list[Json] = [{"name": name, "custody:class": cls} for name, cls in told["columns"]]
        tables.append({
            "name": str(row["tbl"]), "custody:role": str(row["role"]), "schema": {"fields": fields}, "rows": _int(row, "met"),
            "quarantined": _int(row, "quarantined"), "path": SEGMENT,
        })  # fmt: skip
    schemas: list[Json] = []
    for row in tx.find("schema", order=("number",), vault=vault):
        told_schema = cast("dict[str, Json]", canonical.decode(cast("bytes", row["columns"])))
        schemas.append(
            {
                "number": _int(row, "number"),
                "table": str(row["tbl"]),
                "compartment": _int(row, "compartment"),
                **told_schema,
            }
        )
    kept: list[Json] = [
        {"number": _int(row, "number"), "tier": str(row["tier"]), "purposes": str(row["purposes"]), "retention": str(row["retention"]),
         "child_of": _int(row, "child_of")} for row in tx.find("compartment", order=("number",), vault=vault)
    ]  # fmt: skip
    return {"$schema": "https://datapackage.org/profiles/2.0/datapackage.json", "name": package.lower(), "id": package,
            "resources": tables, "custody:schemas": schemas, "custody:compartments": kept, "custody:vault": vault}  # fmt: skip


def _int(row: Row, name: str) -> int:
    return cast("int", row[name])
