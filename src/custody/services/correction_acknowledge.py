"""A processor, or who keeps a copy, has said that they know of a correction; or somebody looked into what a buyer does not hold: what somebody says here is attested, not proven (A7; spec/freshness.md §4)."""

from collections.abc import Mapping

from custody.acts import corrections
from custody.acts.copy_names import meant
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.mirroring import mirrored
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Denied, Missing, Refused
from custody.ports.store import Row, one


def correction_acknowledge(desk: Desk, correction: str, name: str) -> Mapping[str, Json]:
    """Raises Missing `correction.unknown`, `correction.recipient`, Refused `correction.reached`, Denied `correction.own`. Saying it again changes nothing."""
    desk.require(("owner", "privacy", "data"))
    with desk.store.write() as tx:
        now = stamp(desk.clock.now())
        row = corrections.named(tx, desk.space, correction)
        name = meant(tx, str(row["vault"]), name)
        to = one(tx, "correction_to", correction=correction, name=name)
        if to is not None and to["kind"] == corrections.OLD:
            _require_unreached(desk, row, to)
        elif to is None or (to["kind"] not in corrections.ATTESTED and to["state"] != corrections.ABSENT):
            raise Missing(
                "correction.recipient",
                "No processor or keeper of that name was to be told of it.",
                next="custody correction list",
            )
        says: dict[str, Json] = {"correction": correction, "copy": name, "principal": desk.principal.id}
        position = append(tx, desk.space, now, "correction-acknowledged", says)
        tx.change("correction_to", {"state": corrections.TOLD, "at": now}, correction=correction, name=name)
        told = corrections.told(desk, tx, row, now, corrections.Buyers(desk, tx))
    return {**told, "mirrored": mirrored(desk), "ledger": f"{desk.space}@{position}"}


def _require_unreached(desk: Desk, row: Row, to: Row) -> None:
    """That an old address was told is said by hand only where no message reaches it, and by another than took the correction in."""
    if to["state"] not in (*corrections.BY_HAND, corrections.TOLD):
        raise Refused(
            "correction.reached",
            "A message can reach the old address, or is on its way.",
            next="custody correction warn",
        )
    if row["principal"] == desk.principal.id:
        raise Denied("correction.own", "Whoever took a correction in does not say that its old address was told.",
                     next="Let a colleague tell them and run: custody correction acknowledge")  # fmt: skip
