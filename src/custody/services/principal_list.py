"""Who may act here, with which roles (A1)."""

from collections.abc import Mapping

from custody.acts.desk import Desk
from custody.base.canonical import Json


def principal_list(desk: Desk) -> Mapping[str, Json]:
    """Everybody, those whose right ended last."""
    with desk.store.read() as tx:
        rows = tx.find("principal", order=("revoked_at", "handle"), party=desk.space)
    told: list[Json] = [
        {"id": str(row["id"]), "handle": str(row["handle"]), "roles": str(row["roles"]).split(","), "since": str(row["created_at"]),
         "until": str(row["revoked_at"])}
        for row in rows
    ]  # fmt: skip
    return {"principals": told}
