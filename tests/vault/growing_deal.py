"""People of a deal in a store, for acts that decide them: see `growth`."""

import random
import struct
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from custody import wiring
from custody.acts.again import decide_again
from custody.acts.lawbook import packs
from custody.adapters.stores.sql import SqlStore
from custody.base import canonical
from custody.ports.store import Row
from tests.deal_rows import open_deal

ON = date(2026, 3, 16)
FACTS = {"seller.jurisdiction": "CN", "deal.structure": "asset_deal", "event.kind": "closing_handover"}
SLOTS, COMPARTMENTS = 1024, (1, 2, 3)


def people(count: int) -> Iterator[Row]:
    """Subjects with three compartments each, who differ in what decides."""
    chance = random.Random(7)
    for number in range(count):
        slots = b"".join(struct.pack(">BIH", one, number // SLOTS, number % SLOTS) for one in COMPARTMENTS)
        told = {"residence": chance.choice(("CN", "DE")), "contract_status": chance.choice(("active", "ended")),
                "last_activity": f"2024-{chance.randrange(1, 13):02d}", "note": "x" * 200}  # fmt: skip
        yield {"vault": "v", "id": chance.randbytes(16), "kind": "customer", "slots": slots, "facts": canonical.encode(told),
               "state": "live", "members": b""}  # fmt: skip


def store(folder: Path, size: int) -> SqlStore:
    """A deal over a vault of `size` people, half of whom were notified."""
    made = SqlStore(f"sqlite:///{folder / 'core.db'}")
    with made.write() as tx:
        open_deal(tx, FACTS, dict.fromkeys(COMPARTMENTS, "general"))
        tx.add("subject", people(size))
        told = ({"matter": "m", "subject": row["id"], "compartment": -1, "type": "notice.delivered", "at": "2026-01-15T00:00:00Z"}
                for number, row in enumerate(people(size)) if number % 2)  # fmt: skip
        tx.add("evidence", told)
    return made


def gating(folder: Path, size: int) -> Callable[[], object]:
    """Everybody decided, and what a gate keeps written."""
    kept = store(folder, size)

    def act() -> None:
        with kept.write() as tx:
            (matter,) = tx.find("matter", id="m")
            made, _ = decide_again(tx, matter, packs(wiring.laws()), ON)
            made.root()
            tx.add("verdict_page", ({"matter": "m", "gate": 1, "compartment": one, "page": page, "vectors": blob}
                                    for one, page, blob in made.blobs))  # fmt: skip

    return act
