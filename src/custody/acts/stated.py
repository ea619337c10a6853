"""A statement that was signed after the facts of a backup, put back from its own entry (spec/vault.md §21).

What a package, a release and an invitation say is needed for whatever follows in a deal, and a store restored from before has none of
it. So the opening of such an entry holds the envelope, of a release also which slots went, of an invitation its deal and its key as it is
kept, wrapped: the journal comes through the loss.
"""

from collections.abc import Mapping
from typing import Final, cast

from custody.acts import let_go
from custody.acts.deal_roots import DealRoot, remember
from custody.acts.marks import Marks
from custody.acts.vaults import sha256
from custody.base.canonical import Json, b64, unb64
from custody.ports.store import Cells, Row, Transaction, one

_ENVELOPE: Final = "envelope"
_LIVE: Final = "live"
_TABLES: Final = "tables"
_DEAL: Final = "deal"
_KEY: Final = "deal_key"
_ROOT: Final = "deal_root"


def opening(envelope: bytes, kept: Mapping[str, Json]) -> dict[str, Json]:
    """What the opening of an entry says so that its statement can be put back: the envelope, and what its act keeps of it."""
    return {_ENVELOPE: b64(envelope), **kept}


def of_release(live: Marks, tables: Mapping[str, int]) -> dict[str, Json]:
    """What a release keeps: the slots that it let go, and how many rows of each table."""
    return {_LIVE: live.packed(), _TABLES: [[name, rows] for name, rows in sorted(tables.items())]}


def of_invitation(matter: Row, key: Mapping[str, bytes], ref: str) -> dict[str, Json]:
    """What an invitation keeps: the deal, which may be as young, the row of its key but for the deal, and where the root of that lies."""
    deal: dict[str, Json] = {name: str(matter[name]) for name in ("party", "ref", "counterparty")}
    return {_DEAL: deal, _KEY: {name: b64(blob) for name, blob in sorted(key.items())}, _ROOT: ref}


def restate(tx: Transaction, number: int, at: str, says: Mapping[str, Json], detail: Mapping[str, Json]) -> Row | None:
    """Put the statement of entry `number` back; its deal, or None when the entry does not hold it, or its deal is not here and no invitation made it."""
    if _ENVELOPE not in detail or sha256(envelope := unb64(str(detail[_ENVELOPE]))) != says["sha256"]:
        return None
    name, n = str(detail.get("matter", "")), cast("int", says["n"])
    if _DEAL in detail and not tx.count("matter", id=name):
        tx.add("matter", [_deal(name, cast("Mapping[str, str]", detail[_DEAL]))])
    if (matter := one(tx, "matter", id=name)) is None:
        return None
    named: Cells = {"matter": name, "kind": str(says["statement"]), "n": n}
    tx.add("statement", [{**named, "sha256": sha256(envelope), "envelope": envelope, "position": number, "at": at}])
    if _LIVE in detail:
        let_go.keep(
            tx, matter, n, Marks.unpacked(str(detail[_LIVE])), dict(cast("list[tuple[str, int]]", detail[_TABLES]))
        )
    if _KEY in detail:
        kept = {column: unb64(blob) for column, blob in cast("dict[str, str]", detail[_KEY]).items()}
        tx.drop("deal_key", matter=name)
        tx.add("deal_key", [{"matter": name, **kept}])
        remember(tx, DealRoot(name, n, str(detail[_ROOT])))
    return matter


def _deal(name: str, kept: Mapping[str, str]) -> Row:
    return {"id": name, "kind": "deal", "version": 1, "state": "open", "vault": "", "detail": b"", **kept}
