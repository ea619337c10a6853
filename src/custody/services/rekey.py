"""Change the root of a vault and destroy the one before: what was erased until now is final (A5, A8, D1)."""

from collections.abc import Mapping
from typing import cast

from custody.acts.desk import Desk
from custody.acts.mirroring import mirrored
from custody.acts.replay import stray_generations
from custody.acts.rotate import destroy_stray, rotate
from custody.acts.sole import sole_writer
from custody.acts.vaults import terms_said, vault_row
from custody.base.canonical import Json


@sole_writer("vault", "vault")
def rekey(desk: Desk, vault: str | None) -> Mapping[str, Json]:
    """One rotation, or the rest of one that was cut off. Raises Unavailable `vault.root-lost`, `backup.place`, `mirror.out`."""
    desk.require(("owner", "operator"))
    with desk.store.read() as tx:
        row = vault_row(tx, desk.space, vault)
        name = str(row["id"])
        strays = stray_generations(tx, desk.space, name)
    for generation in strays:
        destroy_stray(desk, name, generation)
    done = rotate(desk, name, cast("int", row["generation"]))
    with desk.store.read() as tx:
        waiting = tx.count("erasure", vault=name, final_at="")
        final = tx.count("erasure", vault=name) - waiting
        live = vault_row(tx, desk.space, str(row["name"]))
    return {"vault": str(row["name"]), "generation": live["generation"], "destroyed": done["g"], "effective_at": done["effective_at"],
            "assurance": done["assurance"], "provider": done.get("provider"), "spares": done.get("spares"), "now": terms_said(desk, live),
            "final_slots": final, "waiting_slots": waiting, "mirrored": mirrored(desk)}  # fmt: skip
