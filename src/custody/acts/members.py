"""Who works and sees which deal (spec/access.md §6): a member from a day, until an end that may be named.

Rules: deny by default; the owners and auditors of a company see every deal of it, its machines act for it; no row is ever deleted.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.people import by_id
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed
from custody.model.party import EVERY_DEAL
from custody.ports.store import Cells, Condition, OneOf, Row, Transaction

GIVERS: Final = ("owner",)
"""Who lets people into a deal, and ends it."""
WHOLE: Final = ("owner", "auditor")
"""Who lets out what tells of every deal of the company: those who see every deal."""
OPENED: Final = "opened the deal"
_WORDS: Final = range(3, 401)


def sees_every(desk: Desk) -> bool:
    """Whether every deal of the company is open to whoever acts: by role, or because the schedule acts for the company."""
    return desk.for_company or bool(desk.principal.roles & EVERY_DEAL)


def seen(desk: Desk, tx: Transaction) -> frozenset[str] | None:
    """The deals of which the acting person is a member today; None for somebody who sees every deal."""
    if sees_every(desk):
        return None
    today = desk.today().isoformat()
    rows = tx.find("deal_member", principal=desk.principal.id, ended_at="")
    return frozenset(str(row["matter"]) for row in rows if _lasts(row, today))


def among(desk: Desk, tx: Transaction, column: str) -> Sequence[Condition]:
    """What keeps a list to the deals that the acting person sees: `column` names a deal, or none."""
    mine = seen(desk, tx)
    return () if mine is None else (OneOf(column, ["", *sorted(mine)]),)


def concerns(desk: Desk, tx: Transaction, row: Row) -> bool:
    """Whether what belongs to a deal, by its column `matter`, is the acting person's to see; what belongs to none is everybody's."""
    return not row["matter"] or sees(desk, tx, str(row["matter"]))


def sees(desk: Desk, tx: Transaction, matter: str) -> bool:
    """Whether the acting person sees this deal."""
    return sees_every(desk) or live(tx, matter, desk.principal.id, desk.today()) is not None


def live(tx: Transaction, matter: str, person: str, on: date) -> Row | None:
    """How a person is a member on a day."""
    rows = tx.find("deal_member", matter=matter, principal=person, ended_at="")
    return next((row for row in rows if _lasts(row, on.isoformat())), None)


def see(tx: Transaction, party: str, matter: str, on: date) -> frozenset[str]:
    """The principals of the company who act here and see this deal."""
    rows, inside = tx.find("principal", order=("id",), party=party, revoked_at=""), present(tx, matter, on)
    return frozenset(
        str(row["id"]) for row in rows if row["id"] in inside or EVERY_DEAL.intersection(str(row["roles"]).split(","))
    )


def present(tx: Transaction, matter: str, on: date) -> frozenset[str]:
    """Everybody who is a member on a day."""
    rows = tx.find("deal_member", matter=matter, ended_at="")
    return frozenset(str(row["principal"]) for row in rows if _lasts(row, on.isoformat()))


def join(desk: Desk, tx: Transaction, matter: str, person: str, reason: str, until: str = "") -> int:
    """Make a person a member, from now on; what held before ends. Returns the entry."""
    now = stamp(desk.clock.now())
    end(desk, tx, matter, person, now, reason)
    says: dict[str, Json] = {"matter": matter, "member": person, "until": until, "principal": desk.principal.id}
    position = append(tx, desk.space, now, "deal-member-added", says, detail={"reason": reason})
    row: Cells = {
        "matter": matter, "principal": person, "n": 1 + tx.count("deal_member", matter=matter, principal=person), "given_by": desk.principal.id,
        "reason": reason, "at": now, "until": until, "position": position,
    }  # fmt: skip
    tx.add("deal_member", [row])
    return position


def end(desk: Desk, tx: Transaction, matter: str, person: str, now: str, reason: str) -> None:
    """Whatever makes a person a member of the deal holds no longer."""
    gone: Cells = {"ended_at": now, "ended_by": desk.principal.id, "end_reason": reason}
    tx.change("deal_member", gone, matter=matter, principal=person, ended_at="")


def worded(reason: str) -> str:
    """A reason that says something. Raises Malformed `member.reason`."""
    if len(reason.strip()) not in _WORDS:
        raise Malformed("member.reason", f"A reason has {_WORDS.start} to {_WORDS.stop - 1} characters.")
    return reason.strip()


def last_day(until: str, on: date) -> str:
    """'' for no end, or a day that is not past. Raises Malformed `member.until`."""
    if not until:
        return until
    try:
        day = date.fromisoformat(until)
    except ValueError:
        day = date.min
    if day < on or day.isoformat() != until:
        raise Malformed("member.until", "The last day is YYYY-MM-DD and not past; without one it has no end.")
    return until


def state(row: Row, on: date) -> str:
    """`live`, `ended`, `expired`."""
    if row["ended_at"]:
        return "ended"
    return "live" if _lasts(row, on.isoformat()) else "expired"


def told(tx: Transaction, row: Row, on: date) -> dict[str, Json]:
    """A row as people read it; who was there before deals had members was given it by nobody."""
    person, giver, ender = (str(row[name]) for name in ("principal", "given_by", "ended_by"))
    who = by_id(tx, person)
    return {
        "handle": who.handle, "roles": list[Json](sorted(who.roles)), "since": str(row["at"]), "until": str(row["until"]), "state": state(row, on),
        "reason": str(row["reason"]), "given_by": by_id(tx, giver).handle if giver else "", "ended_at": str(row["ended_at"]),
        "ended_by": by_id(tx, ender).handle if ender else "", "end_reason": str(row["end_reason"]),
    }  # fmt: skip


def _lasts(row: Row, today: str) -> bool:
    return not row["until"] or str(row["until"]) >= today
