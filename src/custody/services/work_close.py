"""End what a customer had open when their data came, by hand and with a word: custody does not see the shop's own books (B4, E5)."""

from collections.abc import Mapping
from typing import Final

from custody.acts import customer_work, members
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.mirroring import mirrored
from custody.acts.owning import require_lead, vaults
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed, Missing

HOWS: Final = ("done", "cancelled", "not-open", "elsewhere")
"""Seen to; called off with the customer; not open at all; in another system, which has an owner for it."""
CLOSERS: Final = ("owner", "privacy", "data", "department")


def work_close(desk: Desk, work: str, how: str) -> Mapping[str, Json]:
    """`work` is one piece, or a table's name: all of it; what ended before stays as it ended, and done again it changes nothing. Requests and corrections end by what is done for them. A whole table of several customers is ended by an owner or whoever leads its deal: `work reopen` takes it back. Raises Missing `work.unknown`, Malformed `work.how`, Denied `work.lead`."""
    desk.require(CLOSERS)
    if how not in HOWS:
        raise Malformed("work.how", f"How it ended is one of: {', '.join(HOWS)}.")
    with desk.store.write() as tx:
        found = [
            row for row in customer_work.named(tx, vaults(desk, tx), work) if members.sees(desk, tx, str(row["matter"]))
        ]
        if not found:
            raise Missing(
                "work.unknown", "No open work is called so; what has ended has no owner.", next="custody work list"
            )
        found, now = [row for row in found if not row["closed_at"]], stamp(desk.clock.now())
        if not found:
            return {"work": work, "closed": 0, "how": how}
        require_lead(desk, tx, found)
        for row in found:
            tx.change(
                customer_work.TABLE, {"closed_at": now, "closed_by": desk.principal.id, "how": how},
                vault=row["vault"], subject=row["subject"], tbl=row["tbl"],
            )  # fmt: skip
        names: list[Json] = [customer_work.name_of(row) for row in found]
        says: dict[str, Json] = {"n": len(names), "how": how, "principal": desk.principal.id}
        position = append(tx, desk.space, now, "work-closed", says, detail={"work": names})
    return {
        "work": work,
        "closed": len(names),
        "how": how,
        "ledger": f"{desk.space}@{position}",
        "mirrored": mirrored(desk),
    }
