"""Change the root of a vault and destroy the one before: what was erased until now is final (A5, A8, D1)."""

from collections.abc import Mapping
from datetime import timedelta

from custody.acts.desk import Desk
from custody.acts.destroys import latest, waits_for
from custody.acts.foreign import foreign, waits_for_rotation
from custody.acts.generations import stray_generations
from custody.acts.list_anew import begin_anew, brought_back
from custody.acts.list_moved import move_list
from custody.acts.mirroring import mirrored
from custody.acts.paper_sheets import last_switch
from custody.acts.rotate import destroy_stray, rotate, unfinished
from custody.acts.sole import sole_writer
from custody.acts.vaults import RESTORED, terms_said, vault_row
from custody.base.canonical import Json
from custody.base.clock import parse
from custody.ports.store import Row, Transaction


@sole_writer("vault", "vault")
def rekey(desk: Desk, vault: str | None, *, idle_days: int = 0) -> Mapping[str, Json]:
    """One rotation, or the rest of one that was cut off.

    With `idle_days` a root under which nothing waits to be final stays so long, and with it the recovery sheets. Raises Unavailable `vault.root-lost`, `backup.place`, `mirror.out`.
    """
    desk.require(("owner", "operator"))
    listed = move_list(desk)
    with desk.store.read() as tx:
        row = vault_row(tx, desk.space, vault)
        name = str(row["id"])
        if idle_days and not _called_for(desk, tx, row, idle_days):
            return {"vault": str(row["name"]), "generation": row["generation"], "rotated": False}
        strays = stray_generations(tx, desk.space, name)
        unlisted = row["state"] == RESTORED and brought_back(tx, desk.space, name) is not None
    if unlisted:
        begin_anew(desk)  # whoever brought it back died before the list, and nobody looks at it later
    for generation in strays:
        destroy_stray(desk, name, generation)
    done = rotate(desk, name)
    with desk.store.read() as tx:
        waiting = tx.count("erasure", vault=name, final_at="")
        final = tx.count("erasure", vault=name) - waiting
        live = vault_row(tx, desk.space, str(row["name"]))
        why = waits_for(tx, name) if waiting else []
        at = latest(tx, name, str(done["effective_at"]))
    return {"vault": str(row["name"]), "generation": live["generation"], "destroyed": done["g"], "effective_at": at,
            "assurance": done["assurance"], "provider": done.get("provider"), "spares": done.get("spares"), "now": terms_said(desk, live),
            "final_slots": final, "waiting_slots": waiting, "waits_for": list[Json](why), "list_moved": listed.moved, "list_fault": listed.fault, "mirrored": mirrored(desk)}  # fmt: skip


def _called_for(desk: Desk, tx: Transaction, row: Row, days: int) -> bool:
    """Whether a rotation has something to do: keys that wait to be gone, one that was cut off, a restore, a root that is old."""
    name = str(row["id"])
    # What waits for a lost root or a re-seal is of a generation before this one: no rotation makes it final before.
    waiting = tx.count("erasure", vault=name, final_at="", generation=row["generation"])
    waits = row["state"] == RESTORED or waiting > 0 or (not foreign(tx, name) and waits_for_rotation(tx, name))
    since = last_switch(tx, row)
    old = not since or desk.clock.now() >= parse(since) + timedelta(days=days)
    return waits or old or bool(unfinished(tx, name)) or bool(stray_generations(tx, desk.space, name))
