"""Finish what a hold kept of a recall once the hold ended, and answer the seller again (C7, spec/package.md §5)."""

from collections.abc import Mapping

from custody.acts.desk import Desk
from custody.acts.held_back import rests
from custody.acts.mirroring import mirrored
from custody.acts.recalling import go_on, told
from custody.acts.sole import sole_writer
from custody.acts.vaults import vault_row
from custody.base.canonical import Json


@sole_writer("vault", "vault")
def recalls_due(desk: Desk, vault: str | None) -> Mapping[str, Json]:
    """What is free by now is shredded under the approval that the recall had; `custody receive` lays the answer where the seller reads it. Raises Unavailable `vault.restored`."""
    desk.require(("owner", "operator"))
    with desk.store.write() as tx:
        row = vault_row(tx, desk.space, vault)
        deals = tx.find("matter", order=("id",), vault=str(row["id"]), party=desk.space)
        went = [one for matter in deals for one in go_on(desk, tx, matter)]
        left = sum(rest.held for matter in deals for rest in rests(tx, str(matter["id"])))
    return {"vault": str(row["name"]), "recalls": told(went), "held": left, "mirrored": mirrored(desk),
            "next": "custody receive DEAL --at FOLDER" if went else ""}  # fmt: skip
