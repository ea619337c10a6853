"""Whether each vault could be brought back if its root were lost: an alarm when no sheet opens it any more (A4, spec/retention.md §6)."""

from collections.abc import Mapping
from typing import cast

from custody.acts.desk import Desk
from custody.acts.escrow import astray
from custody.acts.paper_sheets import sheets_of
from custody.acts.vaults import vault_row
from custody.base.canonical import Json


def recovery_due(desk: Desk, vault: str | None) -> Mapping[str, Json]:
    """`ok` is False when the sheets are void, were never tried or never printed, or a share of the key in force lies with who left.

    A rehearsal is told and raises no alarm. Raises Unavailable where a place of the escrow store does not answer.
    """
    desk.require(("owner", "operator", "auditor"))
    with desk.store.read() as tx:
        row = vault_row(tx, desk.space, vault)
        found = sheets_of(tx, row)
        name = str(row["name"])
    left = astray(desk, str(row["id"]), cast("int", row["generation"]))
    told: dict[str, Json] = {"vault": name, "recovery": found.to_json(), "holders_left": left}
    if found.safe and not left:
        return {**told, "ok": True}
    return {**told, "ok": desk.rehearsal, "next": _next(name, left=left)}


def _next(name: str, *, left: bool) -> str:
    if left:
        return f"custody rekey --vault {name}"
    return f"custody recovery print --vault {name}, then custody recovery test"
