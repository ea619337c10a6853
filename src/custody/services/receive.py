"""Receive: verify, take the keys in, check every commitment, answer with a signed receipt (C7)."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import groupby
from operator import itemgetter
from typing import Final

from custody.acts import job, taking
from custody.acts.arriving import Last, Taken, invited, let_in
from custody.acts.came import located, open_all, owners, roll
from custody.acts.commitments import LAYOUT, layout
from custody.acts.depositing import give_out_where_held
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.handing import counterparty
from custody.acts.matters import deal
from custody.acts.recalling import give_back, go_on, told
from custody.acts.slots import high_water
from custody.acts.sole import holding, sole_writer
from custody.acts.taking_more import add
from custody.acts.vault_names import free_name, require_free
from custody.acts.vaults import SUBJECT_BYTES, add_page, new_vault, pack_slots, save_head
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Broken, CustodyError, Malformed
from custody.model.datamap import REFERENCE_COMPARTMENT
from custody.package.contents import SchemaInfo, TableInfo
from custody.package.release import digest, folder_name
from custody.ports.files import Files
from custody.ports.spill import Spill
from custody.ports.store import Row, Transaction
from custody.vault.page import SLOTS, Slots
from custody.vault.suite import suite_of

_RECEIVED: Final = "received"


@sole_writer("deal", "named_deal")
def receive(
    desk: Desk, named_deal: str, source: Files, name: str | None = None, *, dry_run: bool = False
) -> Mapping[str, Json]:
    """Accept the next release: the first into the new vault `name`, a later one into the same vault, a recall out of it.

    Without a name the vault is called `received`, the next ones with a number. Raises Broken with the class of what does not hold; Refused
    `vault.named` where a vault is called so already, `act.unapproved` for a recall that nobody else approved.
    """
    desk.require(("data", "owner"))
    with desk.store.read() as tx:
        matter = deal(desk, tx, named_deal)
        seller = counterparty(tx, str(matter["counterparty"]))
        last = taking.last(desk, tx, str(matter["id"]))
    later = taking.waiting(source, last)
    if last.n and later is None:
        return _again(desk, matter, source, last)
    with desk.store.read() as tx:
        to = invited(desk, tx, str(matter["id"]))
    with let_in(desk, source, seller, matter, to, later or 1, last) as taken:
        if taken.accepted.manifest.kind == "recall":
            return give_back(desk, matter, taken, source, dry_run=dry_run)
        if dry_run:
            return {"deal": str(matter["ref"]), "n": taken.accepted.manifest.n, "would": {"slots": taken.found.opened}}
        return add(desk, matter, taken, source) if last.n else _first(desk, matter, taken, source, name)


def _first(desk: Desk, matter: Row, taken: Taken, source: Files, wanted: str | None) -> Mapping[str, Json]:
    key = f"receive:{matter['id']!s}:{taken.accepted.manifest.n}"
    with desk.store.read() as tx:
        name = wanted or free_name(tx, desk.space, _RECEIVED)
        require_free(tx, desk.space, name)
    begun = job.begin(
        desk, key, "receive", {"receipt": ids.new("rct"), "vault": ids.new("vlt"), "segment": ids.new("dmp")}
    )
    file = f"vaults/{name}/segments/{begun['segment']}.seg"
    taking.copy(desk, taken, source, file)
    everybody = roll(taken)
    open_all(desk, taken, file, everybody)
    with desk.store.write() as tx:  # one commit, streamed: whoever is killed before it has no vault at all
        _keep(desk, tx, taken, str(begun["vault"]), name, str(begun["segment"]), file)
        tx.change("matter", {"vault": str(begun["vault"])}, id=str(matter["id"]))
        held = {**matter, "vault": str(begun["vault"])}
        answered = taking.answer(desk, tx, held, taken, everybody.people, source, (key, str(begun["receipt"])))
    taking.lay(desk, str(matter["id"]), taken.accepted.manifest.n, source)
    # It is received whatever becomes of this: the scheduled run alarms, and the re-seal does it or says why not.
    with suppress(CustodyError), holding(desk, name):
        give_out_where_held(desk, str(begun["vault"]))
    return answered


def _again(desk: Desk, matter: Row, source: Files, last: Last) -> Mapping[str, Json]:
    """Nothing new lies in the folder, and what lies there is what was received: another release is not answered with this receipt."""
    if digest(source.read(f"{folder_name(last.n)}/manifest.json")) != last.digest:
        raise Broken("release.replayed", "A release with this number or a later one was accepted before.", kind="replayed",
                     next="Ask the seller which release is meant; the one received stands.")  # fmt: skip
    with desk.store.write() as tx:
        went = go_on(desk, tx, matter)
    for n in range(1, last.n + 1):  # what was answered again since lay in no folder then
        taking.lay(desk, str(matter["id"]), n, source)
    done = job.finished(desk, f"receive:{matter['id']!s}:{last.n}")
    assert done is not None
    return {**done, **({"recalls": told(went)} if went else {})}


def _keep(desk: Desk, tx: Transaction, taken: Taken, vault: str, name: str, segment: str, file: str) -> None:
    suite = suite_of(taken.contents.suite)
    ring = new_vault(desk, tx, vault, name, suite=suite, datamap=taken.contents.datamap)
    for place, members in _pages(taken.spill):
        add_page(tx, ring, place, Slots(taken.accepted.slots[place], suite), members)
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
         "slots": pack_slots(held), "facts": b"{}", "state": "live", "members": b""} for who, held in owners(taken.spill)
    ))  # fmt: skip
    tx.add("record", located(taken.spill, vault, segment))
    tx.add("tally", [_tally(vault, table) for table in taken.contents.tables])
    head = save_head(tx, ring)
    says: dict[str, Json] = {"vault": vault, "g": 1, "head": head.root.hex(), "next": high_water(tx, vault)}
    append(tx, desk.space, stamp(desk.clock.now()), "taken-in", says, detail={LAYOUT: layout(tx, vault)})


def _pages(spill: Spill) -> Iterator[tuple[tuple[int, int], bytes]]:
    """(compartment and page, whose each slot is) of every page with a delivered key, in order."""
    for place, held in groupby(spill.scan("slot", ("compartment", "page", "slot")), itemgetter(1, 2)):
        inside = {number: who for who, _, _, number in held}
        yield place, b"".join(inside.get(number, bytes(SUBJECT_BYTES)) for number in range(SLOTS))


def _schema(vault: str, schema: SchemaInfo, table: TableInfo) -> Row:
    names = [column.name for column in table.columns]
    if not set(schema.columns) <= set(names):
        raise Malformed("package.descriptor", "A schema of the descriptor has a column that its table has not.")
    told: dict[str, Json] = {"columns": list(schema.columns), "places": [names.index(name) for name in schema.columns],
                             "home": schema.home}  # fmt: skip
    return {"vault": vault, "number": schema.number, "tbl": schema.table, "compartment": schema.compartment,
            "columns": canonical.encode(told)}  # fmt: skip


def _tally(vault: str, table: TableInfo) -> Row:
    told: dict[str, Json] = {"columns": [[c.name, c.cls, c.level, c.tier] for c in table.columns]}
    names = canonical.encode({**told, "residence": table.residence} if table.residence else told)
    return {"vault": vault, "tbl": table.name, "role": table.role, "kind": table.kind, "met": 0, "sealed": 0,
            "quarantined": 0, "source": "", "sha256": "", "columns": names}  # fmt: skip
