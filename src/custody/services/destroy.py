"""Destroy the seller's copy: shred the delivered slots, change the root, certify what was proven and attested (C9)."""

from collections import defaultdict
from collections.abc import Mapping
from typing import cast

from custody.acts import job
from custody.acts.approval import content_hash, demand
from custody.acts.counter import next_number
from custody.acts.deciding import by_verdict, decide
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.handing import DESTROYED, predicate, read_leaves, statement_row
from custody.acts.matters import deal
from custody.acts.rotate import rotate
from custody.acts.statements import issue
from custody.acts.vaults import AUDIT, QUARANTINE, open_keyring, rewrite_page, save_head, sha256, slot_places, slots_of
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.statement import subject as named
from custody.law.pack import load
from custody.ports.files import Files
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction
from custody.vault.page import put, slot
from custody.vault.suite import NO_KEY, key_id

_GONE = "destroyed"


def destroy(desk: Desk, laws: Laws, named_deal: str, out: Files, *, dry_run: bool = False) -> Mapping[str, Json]:
    """Needs an agreed receipt and a second person. Raises Missing `statement.missing`, Refused `act.unapproved`."""
    desk.require(("owner", "privacy"))
    with desk.store.read() as tx:
        matter = deal(tx, desk.space, named_deal)
        statement_row(tx, str(matter["id"]), "receipt")
        key = f"destroy:{matter['id']}:{matter['version']}"
    if (done := job.finished(desk, key)) and not dry_run:
        return done
    places = _delivered(desk, matter, out)
    content = content_hash({"act": "destroy", "deal": str(matter["id"]), "slots": len(places)})
    people = len({who for who, _ in places if who})
    if dry_run:
        return {
            "deal": str(matter["ref"]),
            "subjects": people,
            "would": {"approve": ["destroy", content], "slots": len(places)},
        }
    with desk.store.write() as tx:
        demand(desk, tx, "destroy", content)
    plan = job.begin(desk, key, "destroy", _before(desk, laws, matter))
    _shred(desk, matter, places)
    rotation = rotate(desk, str(matter["vault"]))
    with desk.store.write() as tx:
        told = _certificate(desk, tx, matter, plan, rotation)
        receipt = statement_row(tx, str(matter["id"]), "receipt")
        envelope = issue(desk, tx, str(matter["id"]), "destroyed", [named("receipt", str(receipt["sha256"]))], told)
        tx.change("matter", {"state": "delivered"}, id=str(matter["id"]))
        out.write(DESTROYED, envelope)
        result: dict[str, Json] = {
            "id": str(plan["id"]), "deal": str(matter["ref"]), "subjects": told["customers"], "rows": told["records"],
            "bytes": 0, "sha256": sha256(envelope), "heading": told["heading"], "certificate": told,
            "ledger": f"{desk.space}@{statement_row(tx, str(matter['id']), 'destroyed')['position']}",
        }  # fmt: skip
        return job.finish(tx, key, result)


def _delivered(desk: Desk, matter: Row, out: Files) -> set[tuple[str, tuple[int, int, int]]]:
    """(subject, place) of every slot that goes: delivered ones, and quarantined raw rows, which may hold their data."""
    with desk.store.read() as tx:
        released = predicate(statement_row(tx, str(matter["id"]), "released"), desk)
        counts = cast("int", released["slots"])
        live = _live(desk, tx, matter, out)
        assert len(live) <= counts
        for row in tx.find("subject", vault=str(matter["vault"]), kind="quarantine"):
            held = slot_places(cast("bytes", row["slots"]))
            live |= {("", (QUARANTINE, *held[QUARANTINE]))} if QUARANTINE in held else set()
    return live


def _live(desk: Desk, tx: Transaction, matter: Row, out: Files) -> set[tuple[str, tuple[int, int, int]]]:
    """Leaves whose slot the release made live: objections that came before it closed theirs."""
    held = {
        row["subject"] for row in tx.scan("evidence", order=("subject",), matter=str(matter["id"]), type="objection")
    }
    places = set()
    for one in read_leaves(out):
        who = one.subject
        if one.compartment != 0 and who not in held:
            places.add((who.hex(), one.place))
    return places


