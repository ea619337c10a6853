"""The work list of a department: what a review doubts, by place, oldest first; no value is shown (A7; spec/freshness.md §1)."""

from collections import Counter
from collections.abc import Mapping
from typing import Final, cast

from custody.acts.accuracy import KINDS
from custody.acts.desk import Desk
from custody.acts.entitlements import DEPARTMENT, live
from custody.acts.reviewing import OPEN, STATES
from custody.acts.vaults import vault_row
from custody.base import ids
from custody.base.canonical import Json
from custody.base.errors import Malformed
from custody.ports.store import Row, Transaction

MOST: Final = 500
_OFFICE: Final = ("owner", "privacy", "lawyer", "data", "auditor")


def freshness_list(desk: Desk, vault: str | None, wanted: Mapping[str, str]) -> Mapping[str, Json]:
    """`wanted` may name department, kind, state (open unless told). People of a department see its own. Raises Malformed `freshness.which`."""
    desk.require((*_OFFICE, "department"))
    for name, allowed in (("kind", KINDS), ("state", STATES)):
        if wanted.get(name) and wanted[name] not in allowed:
            raise Malformed(
                "freshness.which", "There is no such kind or state.", next=f"Say one of: {', '.join(allowed)}."
            )
    state, kind, department = wanted.get("state") or OPEN, wanted.get("kind", ""), wanted.get("department", "")
    with desk.store.read() as tx:
        row = vault_row(tx, desk.space, vault)
        rows = tx.find("doubt", order=("found_at", "subject", "tbl", "row", "col"), vault=str(row["id"]), state=state)
        mine = None if desk.principal.roles.intersection(_OFFICE) else _departments(desk, tx)
    seen = [one for one in rows if mine is None or one["department"] in mine]
    fit = [one for one in seen if kind in {"", one["kind"]} and department in {"", one["department"]}]
    return {
        "vault": str(row["name"]), "state": state, "total": len(fit), "by_kind": _counted(seen, "kind"),
        "by_department": _counted(seen, "department"), "doubts": [_told(one) for one in fit[:MOST]],
    }  # fmt: skip


def _departments(desk: Desk, tx: Transaction) -> set[str]:
    """The departments that this person works for today."""
    return {
        str(one["what"]) for one in live(tx, desk.principal.id, desk.clock.now().date()) if one["kind"] == DEPARTMENT
    }


def _counted(rows: list[Row], name: str) -> dict[str, Json]:
    return dict(sorted(Counter(str(one[name]) for one in rows).items()))


def _told(row: Row) -> dict[str, Json]:
    other = cast("bytes", row["other"])
    names = ("kind", "why", "department", "state", "found_at")
    return {
        "subject": ids.subject_text(cast("bytes", row["subject"])), "table": str(row["tbl"]), "row": row["row"], "column": str(row["col"]),
        "class": str(row["cls"]), **{name: str(row[name]) for name in names}, "other": ids.subject_text(other) if other else "",
    }  # fmt: skip
