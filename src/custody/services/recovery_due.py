"""Whether each vault could be brought back if its root were lost: an alarm when no sheet opens it any more (A4, spec/retention.md §6)."""

from collections.abc import Mapping
from typing import cast

from custody.acts.desk import Desk
from custody.acts.escrow import astray, short
from custody.acts.holders import enough
from custody.acts.paper_sheets import sheets_of
from custody.acts.vaults import vault_row
from custody.base.canonical import Json


def recovery_due(desk: Desk, vault: str | None) -> Mapping[str, Json]:
    """`ok` is False when the sheets are void, were never tried or never printed, and when shares lie wrong in the escrow store.

    That is: one of the key in force for somebody who left, or none in a place where a deposit put them. A rehearsal is told and raises no alarm. Raises Unavailable where a place of the escrow store does not answer.
    """
    desk.require(("owner", "operator", "auditor"))
    with desk.store.read() as tx:
        row = vault_row(tx, desk.space, vault)
        found = sheets_of(desk, tx, row)
        name, held = str(row["name"]), bool(desk.outside.escrow) and enough(tx, desk.space)
    vault_id, generation = str(row["id"]), cast("int", row["generation"])
    left = astray(desk, vault_id, generation)
    lacking = short(desk, vault_id, generation) if found.escrow else 0
    told: dict[str, Json] = {"vault": name, "recovery": found.to_json(), "holders_left": left, "places_short": lacking}
    if found.safe and not left and not lacking:
        return {**told, "ok": True}
    return {**told, "ok": desk.rehearsal, "next": _next(name, held=held or left)}


def _next(name: str, *, held: bool) -> str:
    if held:  # a rotation deposits anew, with those who are holders now
        return f"custody rekey --vault {name}"
    return f"custody recovery print --vault {name}, then custody recovery test"
