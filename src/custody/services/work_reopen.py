"""Open again what was ended by mistake of what a customer had open when their data came (B4, E5; spec/requests.md §5)."""

from collections.abc import Mapping

from custody.acts import customer_work, members
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.mirroring import mirrored
from custody.acts.owning import require_lead, vaults
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Missing


def work_reopen(desk: Desk, work: str) -> Mapping[str, Json]:
    """`work` is one piece, or a table's name: what the last word on it ended together, and nothing that was ended before. Done again it changes nothing. Raises Missing `work.unknown`, Denied `work.lead`."""
    desk.require(("owner", "privacy", "data", "department"))
    with desk.store.write() as tx:
        found = [
            row for row in customer_work.named(tx, vaults(desk, tx), work) if members.sees(desk, tx, str(row["matter"]))
        ]
        if not found:
            raise Missing(
                "work.unknown", "No open work is called so; what has ended has no owner.", next="custody work list"
            )
        last = max(str(row["closed_at"]) for row in found)
        if not last or (":" in work and not all(row["closed_at"] for row in found)):
            return {"work": work, "opened": 0}
        ended = [row for row in found if row["closed_at"] == last]
        require_lead(desk, tx, ended)
        for row in ended:
            tx.change(
                customer_work.TABLE, {"closed_at": "", "closed_by": "", "how": ""},
                vault=row["vault"], subject=row["subject"], tbl=row["tbl"],
            )  # fmt: skip
        names: list[Json] = [customer_work.name_of(row) for row in ended]
        says: dict[str, Json] = {"n": len(names), "principal": desk.principal.id}
        position = append(tx, desk.space, stamp(desk.clock.now()), "work-reopened", says, detail={"work": names})
    return {"work": work, "opened": len(names), "ledger": f"{desk.space}@{position}", "mirrored": mirrored(desk)}
