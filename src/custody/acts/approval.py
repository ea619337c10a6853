"""Two people for what cannot be undone: approvals signed over (act, content hash, expiry) by another person's key."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Final, cast

from custody.acts import one_hand
from custody.acts.desk import Desk
from custody.acts.members import live
from custody.acts.people import behind, by_id, principal, proved, still_acts
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.base.clock import parse, stamp
from custody.base.errors import CustodyError, Refused
from custody.base.signing import Signatures
from custody.model.party import EVERY_DEAL, MACHINES, Principal
from custody.ports.store import Cells, Row, Transaction

LIFE: Final = timedelta(hours=24)
APPROVERS: Final = frozenset(("owner", "privacy", "lawyer", "advisor"))
LAPSED: Final = "clock"
"""Used by nobody: given under a clock that was ahead (decision 117)."""
_LABEL: Final = b"custody/approval/1\0"


def content_hash(content: Mapping[str, Json]) -> str:
    """What an approval binds to: the hash of exactly what will be done."""
    return "sha256:" + hashlib.sha256(canonical.encode(dict(content))).hexdigest()


def give(desk: Desk, tx: Transaction, act: str, content: str) -> str:
    """Sign one's approval of `act` on `content`; returns its id."""
    desk.person()
    expires = stamp(desk.clock.now() + LIFE)
    signatures = desk.actor.sign(_message(act, content, expires))
    approval = ids.new("evd")
    row: Cells = {"id": approval, "act": act, "content": content, "principal": desk.principal.id, "expires_at": expires}
    packed = canonical.encode(
        {"ed25519": canonical.b64(signatures.ed25519), "mldsa65": canonical.b64(signatures.mldsa65)}
    )
    tx.add("approval", [{**row, "signature": packed, "used_by": ""}])
    return approval


def demand(
    desk: Desk, tx: Transaction, act: str, content: str, *, deal: str = "", once: bool = False, apart: str = ""
) -> str:
    """A live approval of exactly this by somebody else who may still approve, verified; with `once` it serves this time alone.

    `deal` is what it is done in: who does not see it approves nothing of it. `apart` is whom it is about: their own word counts no more than that of whoever acts. Of a machine, its word is that of whoever made its token (decision 113).

    Raises Refused `act.unapproved`, `act.one-hand`.
    """
    now, doubted = desk.clock.now(), False
    one_side = {each for who in (desk.principal.id, apart) for each in (who, behind(tx, who))}
    for row in tx.find("approval", order=("id",), act=act, content=content):
        if row["principal"] in one_side or parse(str(row["expires_at"])) < now or _over(row, once=once):
            continue
        person = _signer(tx, row, act, content)
        if _lapsed(person, row):
            continue
        if _may(desk, tx, person, deal):
            if _one_hand(desk, tx, person.id, one_side, deal):
                doubted = True
                continue
            if once:
                tx.change("approval", {"used_by": desk.principal.id}, id=str(row["id"]))
            return str(row["id"])
    if doubted:
        raise one_hand.refused()
    raise Refused(
        "act.unapproved",
        "A second person has not approved this, or the approval is older than 24 hours, about something else, or of somebody who does not work on the deal.",
        next=f"custody approve {act} {content}",
    )


def _over(row: Row, *, once: bool) -> bool:
    return bool(row["used_by"]) if once else row["used_by"] == LAPSED


def _may(desk: Desk, tx: Transaction, person: Principal, matter: str) -> bool:
    if not person.roles.intersection(APPROVERS) or person.roles & MACHINES or not still_acts(tx, person.id):
        return False
    return not matter or bool(person.roles & EVERY_DEAL) or live(tx, matter, person.id, desk.today()) is not None


def _one_hand(desk: Desk, tx: Transaction, second: str, one_side: set[str], deal: str) -> bool:
    """Whether the two may be one person, and somebody who is surely neither could confirm instead. Where nobody could, it counts, and is said."""
    first = behind(tx, desk.principal.id)
    if not one_hand.fresh(desk, one_hand.between(tx, desk.space, first, second, desk.clock.now())):
        return False
    rows = tx.find("principal", order=("id",), party=desk.space, revoked_at="")
    able = [row for row in rows if row["id"] not in {*one_side, second} and _may(desk, tx, principal(row), deal)]
    return next(one_hand.apart(desk, tx, (first, second), [str(row["id"]) for row in able]), None) is not None


def verified(tx: Transaction, approval: str, act: str, content: str) -> str:
    """Who gave an approval that was used for something that still stands; '' when there is none of this. Raises Broken."""
    rows = tx.find("approval", id=approval, act=act, content=content)
    return _signer(tx, rows[0], act, content).id if rows else ""


def gave(tx: Transaction, who: str, act: str, content: str) -> bool:
    """Whether `who` once signed for exactly this, whenever that was: what a lasting act rests on."""
    for row in tx.find("approval", order=("id",), act=act, content=content, principal=who):
        try:
            _signer(tx, row, act, content)
        except CustodyError:  # a row that somebody wrote into the store approves nothing
            continue
        return True
    return False


def _signer(tx: Transaction, row: Row, act: str, content: str) -> Principal:
    person = by_id(tx, str(row["principal"]))
    value = cast("dict[str, str]", canonical.decode(cast("bytes", row["signature"])))
    signatures = Signatures(canonical.unb64(value["ed25519"]), canonical.unb64(value["mldsa65"]))
    proved(person, _given_at(row), _message(act, content, str(row["expires_at"])), signatures)
    return person


def _given_at(row: Row) -> str:
    """When it was signed: what it says of its end is signed too."""
    return stamp(parse(str(row["expires_at"])) - LIFE)


def _lapsed(person: Principal, row: Row) -> bool:
    """Whether their key of then is theirs no more: what it approved and nobody has used yet lapses with it."""
    return bool(person.past) and _given_at(row) < person.past[-1][1]


def _message(act: str, content: str, expires: str) -> bytes:
    return _LABEL + canonical.encode({"act": act, "content": content, "expires_at": expires})
