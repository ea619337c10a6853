"""Take a place for backups off the list (A5): entered; by an owner and a second person where it is the last or a rotation waits for it (spec/vault.md §21)."""

from collections.abc import Mapping
from typing import Final

from custody.acts.approval import content_hash, demand
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.listed_places import KEEPERS, waiting
from custody.acts.mirroring import mirrored
from custody.acts.sole import sole_writer
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Missing
from custody.ports.store import Transaction, one

ACT: Final = "backup-forget"


@sole_writer("all")
def backup_forget(desk: Desk, place: str, *, dry_run: bool = False) -> Mapping[str, Json]:
    """Nobody renews it any more, and what keys it holds die with their root. A rotation that waits for it waits until another is on the list.

    Raises Missing `backup.unknown`, Refused `act.unapproved`.
    """
    desk.require(KEEPERS)
    with desk.store.write() as tx:
        told, content = _asked(desk, tx, place)
        if dry_run:
            return {**told, "dry_run": True, **({"would": {"approve": [ACT, content]}} if content else {})}
        approval = demand(desk, tx, ACT, content, once=True) if content else ""
        tx.drop("backup_place", space=desk.space, place=place)
        says: dict[str, Json] = {"left": told["left"], "principal": desk.principal.id}
        says |= {"approval": approval} if approval else {}
        now = stamp(desk.clock.now())
        position = append(tx, desk.space, now, "backup-forgotten", says, detail={"place": place})
    return {**told, "mirrored": mirrored(desk), "ledger": f"{desk.space}@{position}"}


def _asked(desk: Desk, tx: Transaction, place: str) -> tuple[dict[str, Json], str]:
    """What becomes of the list, and what a second person signs; '' where one is enough. Raises Denied `act.role`."""
    if one(tx, "backup_place", space=desk.space, place=place) is None:
        raise Missing("backup.unknown", "This place is not on the list.", next="custody backup")
    names, left = list[Json](waiting(tx, desk.space)), tx.count("backup_place", space=desk.space) - 1
    told: dict[str, Json] = {"place": place, "left": left, **({"rotating": names} if names else {})}
    if left and not names:
        return told, ""
    desk.require(("owner",))
    return told, content_hash({"act": ACT, "party": desk.space, "place": place, "left": left, "waiting": names})
