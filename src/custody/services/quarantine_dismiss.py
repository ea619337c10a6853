"""Dismiss rows that were set aside: they are not wanted, and somebody says why (A2, C8; spec/sources.md §9).

Nothing is deleted: the rows stay counted, and sealed until the clock of `quarantine` runs out.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import cast

from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.mirroring import mirrored
from custody.acts.set_aside import DISMISSED, HANDLERS, WHYS, ends
from custody.acts.vaults import vault_row
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed, Missing
from custody.ports.store import Cells, OneOf, Row, Transaction


def quarantine_dismiss(
    desk: Desk, name: str | None, why: str, numbers: Collection[int] = (), table: str = "", reason: str = ""
) -> Mapping[str, Json]:
    """Those of `numbers`, or every one of a table and a reason. What is dismissed already stays as it was.

    Raises Malformed `quarantine.why`, `quarantine.which`, Missing `quarantine.unknown`.
    """
    desk.person()
    desk.require(HANDLERS)
    if why not in WHYS:
        raise Malformed("quarantine.why", "This is no reason to dismiss a row.", next=f"One of: {', '.join(WHYS)}.")
    if bool(numbers) == bool(table and reason):
        raise Malformed(
            "quarantine.which",
            "Say which rows: their numbers, or a table and a reason.",
            next="custody quarantine list",
        )
    with desk.store.write() as tx:
        now = stamp(desk.clock.now())
        vault = vault_row(tx, desk.space, name)
        rows = _chosen(tx, str(vault["id"]), numbers, table, reason)
        ended = ends(tx, str(vault["id"]), [cast("int", row["number"]) for row in rows])
        fresh = [row for row in rows if row["number"] not in ended]
        if fresh:
            _keep(desk, tx, fresh, why, now)
    return {"vault": str(vault["name"]), "why": why, "dismissed": len(fresh), "already": len(rows) - len(fresh), "mirrored": mirrored(desk)}  # fmt: skip


def _chosen(tx: Transaction, vault: str, numbers: Collection[int], table: str, reason: str) -> Sequence[Row]:
    if numbers:
        wanted = set(numbers)
        rows = tx.first("quarantine", None, (OneOf("number", wanted),), order=("number",), vault=vault)
    else:
        wanted, rows = {0}, tx.find("quarantine", order=("number",), vault=vault, tbl=table, reason=reason)
    if not rows or (numbers and len(rows) != len(wanted)):
        raise Missing("quarantine.unknown", "No such row was set aside in this vault.", next="custody quarantine list")
    return rows


def _keep(desk: Desk, tx: Transaction, rows: Sequence[Row], why: str, now: str) -> None:
    vault, numbers = str(rows[0]["vault"]), [cast("int", row["number"]) for row in rows]
    says: dict[str, Json] = {"vault": vault, "rows": len(rows), "why": why, "principal": desk.principal.id}
    position = append(tx, desk.space, now, "quarantine-dismissed", says, detail={"numbers": list[Json](numbers)})
    told: Cells = {"how": DISMISSED, "why": why, "principal": desk.principal.id, "at": now, "position": position}
    tx.add("quarantine_end", ({"vault": vault, "number": row["number"], "tbl": row["tbl"], **told} for row in rows))
