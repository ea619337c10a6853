"""Holds: what must not be destroyed stays, whoever asks for it (A8). Set, released and listed; entered each time."""

import re
from collections.abc import Mapping
from typing import Final

from custody.acts.about import append_about
from custody.acts.desk import Desk
from custody.acts.erasing import LIVE
from custody.acts.mirroring import mirrored
from custody.acts.own_evidence import own_about
from custody.acts.shred import holds
from custody.acts.sole import sole_writer
from custody.acts.vaults import require_writable, vault_row
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import day, stamp
from custody.base.errors import Malformed, Missing
from custody.ports.store import Cells, Transaction, one

KEEPERS: Final = ("owner", "privacy", "lawyer")
_REASON: Final = re.compile(r"[a-z][a-z0-9._-]{0,63}")


@sole_writer("vault", "vault")
def hold_add(desk: Desk, subject: str, reason: str, until: str, vault: str | None) -> Mapping[str, Json]:
    """From the commit on no erasure takes this customer. Setting it again changes its date. Raises `hold.*`."""
    desk.require(KEEPERS)
    _check(reason, until)
    return _change(desk, (subject, reason, until), vault, kind="hold-set")


@sole_writer("vault", "vault")
def hold_release(desk: Desk, subject: str, reason: str, vault: str | None) -> Mapping[str, Json]:
    """The hold for this reason ends; others stay. Raises Missing `hold.unknown`."""
    desk.require(KEEPERS)
    return _change(desk, (subject, reason, ""), vault, kind="hold-released")


def hold_list(desk: Desk, vault: str | None) -> Mapping[str, Json]:
    """Every live hold of a vault."""
    with desk.store.read() as tx:
        row = vault_row(tx, desk.space, vault)
        rows = holds(tx, str(row["id"]), stamp(desk.clock.now()))
    found: list[Json] = [
        {"subject": ids.subject_text(subject), "reason": str(each["reason"]), "until": str(each["until"])}
        for subject, several in sorted(rows.items()) for each in several
    ]  # fmt: skip
    return {"vault": str(row["name"]), "held": len(rows), "holds": found}


def _change(desk: Desk, what: tuple[str, str, str], vault: str | None, *, kind: str) -> Mapping[str, Json]:
    text, reason, until = what
    subject = ids.subject_bytes(text)
    with desk.store.write() as tx:
        row = vault_row(tx, desk.space, vault)
        name = str(row["id"])
        require_writable(tx, name)
        where: Cells = {"vault": name, "subject": subject, "reason": reason}
        known = one(tx, "hold", **where)
        if kind == "hold-released" and known is None:
            raise Missing("hold.unknown", "There is no such hold.", next="custody hold list")
        if kind == "hold-set" and known is not None and known["until"] == until:
            return {"subject": text, "reason": reason, "until": until, "resumed": True}
        tx.drop("hold", **where)
        if kind == "hold-set":
            tx.add("hold", [{**where, "until": until}])
        detail: dict[str, Json] = {"subject": subject.hex(), "reason": reason, "until": until}
        _require_live(tx, name, subject)
        now = stamp(desk.clock.now())
        who, says = own_about(desk, tx, name, subject, now), {"vault": name, "reason": reason}
        position = append_about(tx, desk.space, now, kind, says, who=who, detail=detail)
    return {"subject": text, "reason": reason, "until": until, "mirrored": mirrored(desk),
            "ledger": f"{desk.space}@{position}", "resumed": False}  # fmt: skip


def _require_live(tx: Transaction, vault: str, subject: bytes) -> None:
    row = one(tx, "subject", vault=vault, id=subject)
    if row is None or row["state"] != LIVE:
        raise Missing("subject.unknown", "This vault has no such customer.", next="custody lookup VALUE")


def _check(reason: str, until: str) -> None:
    if not _REASON.fullmatch(reason):
        raise Malformed(
            "hold.reason", "The reason of a hold is a code: a-z, 0-9, dot, dash.", next="--reason dispute.2026-14"
        )
    if until and day(until) is None:
        raise Malformed("hold.until", "The end of a hold is a date, or none.", next="--until 2027-12-31")
