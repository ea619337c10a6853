"""Until when a copy in clear may lie, and who keeps it: told before its first byte leaves (spec/copies.md §2)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from custody.acts.copies import CLEAR
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.residency import require_place
from custody.base.canonical import Json
from custody.base.clock import day, stamp
from custody.base.errors import Malformed
from custody.ports.store import Cells, Transaction, one

DAYS: Final = 30
MOST: Final = 366
_KEEPER: Final = 120
EXPORT: Final = "export"
_PLACES: Final = ("/", "s3://")
"""How a place of our own begins; what else is said of where a copy lies is words."""


@dataclass(frozen=True, slots=True)
class Term:
    """As it was told: who keeps the copy, its day, and the folder where custody writes it itself; '' where nobody said."""

    keeper: str = ""
    until: str = ""
    place: str = ""


NOBODY_SAID: Final = Term()


def bounded(desk: Desk, term: Term, kind: str) -> Term:
    """The term in full: who acts keeps it, and what is in clear ends in a month. Raises Malformed `copy.term`."""
    today = desk.today()
    until = term.until or ((today + timedelta(days=DAYS)).isoformat() if kind in CLEAR else "")
    told = day(until) if until else today
    if (
        told is None
        or not today <= told <= today + timedelta(days=MOST)
        or len(term.keeper) > _KEEPER
        or not term.keeper.isprintable()
    ):
        raise Malformed("copy.term", f"Not a day from today on within {MOST} days, or a keeper of more than {_KEEPER} signs.", next="--until YYYY-MM-DD --keeper WHO")  # fmt: skip
    return Term(term.keeper or desk.principal.handle, told.isoformat() if until else "", term.place)


def let_out(desk: Desk, tx: Transaction, vault: str, copy: Cells, term: Term) -> str:
    """Put what is about to leave in clear on the list; its name there. `copy` tells its kind, what it is called, its digest or ''.

    Raises Malformed `copy.term`, Refused `residency.*` where it may not lie.
    """
    kind, full = str(copy["kind"]), bounded(desk, term, str(copy["kind"]))
    exception = require_place(desk, tx, term.place, vault) if kind in CLEAR and term.place.startswith(_PLACES) else 0
    says: dict[str, Json] = {
        "kind": kind,
        "until": full.until,
        "principal": desk.principal.id,
        **({"exception": exception} if exception else {}),
    }
    detail: dict[str, Json] = {"name": str(copy["name"]), "keeper": full.keeper}
    position = append(tx, desk.space, stamp(desk.clock.now()), "copy-listed", says, detail=detail)
    name = _name(tx, vault, copy, full.place, position)
    if one(tx, "copy", vault=vault, name=name) is None:
        tx.add("copy", [{"vault": vault, "name": name, "kind": kind, "sha256": copy["sha256"], "account": b""}])
    else:
        tx.change("copy", {"account": b"", "sha256": copy["sha256"]}, vault=vault, name=name)
    keep(tx, vault, name, full)
    return name


def keep(tx: Transaction, vault: str, name: str, term: Term) -> None:
    """The term of a listed copy, in place of the one it had."""
    tx.drop("copy_term", vault=vault, name=name)
    row = {"vault": vault, "name": name, "keeper": term.keeper, "until": term.until, "place": term.place}
    tx.add("copy_term", [row])


def unfinished(desk: Desk, tx: Transaction, vault: str, name: str) -> str:
    """The file that a writing which was cut short left in clear in the folder of a listed export; '' when there is none."""
    term = one(tx, "copy_term", vault=vault, name=name)
    place = "" if term is None else str(term["place"])
    if not place.startswith("/"):
        return ""
    for called in dict.fromkeys((name, name.rpartition("@")[0])):
        if called and desk.outside.unfinished(place, called):
            return f"{place}/{called}.part"
    return ""


def _name(tx: Transaction, vault: str, copy: Cells, place: str, position: int) -> str:
    """An export is called as its file where that name is free or is the same file; all else has its entry's position."""
    called = str(copy["name"])
    if copy["kind"] != EXPORT or not place:
        return f"{called}@{position}"
    known, term = one(tx, "copy", vault=vault, name=called), one(tx, "copy_term", vault=vault, name=called)
    if known is None or (term is not None and term["place"] == place):
        return called
    same = (row for row in tx.find("copy_term", order=("name",), vault=vault, place=place)
            if str(row["name"]).startswith(f"{called}@"))  # fmt: skip
    return next((str(row["name"]) for row in same), f"{called}@{position}")
