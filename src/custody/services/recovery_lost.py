"""The roots of which nobody can see that they are gone, whose end two people may attest (A4, G4; spec/vault.md §11). Changes nothing."""

from collections.abc import Mapping
from typing import Final

from custody.acts.attesting import waiting
from custody.acts.desk import Desk
from custody.acts.vaults import vault_row
from custody.base.canonical import Json

LOOKERS: Final = ("owner", "operator", "privacy", "auditor")


def recovery_lost(desk: Desk, vault: str | None) -> Mapping[str, Json]:
    """Each with its name, what it is of, and what is heard of it (`slug`, '' where it is there and `due` orders it to go)."""
    desk.require(LOOKERS)
    with desk.store.read() as tx:
        row = vault_row(tx, desk.space, vault)
        roots: list[Json] = [
            {"root": each.name, **each.told, "slug": each.slug} for each in waiting(desk, tx, str(row["id"]))
        ]
    return {"id": str(row["id"]), "vault": str(row["name"]), "roots": roots, "count": len(roots)}
