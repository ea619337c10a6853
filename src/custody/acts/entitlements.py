"""What a person holds until a day: grants, departments, training; given by somebody else, under both their signatures (spec/access.md §2).

Rules: nothing without a last day; nobody gives to themselves; a row that somebody wrote into the store gives nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, cast

from custody.acts.approval import content_hash, gave, give
from custody.acts.desk import Desk
from custody.acts.entries import entered, read_at
from custody.acts.evidence import append
from custody.acts.people import by_id, still_acts
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Denied, Malformed, Missing, Refused
from custody.ports.store import Cells, Row, Transaction, one

ACT: Final = "entitlement"
GRANT, DEPARTMENT, TRAINING = "grant", "department", "training"
GIVERS: Final = frozenset(("owner", "privacy"))
LONGEST: Final = 366
_WORDS: Final = range(3, 401)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be held, by whom, from when until when, and why."""

    kind: str
    holder: str
    what: str
    since: str
    until: str
    purpose: str = ""
    subject: bytes = b""
    reason: str = ""


def new_row(wish: Wish, party: str) -> Cells:
    """Its row, which nobody has signed yet."""
    row: Cells = {
        "id": ids.new("gnt"), "party": party, "kind": wish.kind, "principal": wish.holder, "what": wish.what, "purpose": wish.purpose,
        "subject": wish.subject, "reason": wish.reason, "since": wish.since, "until": wish.until, "state": "asked", "asked_at": "",
        "given_by": "", "given_at": "", "ended_at": "", "position": 0,
    }  # fmt: skip
    return {**row, "content": _content(row)}


def sign(desk: Desk, tx: Transaction, row: Row) -> None:
    """Sign for exactly this row, as the one who asks or the one who gives."""
    give(desk, tx, ACT, str(row["content"]))


def proven(tx: Transaction, row: Row) -> bool:
    """Whether those who had to signed for what the row says: another than its holder gave it, and who asked for a grant did ask."""
    content, holder, giver = _content(row), str(row["principal"]), str(row["given_by"])
    if content != row["content"] or row["state"] != "given" or giver in {"", holder}:
        return False
    asked = row["kind"] != GRANT or gave(tx, holder, ACT, content)
    return asked and gave(tx, giver, ACT, content) and _could_give(tx, row, giver)


def _could_give(tx: Transaction, row: Row, giver: str) -> bool:
    """Whether the giver had a role for it when they gave: one they took on or lost since makes nothing void and nothing valid.

    The entry says when, and that it was this row; what lies in the store beside it could say any day.
    """
    givers = GIVERS | {"lawyer"} if row["kind"] == GRANT else GIVERS
    party, position = str(row["party"]), cast("int", row["position"])
    says = {"id": str(row["id"]), "content": str(row["content"]), "principal": giver}
    entry = one(tx, "ledger_entry", space=party, position=position)
    if entry is None or not says.items() <= read_at(tx, party, position).says.items():
        return False
    roles = set(by_id(tx, giver).roles)
    for change in entered(tx, party, "roles-changed"):
        if change.position < position:
            break
        if change.says["principal"] == giver:
            roles = roles - set(cast("list[str]", change.says["gained"])) | set(cast("list[str]", change.says["lost"]))
    return bool(roles & givers)


def state(tx: Transaction, row: Row, on: date) -> str:
    """`asked`, `refused`, `live`, `ended`, `expired`, `later`, or `unproven` where those who had to did not sign."""
    if row["state"] != "given":
        return str(row["state"])
    if not proven(tx, row) or not still_acts(tx, str(row["principal"])):
        return "unproven"
    if row["ended_at"]:
        return "ended"
    if str(row["until"]) < on.isoformat():
        return "expired"
    return "later" if on.isoformat() < str(row["since"]) else "live"


def live(tx: Transaction, holder: str, on: date) -> Iterator[Row]:
    """What a person holds on a day."""
    for row in tx.find("entitlement", order=("id",), principal=holder):
        if state(tx, row, on) == "live":
            yield row


