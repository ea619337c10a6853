"""Grants, departments and training: one's own, or everybody's for those who give them or check (A3)."""

from collections.abc import Mapping
from typing import Final

from custody.acts.desk import Desk
from custody.acts.entitlements import told
from custody.base.canonical import Json

_SEE_ALL: Final = frozenset(("owner", "privacy", "lawyer", "auditor"))


def grant_list(desk: Desk) -> Mapping[str, Json]:
    """The oldest first; none ever leaves the list."""
    today = desk.today()
    whole = bool(desk.principal.roles & _SEE_ALL)
    with desk.store.read() as tx:
        rows = tx.find("entitlement", order=("id",), party=desk.space)
        grants: list[Json] = [told(tx, row, today) for row in rows if whole or row["principal"] == desk.principal.id]
    return {"grants": grants, "whole": whole}
