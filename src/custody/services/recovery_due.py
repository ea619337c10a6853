"""Whether each vault could be brought back if its root were lost: an alarm when no sheet opens it any more (A4, spec/retention.md §6)."""

from collections.abc import Mapping

from custody.acts.desk import Desk
from custody.acts.paper_sheets import sheets_of
from custody.acts.vaults import vault_row
from custody.base.canonical import Json


def recovery_due(desk: Desk, vault: str | None) -> Mapping[str, Json]:
    """`ok` is False when the sheets are void, were never tried or never printed. A rehearsal is told and raises no alarm."""
    desk.require(("owner", "operator", "auditor"))
    with desk.store.read() as tx:
        row = vault_row(tx, desk.space, vault)
        found = sheets_of(tx, row)
        name = str(row["name"])
    told: dict[str, Json] = {"vault": name, "recovery": found.to_json()}
    if found.safe:
        return {**told, "ok": True}
    return {
        **told,
        "ok": desk.rehearsal,
        "next": f"custody recovery print --vault {name}, then custody recovery test",
    }
