"""Seconds to gate a million people, their compartments and three laws, in the store: wall and CPU, in one process.

Then again with nothing changed, after one person's answer, and after one fact of the deal: only what changed is decided.

usage: python bench/gate.py [PEOPLE] [EVIDENCE_ROWS_PER_PERSON]
The aim: 1,000,000 people in at most five seconds; each verdict explained in under 50 ms.
The people are drawn with a fixed seed: places, months, states and categories as in the sample company.
"""

import random
import struct
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from custody import wiring
from custody.acts.again import decide_again
from custody.acts.gated import Gated
from custody.acts.lawbook import packs
from custody.acts.reasons import explained
from custody.adapters.stores.sql import SqlStore
from custody.base import canonical
from custody.law.pack import Packs
from custody.ports.store import Row

MATTER, VAULT, SLOTS = "mat_bench", "vlt_bench", 1024
# As in every deal, each fact and answer has its moment: who turned 14 in between is looked at alone.
OPENED, ANSWERED = "2025-10-01T00:00:00.000000Z", "2026-01-15T00:00:00.000000Z"
PLACES = ("CN", "CN", "CN", "CN", "CN", "CN", "DE", "US-CA")
FACTS = {
    "seller.jurisdiction": "CN", "deal.structure": "asset_deal", "deal.handler_changes": True, "event.kind": "closing_handover",
    "event.data_leaves_entity": True, "event.identifiability": "identifiable", "event.recipient_role": "another_handler",
    "basis.legal_basis_orig": "contract", "basis.purpose_changes": False, "basis.method_changes": False, "crossborder.direction": "none",
}  # fmt: skip
COMPARTMENTS = ((1, "general", "service"), (2, "sensitive", "service"), (3, "general", "marketing"))


def people(count: int) -> Iterator[Row]:
    """Subjects with three compartments each."""
    chance = random.Random(7)
    for number in range(count):
        facts = {
            "residence": chance.choice(PLACES), "contract_status": chance.choice(("active", "ended")),
            "last_activity": f"20{chance.randrange(18, 27)}-{chance.randrange(1, 13):02d}",
            "categories": chance.choice((["finance.card"], ["person.health"], [])),
        }  # fmt: skip
        if chance.random() < 0.02:
            born = date(2009, 1, 1) + timedelta(days=chance.randrange(17 * 365))
            facts |= {
                f"turns_{years}_on": f"{born.year + years}-{born.month:02d}-{min(born.day, 28):02d}"
                for years in (13, 14, 16, 18)
            }
        slots = b"".join(struct.pack(">BIH", one, number // SLOTS, number % SLOTS) for one, *_ in COMPARTMENTS)
        yield {
            "vault": VAULT, "id": chance.randbytes(16), "kind": "customer", "slots": slots,
            "facts": canonical.encode(facts), "state": "live", "members": b"",
        }  # fmt: skip


def fill(store: SqlStore, count: int, evidence: int) -> None:
    """A vault of `count` people and a deal over it."""
    with store.write() as tx:
        tx.add(
            "matter",
            [{"id": MATTER, "party": "p", "kind": "deal", "ref": "D-1", "version": 1, "state": "open", "vault": VAULT}],
        )
        tx.add(
            "fact",
            [
                {"matter": MATTER, "version": 1, "leaf": leaf, "value": canonical.encode(value), "at": OPENED}
                for leaf, value in FACTS.items()
            ],
        )
        tx.add("compartment", [
            {"vault": VAULT, "number": number, "tier": tier, "purposes": purposes} for number, tier, purposes in COMPARTMENTS
        ])  # fmt: skip
        tx.add("subject", people(count))
    if evidence:
        kinds = ("notice.delivered", "consent.separate", "consent.separate.sensitive")[:evidence]
        with store.read() as tx:
            ids = [row[0] for row in tx.columns("subject", ("id",), vault=VAULT)]
        with store.write() as tx:
            tx.add("evidence", (
                {"matter": MATTER, "subject": one, "compartment": -1, "type": kind, "at": ANSWERED, "position": 0}
                for one in ids for kind in kinds
            ))  # fmt: skip


def gated(store: SqlStore, loaded: Packs, number: int, what: str) -> tuple[float, Gated]:
    """One gate that keeps its pages; its CPU seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    with store.write() as tx:
        (matter,) = tx.find("matter", id=MATTER)
        made, again = decide_again(tx, matter, loaded, date(2026, 3, 16))
        made.by_verdict()
        tx.add("verdict_page", (
            {"matter": MATTER, "gate": number, "compartment": compartment, "page": page, "vectors": blob}
            for compartment, page, blob in made.blobs
        ))  # fmt: skip
        root = made.root()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    told = ", ".join(f"{name} {again[name]}" for name in ("people", "vectors", "questions"))
    print(f"{what}: {wall:.2f} s wall, {cpu:.2f} s CPU; {told}; root {root[:20]}")
    return cpu, made


def main() -> None:
    """Fill, gate, keep the verdict pages, explain."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    evidence = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    with tempfile.TemporaryDirectory() as folder:
        store = SqlStore(f"sqlite:///{Path(folder) / 'core.db'}")
        fill(store, count, evidence)
        loaded = packs(wiring.laws())
        whole, made = gated(store, loaded, 1, "everybody")
        counts, vectors, regimes = made.by_verdict(), len(made.decisions), made.regimes
        gated(store, loaded, 2, "nothing changed")
        with store.write() as tx:
            who = next(tx.columns("subject", ("id",), vault=VAULT))[0]
            tx.add(
                "evidence", [{"matter": MATTER, "subject": who, "compartment": -1, "type": "objection", "at": ANSWERED}]
            )
        one, _ = gated(store, loaded, 3, "one answer")
        with store.write() as tx:
            tx.add(
                "fact",
                [{"matter": MATTER, "version": 2, "leaf": "basis.purpose_changes", "value": b"true", "at": ANSWERED}],
            )
        gated(store, loaded, 4, "one fact")
        print(f"one answer costs {100 * one / whole:.1f} % of everybody, in CPU")
        store.close()
    assert sum(counts.values()) == count
    began, rules = (
        time.process_time(),
        [rule for rule in loaded.of(("CN", "DE", "EU"), date(2026, 3, 16)) if rule.kind == "BLOCK"],
    )
    for rule in rules:
        explained(loaded, rule, FACTS)
    each = 1000 * (time.process_time() - began) / len(rules)
    print(
        f"{count:,} people x {len(COMPARTMENTS)} compartments, laws {', '.join(regimes)}; {evidence} evidence rows each"
    )
    print(f"{vectors} vectors; {counts}; a rule explained in {each:.1f} ms")


if __name__ == "__main__":
    main()
