"""Export what was received to the buyer's own database; what was withheld is named, never silently empty (C7, C11)."""

from collections.abc import Mapping

from custody.acts import job, taking
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.exporting import OWN, ROWS, WITHHELD
from custody.acts.matters import deal
from custody.acts.reading import Reader
from custody.acts.residency import require_place
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.ports.store import Transaction, one
from custody.ports.target import Target


def export(desk: Desk, named_deal: str, target: Target) -> Mapping[str, Json]:
    """Write every delivered row in source order. A cell of a compartment that was not delivered is NULL and listed."""
    desk.require(("data", "owner"))
    with desk.store.read() as tx:
        name = str(deal(tx, desk.space, named_deal)["id"])
        taken = taking.last(desk, tx, name).n
    # What came or went since is not in a file that was written before: it is written anew.
    key = f"export:{name}:{target.name}" + (f"@{taken}" if taken > 1 else "")
    if (done := job.finished(desk, key)) and target.exists():
        return done
    job.begin(desk, key, "export")
    tables: list[dict[str, Json]] = []
    total = 0
    with desk.store.read() as tx:
        matter = deal(tx, desk.space, named_deal)
        require_place(desk, tx, target.place, str(matter["vault"]))
        reader = Reader(desk, tx, str(matter["vault"]))
        for own, columns in OWN.items():
            target.create(own, columns)
        for name, columns in reader.columns().items():
            rows = {number: row for number, row in reader.table(name).items() if row.home}
            target.create(name, columns)
            target.write(name, ([row.values.get(place) for place in range(len(columns))] for row in rows.values()))
            target.write(ROWS, ((name, position, number) for position, number in enumerate(rows, start=1)))
            gaps = [(name, number, column) for number, row in rows.items() for place, column in enumerate(columns)
                    if place not in row.values]  # fmt: skip
            target.write(WITHHELD, gaps)
            total += len(rows)
            tables.append({"name": name, "rows": len(rows), "withheld_cells": len(gaps)})
        reader.close()
    target.finish()
    with desk.store.write() as tx:
        append(tx, desk.space, stamp(desk.clock.now()), "exported", {"tables": len(tables)})
        _list_copy(tx, str(matter["vault"]), target.name)
        result: dict[str, Json] = {"deal": str(matter["ref"]), "tables": tables, "rows": total}
        return job.finish(tx, key, result)


def _list_copy(tx: Transaction, vault: str, name: str) -> None:
    """An export in clear is a copy like any other: it stands on the list until somebody accounts for it."""
    if one(tx, "copy", vault=vault, name=name) is None:
        tx.add("copy", [{"vault": vault, "name": name, "kind": "export", "sha256": "", "account": b""}])
