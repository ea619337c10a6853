"""What a vault is laid out as, committed to in the opening of the entry that filled it (spec/ledger.md §6).

Compartments, schemas, counts by table and quarantined lines are written once; a digest over each table is held against them later.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from typing import Final, cast

from custody.acts.alike import JOINT
from custody.acts.expiring import QUARANTINED
from custody.base import canonical
from custody.base.canonical import Json, b64
from custody.ports.store import Cell, Transaction

LAYOUT: Final = "layout"
_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "compartment": ("number", "tier", "purposes", "retention", "child_of"),
    "quarantine": ("number", "tbl", "file", "line", "row", "reason", "detail"),
    "schema": ("number", "tbl", "compartment", "columns"),
    "tally": ("tbl", "role", "kind", "met", "sealed", "quarantined", "source", "sha256", "columns"),
}
"""Of each table what never changes, first what its rows are ordered by."""
KINDS: Final[Mapping[str, tuple[tuple[str, ...], str]]] = {
    "joint": (("id", "members"), JOINT),
    "aside": (("id",), QUARANTINED),
}
"""Subjects that are no person of their own, as each is committed to: whose rows they share, or that lines were set aside."""
_VAULT: Final = ("party", "name", "region", "datamap")


def layout(tx: Transaction, vault: str, but: Collection[str] = ()) -> dict[str, Json]:
    """{table: SHA-256 over its rows of this vault}, of subjects `but` these, by hex id."""
    kinds = {kind: _digest(row for row in shared_and_aside(tx, vault, kind) if _hex(row) not in but) for kind in KINDS}
    return {**fixed(tx, vault), **kinds}


def fixed(tx: Transaction, vault: str) -> dict[str, Json]:
    """The same without subjects, of whom more may come."""
    told: dict[str, Json] = {
        table: _digest(tx.columns(table, names, order=names[:1], vault=vault)) for table, names in _COLUMNS.items()
    }
    return {**told, "vault": _digest(tx.columns("vault", _VAULT, id=vault))}


def shared_and_aside(tx: Transaction, vault: str, kind: str) -> Iterator[tuple[Cell, ...]]:
    """The subjects of this kind, with what never changes of them."""
    names, of = KINDS[kind]
    return tx.columns("subject", names, order=("id",), vault=vault, kind=of)


def _hex(row: tuple[Cell, ...]) -> str:
    return cast("bytes", row[0]).hex()


def _digest(rows: Iterator[tuple[Cell, ...]]) -> str:
    made = hashlib.sha256()
    for row in rows:
        made.update(canonical.encode([b64(cell) if isinstance(cell, bytes) else cell for cell in row]) + b"\n")
    return made.hexdigest()
