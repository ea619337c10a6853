"""Holds: what must not be destroyed stays, whoever asks for it (A8). Set, released and listed; entered each time."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple, cast

from custody.acts.about import append_about
from custody.acts.approval import content_hash, demand
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
from custody.ports.store import Cells, Row, Transaction, one
from custody.privacy.retention import today

KEEPERS: Final = ("owner", "privacy", "lawyer")
ACT: Final = "hold-release"
_REASON: Final = re.compile(r"[a-z][a-z0-9._-]{0,63}")


class _Hold(NamedTuple):
    """Of whom, for which reason, until when."""

    subject: str
    reason: str
    until: str


@sole_writer("vault", "vault")
def hold_add(
    desk: Desk, subject: str, reason: str, until: str, vault: str | None, *, dry_run: bool = False
) -> Mapping[str, Json]:
    """From the commit on no erasure takes this customer. Setting it again changes its date: an earlier one as `hold_release`. Raises `hold.*`."""
    desk.require(KEEPERS)
    _check(reason, until)
    return _change(desk, _Hold(subject, reason, until), vault, "hold-set", dry_run=dry_run)


@sole_writer("vault", "vault")
def hold_release(
    desk: Desk, subject: str, reason: str, vault: str | None, *, dry_run: bool = False
) -> Mapping[str, Json]:
    """The hold for this reason ends; others stay. Whoever set it ends it; for anybody else it takes a second person, for what it kept may go at once.

    Raises Missing `hold.unknown`, Refused `act.unapproved`.
    """
    desk.require(KEEPERS)
    return _change(desk, _Hold(subject, reason, ""), vault, "hold-released", dry_run=dry_run)


def hold_list(desk: Desk, vault: str | None) -> Mapping[str, Json]:
    """Every live hold of a vault."""
    with desk.store.read() as tx:
        row = vault_row(tx, desk.space, vault)
        rows = holds(tx, str(row["id"]), stamp(desk.clock.now()))
    found: list[Json] = [
        {"subject": ids.subject_text(subject), "reason": str(each["reason"]), "until": str(each["until"]), "mine": each["by"] == desk.principal.id}
        for subject, several in sorted(rows.items()) for each in several
    ]  # fmt: skip
    return {"vault": str(row["name"]), "held": len(rows), "holds": found}


def _change(desk: Desk, what: _Hold, vault: str | None, kind: str, *, dry_run: bool) -> Mapping[str, Json]:
    told = _changed(desk, what, vault, kind, dry_run=dry_run)
    if dry_run:
        return told
    # Also of one that was set before: whoever was killed before its mirror knew it says it again.
    return {**told, "mirrored": mirrored(desk)}


def _changed(desk: Desk, what: _Hold, vault: str | None, kind: str, *, dry_run: bool) -> dict[str, Json]:
    subject, told = ids.subject_bytes(what.subject), dict[str, Json](what._asdict())
    with desk.store.write() as tx:
        row = vault_row(tx, desk.space, vault)
        name = str(row["id"])
        require_writable(tx, name)
        where: Cells = {"vault": name, "subject": subject, "reason": what.reason}
        known = _live(desk, one(tx, "hold", **where))
        if kind == "hold-released" and known is None:
            raise Missing("hold.unknown", "There is no such hold.", next="custody hold list")
        if kind == "hold-set" and known and known["until"] == what.until and known["by"] in {desk.principal.id, ""}:
            return {**told, "resumed": True}
        _require_live(tx, name, subject)
        asked = _another(desk, where, known, kind, what.until)
        if dry_run:
            return {**told, "dry_run": True, **({"would": {"approve": [ACT, asked]}} if asked else {})}
        approval = demand(desk, tx, ACT, asked, once=True) if asked else ""
        by = desk.principal.id if known is None or known["by"] == desk.principal.id else ""
        tx.drop("hold", **where)
        if kind == "hold-set":
            tx.add("hold", [{**where, "until": what.until, "by": by}])
        detail: dict[str, Json] = {"subject": subject.hex(), "reason": what.reason, "until": what.until}
        now = stamp(desk.clock.now())
        who = own_about(desk, tx, name, subject, now)
        says: dict[str, Json] = {"vault": name, "reason": what.reason, "principal": desk.principal.id, "by": by}
        says |= {"approval": approval} if approval else {}
        position = append_about(tx, desk.space, now, kind, says, who=who, detail=detail)
    return {**told, "ledger": f"{desk.space}@{position}", "resumed": False}


def _live(desk: Desk, row: Row | None) -> Row | None:
    """One that is over holds nothing: whoever sets it anew sets it."""
    over = row is not None and row["until"] and str(row["until"]) < today(desk.clock.now()).isoformat()
    return None if over else row


def _another(desk: Desk, where: Cells, known: Row | None, kind: str, until: str) -> str:
    """What a second person signs to end, or end sooner, what is not the acting person's alone; '' where they need nobody.

    What several set is nobody's alone: whoever lets it last as long or longer has set it, too.
    """
    if known is None or known["by"] == desk.principal.id:
        return ""
    if kind == "hold-set" and (not until or (known["until"] and until >= str(known["until"]))):
        return ""
    end = until if kind == "hold-set" else ""
    return content_hash({
        "act": ACT, "vault": str(where["vault"]), "subject": cast("bytes", where["subject"]).hex(), "reason": str(where["reason"]),
        "from": str(known["until"]), "to": end, "by": desk.principal.id,
    })  # fmt: skip


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
