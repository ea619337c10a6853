"""A statement that was signed after the facts of a backup, put back from its own entry (spec/vault.md §21).

What a package and a release say is needed for whatever follows in a deal, and a store restored from before has neither. So the
opening of such an entry holds the envelope, and of a release also which slots went: the journal comes through the loss.
"""

from collections.abc import Mapping
from typing import Final, cast

from custody.acts import let_go
from custody.acts.marks import Marks
from custody.acts.vaults import sha256
from custody.base.canonical import Json, b64, unb64
from custody.ports.store import Cells, Row, Transaction, one

_ENVELOPE: Final = "envelope"
_LIVE: Final = "live"
_TABLES: Final = "tables"


def opening(envelope: bytes, kept: Mapping[str, Json]) -> dict[str, Json]:
    """What the opening of an entry says so that its statement can be put back: the envelope, and what its act keeps of it."""
    return {_ENVELOPE: b64(envelope), **kept}


def of_release(live: Marks, tables: Mapping[str, int]) -> dict[str, Json]:
    """What a release keeps: the slots that it let go, and how many rows of each table."""
    return {_LIVE: live.packed(), _TABLES: [[name, rows] for name, rows in sorted(tables.items())]}


def restate(tx: Transaction, number: int, at: str, says: Mapping[str, Json], detail: Mapping[str, Json]) -> Row | None:
    """Put the statement of entry `number` back; its deal, or None when the entry does not hold it, or its deal is not here."""
    matter = one(tx, "matter", id=str(detail.get("matter", "")))
    if matter is None or _ENVELOPE not in detail:
        return None
    envelope, n = unb64(str(detail[_ENVELOPE])), cast("int", says["n"])
    if sha256(envelope) != says["sha256"]:
        return None
    named: Cells = {"matter": str(matter["id"]), "kind": str(says["statement"]), "n": n}
    tx.add("statement", [{**named, "sha256": sha256(envelope), "envelope": envelope, "position": number, "at": at}])
    if _LIVE in detail:
        let_go.keep(
            tx, matter, n, Marks.unpacked(str(detail[_LIVE])), dict(cast("list[tuple[str, int]]", detail[_TABLES]))
        )
    return matter
