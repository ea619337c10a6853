"""Take a correction back within its time: what stood there before stands there again, and whoever was told is told again (A7)."""

from collections.abc import Mapping
from typing import cast

from custody.acts import corrections
from custody.acts.agreed_corrections import LONGEST, take_back
from custody.acts.desk import Desk
from custody.acts.mirroring import mirrored
from custody.acts.sole import holding
from custody.base.canonical import Json
from custody.base.errors import Malformed
from custody.ports.store import one


def correction_undo(desk: Desk, correction: str, reason: str) -> Mapping[str, Json]:
    """`reason` is kept sealed under the person's own key. Raises Refused `correction.late`, `correction.state`, Malformed `freshness.reason`."""
    desk.require(("owner", "privacy", "data", "department"))
    if not 0 < len(reason.strip()) <= LONGEST:
        raise Malformed("freshness.reason", "Say why, in at most 400 characters.", next='--reason "…"')
    with desk.store.read() as tx:
        row = corrections.named(tx, desk.space, correction)
        vault = str(cast("Mapping[str, object]", one(tx, "vault", id=row["vault"]))["name"])
    with holding(desk, vault):
        take_back(desk, row, reason.strip())
    return {**corrections.shown(desk, correction), "mirrored": mirrored(desk)}
