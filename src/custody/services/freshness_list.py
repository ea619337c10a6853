"""The work list of a department: what a review doubts, by place, oldest first; no value is shown (A7; spec/freshness.md §1)."""

from collections.abc import Mapping, Sequence
from typing import Final, cast

from custody.acts.accuracy import KINDS
from custody.acts.desk import Desk
from custody.acts.entitlements import DEPARTMENT, live
from custody.acts.reviewing import OPEN, STATES
from custody.acts.typed import Word
from custody.acts.vaults import vault_row
from custody.base import ids
from custody.base.canonical import Json
from custody.base.errors import Malformed
from custody.ports.store import Cells, Condition, OneOf, Row, Transaction

MOST: Final = 500
_ORDER: Final = ("found_at", "subject", "tbl", "row", "col")
_AREAS: Final = {"kind": "doubt", "why": "doubt_why", "department": "department"}
_OFFICE: Final = ("owner", "privacy", "lawyer", "data", "auditor")


def freshness_list(
    desk: Desk, vault: str | None, wanted: Mapping[str, str], most: int | None = MOST, start: int = 0, words: Sequence[Word] = ()
) -> Mapping[str, Json]:  # fmt: skip
    """`wanted` may name department, kind, state (open unless told). People of a department see its own. Raises Malformed `freshness.which`."""
    desk.require((*_OFFICE, "department"))
    for name, allowed in (("kind", KINDS), ("state", STATES)):
        if wanted.get(name) and wanted[name] not in allowed:
            raise Malformed(
                "freshness.which", "There is no such kind or state.", next=f"Say one of: {', '.join(allowed)}."
            )
    state = wanted.get("state") or OPEN
    fit = {name: wanted[name] for name in ("kind", "department") if wanted.get(name)}
    with desk.store.read() as tx:
        row = vault_row(tx, desk.space, vault)
        there: Cells = {"vault": str(row["id"]), "state": state}
        seen = [] if desk.principal.roles.intersection(_OFFICE) else [OneOf("department", _departments(desk, tx))]
        sought: list[Condition] = [*seen, *(word.where(("tbl", "col"), ("found_at",), **_AREAS) for word in words)]
        rows = tx.first("doubt", most, sought, start, order=_ORDER, **there, **fit)
        total = tx.count("doubt", sought, **there, **fit)
        counts = [dict[str, Json](tx.counts("doubt", name, seen, **there)) for name in ("kind", "department")]
    return {
        "vault": str(row["name"]), "state": state, "total": total, "by_kind": counts[0], "by_department": counts[1],
        "doubts": [_told(one) for one in rows],
    }  # fmt: skip


def _departments(desk: Desk, tx: Transaction) -> set[str]:
    """The departments that this person works for today."""
    return {str(one["what"]) for one in live(tx, desk.principal.id, desk.today()) if one["kind"] == DEPARTMENT}


def _told(row: Row) -> dict[str, Json]:
    other = cast("bytes", row["other"])
    names = ("kind", "why", "department", "state", "found_at")
    return {
        "subject": ids.subject_text(cast("bytes", row["subject"])), "table": str(row["tbl"]), "row": row["row"], "column": str(row["col"]),
        "class": str(row["cls"]), **{name: str(row[name]) for name in names}, "other": ids.subject_text(other) if other else "",
    }  # fmt: skip