def told(tx: Transaction, row: Row, on: date) -> dict[str, Json]:
    """A row as people read it."""
    giver, subject = str(row["given_by"]), cast("bytes", row["subject"])
    return {
        "id": str(row["id"]), "kind": str(row["kind"]), "handle": by_id(tx, str(row["principal"])).handle, "what": str(row["what"]),
        "purpose": str(row["purpose"]), "subject": ids.subject_text(subject) if subject else None, "reason": str(row["reason"]),
        "since": str(row["since"]), "until": str(row["until"]), "state": state(tx, row, on),
        "given_by": by_id(tx, giver).handle if giver else "",
    }  # fmt: skip


def last_day(until: str, on: date, most: int) -> str:
    """A last day that is one. Raises Malformed `entitlement.until`."""
    try:
        day = date.fromisoformat(until)
    except ValueError:
        day = date.min
    if not on <= day <= on + timedelta(days=most) or day.isoformat() != until:
        raise Malformed(
            "entitlement.until", f"A last day must be named: YYYY-MM-DD, not past, at most {most} days ahead."
        )
    return until


def worded(reason: str) -> str:
    """A reason that says something. Raises Malformed `entitlement.reason`."""
    if len(reason.strip()) not in _WORDS:
        raise Malformed("entitlement.reason", f"A reason has {_WORDS.start} to {_WORDS.stop - 1} characters.")
    return reason.strip()


def another(desk: Desk, holder: str) -> None:
    """Raises Denied `entitlement.own`: nobody gives to themselves."""
    if desk.principal.id == holder:
        raise Denied("entitlement.own", "Nobody gives this to themselves.", next="Ask another person who may.")


def _content(row: Mapping[str, object]) -> str:
    names = ("id", "kind", "principal", "what", "purpose", "reason", "since", "until")
    subject = cast("bytes", row["subject"])
    said: dict[str, Json] = {name: str(row[name]) for name in names}
    return content_hash({"act": ACT, **said, "subject": ids.subject_text(subject) if subject else ""})


def record(desk: Desk, tx: Transaction, kind: str, handle: str, what: str, until: str) -> dict[str, Json]:
    """Give a department or a training to somebody else. Raises Missing `principal.unknown`, Denied `entitlement.own`."""
    rows = tx.find("principal", party=desk.space, handle=handle)
    if not rows or rows[0]["revoked_at"]:
        raise Missing("principal.unknown", f"Nobody here is called {handle}.", next="custody principal list")
    holder = str(rows[0]["id"])
    another(desk, holder)
    wish = Wish(kind, holder, what, desk.today().isoformat(), last_day(until, desk.today(), LONGEST))
    same = {"kind": kind, "what": what, "until": until, "state": "given", "ended_at": ""}
    for row in tx.find("entitlement", order=("id",), principal=holder, **same):
        return {**told(tx, row, desk.today()), "resumed": True}
    made = new_row(wish, desk.space)
    sign(desk, tx, made)
    tx.add("entitlement", [made])
    position = decided(desk, tx, made, "given")
    given = asked(tx, desk.space, str(made["id"]))
    return {**told(tx, given, desk.today()), "resumed": False, "ledger": f"{desk.space}@{position}"}


def asked(tx: Transaction, party: str, named: str) -> Row:
    """The row of this id. Raises Missing `entitlement.unknown`."""
    row = one(tx, "entitlement", id=named, party=party)
    if row is None:
        raise Missing("entitlement.unknown", "There is no such grant.", next="custody grant list")
    return row


def decided(desk: Desk, tx: Transaction, row: Row, state: str) -> int:
    """Give or refuse what was asked; returns the entry. Raises Refused `entitlement.over` when it was decided before."""
    if row["state"] != "asked" or (state == "given" and str(row["until"]) < desk.today().isoformat()):
        raise Refused(
            "entitlement.over", "This was decided before, or its last day has passed.", next="custody grant list"
        )
    now = stamp(desk.clock.now())
    says: dict[str, Json] = {
        "id": str(row["id"]),
        "principal": desk.principal.id,
        "kind": str(row["kind"]),
        "content": str(row["content"]),
    }
    position = append(tx, desk.space, now, f"entitlement-{state}", says)
    given: Cells = {"state": state, "given_by": desk.principal.id, "given_at": now, "position": position}
    tx.change("entitlement", given, id=str(row["id"]))
    return position
