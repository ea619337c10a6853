"""The vaults of this party: what is in each, by counts (A1)."""

from collections.abc import Mapping, Sequence
from typing import cast

from custody.acts.desk import Desk
from custody.acts.paper_sheets import sheets_of
from custody.acts.renewing import left
from custody.base.canonical import Json
from custody.base.clock import stamp


def vault_names(desk: Desk) -> Sequence[str]:
    """The names alone, in the order the vaults were made: nothing is counted for it."""
    with desk.store.read() as tx:
        return [str(row["name"]) for row in tx.find("vault", order=("id",), party=desk.space)]


def vault_list(desk: Desk) -> Mapping[str, Json]:
    """Every vault in the order it was made: customers, rows sealed and quarantined, tables, key generation."""
    told: list[Json] = []
    with desk.store.read() as tx:
        for row in tx.find("vault", order=("id",), party=desk.space):
            vault = str(row["id"])
            tallies = tx.find("tally", order=("tbl",), vault=vault)
            waiting = left(tx, row, stamp(desk.clock.now()))
            told.append({
                "id": vault, "name": str(row["name"]), "state": str(row["state"]), "generation": row["generation"], "suite": row["suite"], "to_renew": waiting.keys,
                "recovery": sheets_of(desk, tx, row).to_json(),
                "customers": tx.count("subject", vault=vault, kind="customer", state="live"), "tables": len(tallies),
                "sealed": sum(cast("int", one["sealed"]) for one in tallies),
                "quarantined": sum(cast("int", one["quarantined"]) for one in tallies),
            })  # fmt: skip
    return {"vaults": told}
