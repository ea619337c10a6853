"""End somebody's right to act: from this moment their key, grants and tokens open nothing, and they hold no share of a later key (D1, A4). Their entries and signatures stay."""

from collections.abc import Mapping
from typing import Final

from custody.acts import entitlements
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.holders import let_go
from custody.acts.people import end_right
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Missing, Refused
from custody.ports.store import one

ENDERS: Final = ("owner",)


def principal_end(desk: Desk, handle: str, *, dry_run: bool = False) -> Mapping[str, Json]:
    """Ending twice changes nothing; `dry_run` says what would end. Nobody ends their own right, so an owner is always left.

    Raises Missing `principal.unknown`, Refused `principal.self`, Denied `act.role`.
    """
    desk.require(ENDERS)
    with desk.store.write() as tx:
        now = stamp(desk.clock.now())
        row = one(tx, "principal", party=desk.space, handle=handle)
        if row is None:
            raise Missing("principal.unknown", f"Nobody here is called {handle}.", next="custody principal list")
        person = str(row["id"])
        if person == desk.principal.id:
            raise Refused("principal.self", "Nobody ends their own right to act.", next="Another owner ends it; there is one after custody principal new.")  # fmt: skip
        grants = sum(1 for _ in entitlements.live(tx, person, desk.today()))
        tokens = tx.count("api_token", owner=person, revoked_at="")
        told: dict[str, Json] = {"id": person, "handle": handle, "roles": sorted(str(row["roles"]).split(",")), "grants": grants, "tokens": tokens}  # fmt: skip
        if row["revoked_at"]:
            return {**told, "until": str(row["revoked_at"]), "resumed": True}
        if dry_run:
            return {**told, "dry_run": True, "would": True}
        end_right(tx, person, now)
        let_go(tx, desk.space, now, (handle,))
        position = append(tx, desk.space, now, "principals-revoked", {"principals": [person]})
    return {**told, "until": now, "resumed": False, "ledger": f"{desk.space}@{position}"}
