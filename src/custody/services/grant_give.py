"""Give a grant that another person asked for (A3; spec/access.md §2)."""

from collections.abc import Mapping

from custody.acts.desk import Desk
from custody.acts.entitlements import another, asked, decided, sign, told
from custody.base.canonical import Json


def grant_give(desk: Desk, named: str) -> Mapping[str, Json]:
    """Never to oneself. Giving it twice changes nothing. Raises Missing `entitlement.unknown`, Denied `entitlement.own`, Refused `entitlement.over`."""
    desk.require(("owner", "privacy", "lawyer"))
    today = desk.today()
    with desk.store.write() as tx:
        row = asked(tx, desk.space, named)
        another(desk, str(row["principal"]))
        if row["state"] == "given":
            return {**told(tx, row, today), "resumed": True}
        sign(desk, tx, row)
        position = decided(desk, tx, row, "given")
        return {**told(tx, asked(tx, desk.space, named), today), "resumed": False, "ledger": f"{desk.space}@{position}"}
