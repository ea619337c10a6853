"""Renew a vault: from now on it writes in another suite, and what lies in the one before moves, a page at a time (A1, E8)."""

from collections import Counter
from collections.abc import Mapping
from typing import cast

from custody.acts.desk import Desk
from custody.acts.foreign import foreign
from custody.acts.matters import ENDED
from custody.acts.mirroring import mirrored
from custody.acts.renewing import left, renew_page, turn
from custody.acts.sole import sole_writer
from custody.acts.vaults import vault_row, writes_in
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed, Refused
from custody.ports.store import Row, Transaction
from custody.vault.suite import suite_of


@sole_writer("vault", "vault")
def vault_renew(
    desk: Desk, vault: str | None, suite: int | None = None, *, most: int | None = None, dry_run: bool = False
) -> Mapping[str, Json]:
    """Turn `vault` to `suite` (None: the one it writes in) and renew `most` of its pages (None: all of them).

    Whoever has a record that nobody can read stays in the suite of before; such records are counted (`unread`), and `vault check` names them.

    Stopped anywhere, it goes on where it was. Raises Refused `renew.shipped`, `renew.foreign`, Malformed `vault.suite`.
    """
    desk.require(("owner", "operator"))
    if most is not None and most < 1:
        raise Malformed("renew.most", "Renew one page or more.")
    with desk.store.read() as tx:
        row = vault_row(tx, desk.space, vault)
        wanted = writes_in(row) if suite is None else suite_of(suite)
        before = left(tx, {**row, "suite": wanted.number}, stamp(desk.clock.now()))
        if before.keys > before.held or wanted is not writes_in(row):
            _require_free(tx, row)
    told: dict[str, Json] = {"vault": str(row["name"]), "suite_before": row["suite"], "suite": wanted.number}
    if dry_run:
        return {**told, "would": {"keys": before.keys - before.held, "held": before.held}}
    if wanted is not writes_in(row):
        desk.require(("owner",))
        turn(desk, str(row["id"]), wanted)
    moved, pages, lost = 0, 0, Counter[bytes]()
    row = {**row, "suite": wanted.number}
    while (most is None or pages < most) and (keys := renew_page(desk, row, lost)):
        moved, pages = moved + keys, pages + 1
    with desk.store.read() as tx:
        after = left(tx, row, stamp(desk.clock.now()))
    done = after.keys == after.held
    return {**told, "pages": pages, "keys": moved, "left": after.keys - after.held, "held": after.held, "done": done,
            "unread": lost.total(), "mirrored": mirrored(desk), "next": "custody vault check" if lost else "custody compact, then custody rekey" if done and moved else ""}  # fmt: skip


def _require_free(tx: Transaction, vault: Row) -> None:
    """Nothing of the vault is on its way: what was shipped is opened by the keys that it was shipped under."""
    name = str(vault["id"])
    if foreign(tx, name):
        raise Refused(
            "renew.foreign", "What was received lies here under the seller's keys.", next="custody reseal DEAL first"
        )
    for matter in tx.find("matter", order=("id",), vault=name):
        if matter["state"] not in ENDED and tx.count("statement", matter=str(matter["id"]), kind="shipped"):
            raise Refused("renew.shipped", "A deal of this vault is under way, and its package is opened by these keys.",
                          where={"deal": cast("str", matter["ref"])}, next="Renew before shipping, or when the deal is over.")  # fmt: skip
