"""Where the roots lie, and what a destroy is worth there: for each vault, and for roots made from now on (A4)."""

from collections.abc import Mapping

from custody.acts.desk import Desk
from custody.acts.vaults import terms_said, told
from custody.base.canonical import Json


def keys_show(desk: Desk) -> Mapping[str, Json]:
    """Asks every provider that holds a live root. Raises Unavailable `keys.*`."""
    desk.require(("owner", "operator", "privacy", "auditor"))
    with desk.store.read() as tx:
        rows = [row for row in tx.find("vault", order=("name",), party=desk.space) if row["keyring"]]
    vaults: list[Json] = [
        {"vault": str(row["name"]), "generation": row["generation"], **terms_said(desk, row)} for row in rows
    ]
    return {**told(desk.keys.terms()), "vaults": vaults}
