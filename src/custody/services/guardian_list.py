"""Whose yes for a child waits for a guardian's paper, and for whom one was seen (B2; spec/consent.md §8)."""

from collections.abc import Mapping

from custody.acts.desk import Desk
from custody.acts.guardian_rows import READERS, children, told
from custody.acts.matters import deals
from custody.base.canonical import Json


def guardian_list(desk: Desk, most: int | None = None, start: int = 0) -> Mapping[str, Json]:
    """Of the open deals: who waits before whom a paper was seen for, and of those who waits longest; `most` of them from `start` on."""
    desk.require(READERS)
    with desk.store.read() as tx:
        found = sorted(
            (each for deal in deals(desk, tx, state="open") for each in children(tx, deal)),
            key=lambda each: (not each.waits, str(each.said and each.said["at"])),
        )
        listed = [told(desk, tx, each) for each in found[start:][:most]]
    return {"guardians": list[Json](listed), "total": len(found), "waiting": sum(each.waits for each in found)}
