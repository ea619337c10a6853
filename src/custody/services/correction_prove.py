"""The code that went to the old channel was read back: the correction is done, and can be taken back for as long as the policy says (A7)."""

from collections.abc import Mapping
from typing import cast

from custody.acts import correction_tries, corrections
from custody.acts.agreed_corrections import asked_value, carry_out
from custody.acts.correcting import cell_at
from custody.acts.desk import Desk
from custody.acts.mirroring import mirrored
from custody.acts.sole import holding
from custody.base.canonical import Json
from custody.base.errors import Denied, Refused
from custody.ports.store import Row, one
from custody.privacy.corrections import high_risk


def correction_prove(desk: Desk, correction: str, code: str) -> Mapping[str, Json]:
    """Each try counts before it is looked at. Raises Denied `correction.same`, `correction.code`, `correction.tries`, `correction.tries-person`, Refused `correction.state`."""
    desk.require(("owner", "privacy", "data", "department"))
    with desk.store.read() as tx:
        asked = corrections.named(tx, desk.space, correction)
        vault = str(cast("Mapping[str, object]", one(tx, "vault", id=asked["vault"]))["name"])
    with holding(desk, vault):  # from the first look: of two who read the code back at once, one finds it done
        _prove(desk, correction, code)
    return {**corrections.shown(desk, correction), "mirrored": mirrored(desk)}


def _prove(desk: Desk, correction: str, code: str) -> None:
    with desk.store.write() as tx:
        row = corrections.named(tx, desk.space, correction)
        if row["state"] != corrections.WAITING:
            raise Refused(
                "correction.state", "This correction does not wait for a code.", next="custody correction list"
            )
        _require_another(desk, row)
        correction_tries.count(desk, tx, row)
        right = corrections.check_code(desk, row, code.strip())
        if not right:
            correction_tries.lock(desk, tx, row)
    if not right:
        raise Denied(
            "correction.code", "This is not the code that was sent, or it is too old.", next="custody correction new"
        )
    with desk.store.read() as tx:
        vault, subject = str(row["vault"]), cast("bytes", row["subject"])
        cell = cell_at(tx, vault, subject, corrections.place_of(row))
        value = asked_value(desk, tx, row)
    draft = corrections.Draft(
        vault,
        subject,
        str(row["tbl"]),
        str(row["col"]),
        cell,
        str(row["proof"]),
        str(row["reason"]),
        str(row["channel"]),
    )
    carry_out(desk, dict(row), draft, value)


def _require_another(desk: Desk, row: Row) -> None:
    """Whoever took it in had its code before it went out: of what is high risk, that person proves nothing. Raises Denied `correction.same`."""
    if high_risk(str(row["cls"])) and row["principal"] == desk.principal.id:
        raise Denied("correction.same", "Whoever took this correction in had its code: another member of staff proves it.",
                     next="Let a colleague run: custody correction prove")  # fmt: skip
