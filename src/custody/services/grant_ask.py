"""Ask for a grant: a tier, for a purpose, until a day, with a reason; another person gives it (A3; spec/access.md §2)."""

from collections.abc import Mapping
from typing import Final

from custody.acts.desk import Desk
from custody.acts.entitlements import GRANT, Wish, last_day, new_row, sign, told, worded
from custody.acts.evidence import append
from custody.acts.policies import ACCESS
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed
from custody.privacy.access import PURPOSES, ROLES, TIERS

_NONE: Final = b""


def grant_ask(desk: Desk, tier: str, purpose: str, until: str, reason: str, subject: str | None) -> Mapping[str, Json]:
    """For oneself. Raises Malformed `entitlement.what`, `entitlement.until`, `entitlement.reason`."""
    desk.person()
    desk.require(ROLES)
    if tier not in TIERS or purpose not in PURPOSES:
        raise Malformed(
            "entitlement.what",
            "A grant is for a tier and a purpose.",
            next=f"One of: {', '.join((*TIERS, *PURPOSES))}.",
        )
    with desk.store.write() as tx:
        now = desk.clock.now()
        most = ACCESS.in_force(tx, desk.space).policy.grant_days
        about = ids.subject_bytes(subject) if subject else _NONE
        wish = Wish(
            GRANT,
            desk.principal.id,
            tier,
            desk.today().isoformat(),
            last_day(until, desk.today(), most),
            purpose,
            about,
            worded(reason),
        )
        row = new_row(wish, desk.space) | {"asked_at": stamp(now)}
        sign(desk, tx, row)
        tx.add("entitlement", [row])
        says: dict[str, Json] = {
            "id": str(row["id"]),
            "principal": desk.principal.id,
            "kind": GRANT,
            "content": str(row["content"]),
        }
        position = append(tx, desk.space, stamp(now), "entitlement-asked", says)
        return {**told(tx, row, desk.today()), "ledger": f"{desk.space}@{position}"}
