"""The vaults of this party: what is in each, by counts (A1)."""

from collections.abc import Mapping, Sequence
from typing import cast

from custody.acts.desk import Desk
from custody.base.canonical import Json


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
            told.append({
                "id": vault, "name": str(row["name"]), "state": str(row["state"]), "generation": row["generation"], "suite": row["suite"],
                "customers": tx.count("subject", vault=vault, kind="customer", state="live"), "tables": len(tallies),
                "sealed": sum(cast("int", one["sealed"]) for one in tallies),
                "quarantined": sum(cast("int", one["quarantined"]) for one in tallies),
            })  # fmt: skip
    return {"vaults": told}
