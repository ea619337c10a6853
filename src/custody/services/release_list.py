"""Every release of a deal at the seller: what it let go, what it took back, and what the buyer answered (C6, C7)."""

from collections.abc import Mapping
from typing import cast

from custody.acts import releases, unanswered
from custody.acts.answered import answer_name
from custody.acts.desk import Desk
from custody.acts.matters import deal
from custody.base import canonical
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.package.release import folder_name
from custody.package.statements import ReleasedStatement
from custody.ports.store import Row, Transaction


def release_list(desk: Desk, named: str) -> Mapping[str, Json]:
    """In their order, as they were made and signed. Raises Missing `deal.unknown`."""
    with desk.store.read() as tx:
        matter = deal(desk, tx, named)
        name, now = str(matter["id"]), desk.clock.now()
        waits = {each.n: each for each in unanswered.recalls(desk, tx, matter)}
        made = releases.made(desk, tx, name)
        rows = tx.find("statement", order=("n",), matter=name, kind=ReleasedStatement.KIND)
        done = _done(tx, name)
        told: list[Json] = [
            {
                **_told(tx, name, says, row), "subjects": done[says.n].get("subjects"), "rows": done[says.n].get("rows"),
                "due_at": stamp(waits[says.n].due) if says.n in waits else None, "late": says.n in waits and waits[says.n].due <= now,
                "held": waits[says.n].held if says.n in waits else 0,
            }
            for says, row in zip(made, rows, strict=True)
        ]  # fmt: skip
    return {"deal": str(matter["ref"]), "releases": told}


def _told(tx: Transaction, matter: str, says: ReleasedStatement, row: Row) -> dict[str, Json]:
    said = releases.answered(tx, matter, "receipt", says.n)
    return {
        "n": says.n, "kind": says.kind, "at": str(row["at"]), "ledger": cast("int", row["position"]), "folder": folder_name(says.n), "answer": answer_name(says),
        "answered_at": str(said[-1]["at"]) if said else None,
    }  # fmt: skip


def _done(tx: Transaction, matter: str) -> dict[int, dict[str, Json]]:
    """{n: what its job said}: the figures of the moment, which a later destruction does not change."""
    found = dict[int, dict[str, Json]]()
    for kind in ("release", "recall"):
        for row in tx.find("job", order=("started_at",), kind=kind, state="done"):
            if str(row["key"]).startswith(f"{kind}:{matter}:"):
                told = cast("dict[str, Json]", canonical.decode(cast("bytes", row["result"])))
                found[cast("int", told.get("n", 1))] = told
    return found
