"""Refuse a grant that somebody asked for (A3)."""

from collections.abc import Mapping

from custody.acts.desk import Desk
from custody.acts.entitlements import asked, decided, told
from custody.base.canonical import Json


def grant_refuse(desk: Desk, named: str) -> Mapping[str, Json]:
    """Also one's own wish, taken back. Raises Missing `entitlement.unknown`, Refused `entitlement.over`."""
    today = desk.today()
    with desk.store.write() as tx:
        row = asked(tx, desk.space, named)
        if row["principal"] != desk.principal.id:
            desk.require(("owner", "privacy", "lawyer"))
        if row["state"] == "refused":
            return {**told(tx, row, today), "resumed": True}
        position = decided(desk, tx, row, "refused")
        return {**told(tx, asked(tx, desk.space, named), today), "resumed": False, "ledger": f"{desk.space}@{position}"}
