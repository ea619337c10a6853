"""The list of copies: everything besides the vault that holds the data, and what became of each (docs/architecture.md §1, A6)."""

from collections.abc import Mapping

from custody.acts.copies import attested
from custody.acts.desk import Desk
from custody.acts.vaults import vault_row
from custody.base.canonical import Json


def copy_list(desk: Desk, vault: str | None) -> Mapping[str, Json]:
    """Every copy, in name order, and how many are still open."""
    with desk.store.read() as tx:
        found = attested(tx, str(vault_row(tx, desk.space, vault)["id"]))
    rows: list[Json] = [{"name": copy.name, "kind": copy.kind, "state": copy.state, "at": copy.at} for copy in found]
    return {"copies": rows, "open": sum(1 for copy in found if copy.state == "open")}
