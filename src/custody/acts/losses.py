"""Segments whose file is lost or changed: entered once, told by every backup, in the way of none (spec/vault.md §21).

A loss that stopped backups would stop rotations too, and with them every erasure that waits to be final.
"""

from collections.abc import Sequence
from typing import Final, cast

from custody.acts.desk import Desk
from custody.acts.entries import entered
from custody.acts.evidence import append
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.ports.store import Row, Transaction

LOST: Final = "segment-lost"
CHANGED: Final = "segment-changed"


class Changed(Exception):
    """The file of a segment is not the one that its row names: nothing is made of it."""


def note_lost(desk: Desk, lost: Sequence[Row], changed: Sequence[Row]) -> None:
    """Enter each of these, unless it was entered before."""
    for kind, rows in ((LOST, lost), (CHANGED, changed)):
        if rows:
            _note(desk, kind, rows)


def _note(desk: Desk, kind: str, rows: Sequence[Row]) -> None:
    with desk.store.write() as tx:
        known = _entered(tx, desk.space, kind)
        for row in rows:
            if row["sha256"] not in known:
                says: dict[str, Json] = {"vault": str(row["vault"]), "sha256": str(row["sha256"]), "records": cast("int", row["records"])}  # fmt: skip
                append(tx, desk.space, stamp(desk.clock.now()), kind, says, detail={"segment": str(row["id"])})


def _entered(tx: Transaction, space: str, kind: str) -> set[str]:
    return {str(found.says.get("sha256", "")) for found in entered(tx, space, kind)}
