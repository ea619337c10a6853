"""Who said what of their copies when they left, and who has not (C9)."""

from collections.abc import Mapping

from custody.acts.desk import Desk
from custody.acts.leavers import STATES, said_by
from custody.acts.matters import deal
from custody.base.canonical import Json


def leaver_list(desk: Desk, named: str) -> Mapping[str, Json]:
    """Everybody who may act or ever could, with what they signed. Raises Broken `leaver.foreign`."""
    with desk.store.read() as tx:
        said = said_by(tx, str(deal(desk, tx, named)["id"]))
        order = {who: n for n, who in enumerate(said, 1)}
        rows = tx.find("principal", order=("handle",), party=desk.space)
    people: list[Json] = [
        {"id": str(row["id"]), "handle": str(row["handle"]), "roles": str(row["roles"]).split(","), "said": said.get(str(row["id"])), "n": order.get(str(row["id"])), "gone": bool(row["revoked_at"]),
         "mine": row["id"] == desk.principal.id}
        for row in rows
    ]  # fmt: skip
    return {"people": people, "states": list[Json](STATES)}