def _before(desk: Desk, laws: Laws, matter: Row) -> Mapping[str, Json]:
    with desk.store.read() as tx:
        counts = by_verdict(
            decide(tx, matter, load(laws.rules(), laws.facts(), laws.version()), desk.clock.now().date())
        )
        kinds = {str(row["kind"]) for row in tx.find("subject", vault=str(matter["vault"]))}
    return {"by_verdict": dict(counts), "kinds": sorted(kinds), "started_at": stamp(desk.clock.now())}


def _shred(desk: Desk, matter: Row, places: set[tuple[str, tuple[int, int, int]]]) -> None:
    """One transaction: slots to zero under new page keys, locations gone, facts gone, erasures noted."""
    vault = str(matter["vault"])
    by_page: dict[tuple[int, int], list[tuple[str, int]]] = defaultdict(list)
    for who, (compartment, page, number) in sorted(places):
        by_page[compartment, page].append((who, number))
    with desk.store.write() as tx:
        ring = open_keyring(desk, tx, vault)
        shredded = 0
        for (compartment, page), inside in sorted(by_page.items()):
            slots = slots_of(tx, ring, compartment, page)
            for _, number in inside:
                dek = slot(slots, number)
                if dek == NO_KEY:
                    continue
                put(slots, number, NO_KEY)
                shredded += 1
                note = {
                    "compartment": compartment,
                    "page": page,
                    "slot": number,
                    "key_id": key_id(dek),
                    "generation": ring.generation,
                }
                tx.add(
                    "erasure", [{"vault": vault, "seq": next_number(tx, f"erasure:{vault}"), "final_at": "", **note}]
                )
            rewrite_page(tx, ring, compartment, page, bytes(slots))
        if shredded == 0:
            return
        for who, (compartment, _, _) in places:
            if who:
                tx.drop("record", vault=vault, subject=bytes.fromhex(who), compartment=compartment)
        _forget(tx, vault, {bytes.fromhex(who) for who, _ in places if who})
        head = save_head(tx, ring)
        append(
            tx,
            desk.space,
            stamp(desk.clock.now()),
            "erased",
            {"vault": vault, "slots": shredded, "head": head.root.hex()},
        )


def _forget(tx: Transaction, vault: str, people: set[bytes]) -> None:
    """Subjects of whom nothing is left lose their facts; the others stay for what was withheld."""
    left = {cast("bytes", row["subject"]) for row in tx.scan("record", order=("subject",), vault=vault)}
    for who in people - left:
        tx.change("subject", {"state": _GONE, "facts": b"{}"}, vault=vault, id=who)


def _certificate(
    desk: Desk, tx: Transaction, matter: Row, plan: Mapping[str, Json], rotation: Mapping[str, Json]
) -> dict[str, Json]:
    vault = str(matter["vault"])
    copies = tx.find("copy", order=("name",), vault=vault)
    open_copies: list[Json] = [
        {"name": str(row["name"]), "kind": str(row["kind"]), "accounted": bool(row["account"])} for row in copies
    ]
    partial = any(not row["account"] for row in copies)
    counts = cast("dict[str, int]", plan["by_verdict"])
    gone = tx.count("subject", vault=vault, state=_GONE)
    left = tx.count("subject", vault=vault, state="live", kind="customer")
    proven: dict[str, Json] = {
        "vault": vault, "slots": tx.count("erasure", vault=vault), "generation_destroyed": rotation["g"],
        "effective_at": rotation["effective_at"], "assurance": rotation["assurance"],
        "method": "cryptographic erase" if rotation["assurance"] == "file" else "purge: cryptographic erase",
        "standard": "NIST SP 800-88 Rev. 2", "places_searched": ["vault"],
    }  # fmt: skip
    return {
        "deal": str(matter["ref"]), "heading": "partial" if partial else "complete", "customers": counts["hand_over"],
        "subjects_gone": gone, "records": tx.count("erasure", vault=vault), "proven": proven,
        "attested": {"copies": open_copies, "by": []},
        "stays": {"withheld": counts["withhold"] + counts["wait"], "retain_only": counts["retain_only"], "subjects_with_data": left,
                  "why": "not handed over: still the seller's to answer for"},
        "started_at": plan["started_at"], "finished_at": stamp(desk.clock.now()), "audit_compartment": AUDIT,
    }  # fmt: skip
