"""What anybody may know of a company's transfers: with whom, where each stands, on which days (spec/openness.md §3).

A deal is on the page once customers were told of it or it took effect: before that it is the companies' own matter.
"""

from collections.abc import Mapping
from typing import Final, cast

from custody.acts.answering import companies
from custody.acts.desk import Desk
from custody.acts.matters import facts_of
from custody.acts.passing import BUYER, side_of
from custody.acts.releases import is_first
from custody.acts.told import telling
from custody.base.canonical import Json
from custody.base.clock import parse
from custody.ports.store import Row, Transaction

_SOLD: Final = (
    ("told", "notice", ""),
    ("released", "released", "closing_on"),
    ("confirmed", "receipt", ""),
    ("destroyed", "destroyed", "destroy_by"),
)
_TAKEN: Final = (("received", "received", "closing_on"), ("resealed", "resealed", ""))
_CONTROL: Final = (("told", "notice", ""), ("control", "control", "closing_on"))
_TURNS: Final = (("recalled", "recalled"), ("aborted", "aborted"), ("returned", "returned"), ("ended", "woundup"))
"""What may come between: each is on the page when it happened."""
_OPEN: Final = frozenset(("notice", "released", "received", "control", "recalled", "destroyed"))
SHARES: Final = "share_transfer"


def deals(desk: Desk, tx: Transaction) -> list[Json]:
    """Each that is public, in the order of their numbers."""
    rows = tx.find("matter", order=("ref",), party=desk.space, kind="deal")
    return [told for row in rows if (told := _deal(desk, tx, row)) is not None]


def is_public(desk: Desk, tx: Transaction, row: Row) -> bool:
    """Whether anybody may know of a deal."""
    return _deal(desk, tx, row) is not None


def under_way(desk: Desk, tx: Transaction, row: Row) -> bool:
    """Whether anybody may know of a deal, and it has not ended."""
    told = _deal(desk, tx, row)
    return isinstance(told, dict) and not told["ended"]


def contact(desk: Desk, tx: Transaction) -> str:
    """How to reach the company about data, as the newest deal that says so tells its customers."""
    found = ""
    for row in tx.find("matter", order=("ref",), party=desk.space, kind="deal"):
        ours = "buyer_contact" if side_of(tx, row) == BUYER else "seller_contact"
        found = telling(tx, str(row["id"])).get(ours, "") or found
    return found


def recalls(desk: Desk, tx: Transaction, since: str) -> int:
    """How often since that month data that had been handed over was called back."""
    rows = tx.find("matter", party=desk.space, kind="deal")
    made = (one for row in rows for one in tx.find("statement", matter=str(row["id"]), kind="recalled"))
    return sum(is_first(cast("int", one["n"])) and str(one["at"]) >= since for one in made)


def _deal(desk: Desk, tx: Transaction, row: Row) -> Json:
    name, today = str(row["id"]), desk.today().isoformat()
    at = {kind: day for kind in _KINDS if (day := _reached(desk, tx, name, kind))}
    # A public notice that is only planned tells nobody anything yet, and neither does this page.
    begun = [day for one in tx.find("publication", matter=name) if (day := str(one["from_on"])) <= today]
    if begun and "notice" not in at:
        at["notice"] = min(begun)
    if not _OPEN & at.keys():
        return None
    buying, structure = side_of(tx, row) == BUYER, str(facts_of(tx, name).get("deal.structure") or "")
    line = _TAKEN if buying else _CONTROL if structure == SHARES else _SOLD
    seller, buyer = companies(tx, row)
    other = seller if buying else buyer
    return {
        "side": "in" if buying else "shares" if structure == SHARES else "out", "with": {"zh": other.zh, "en": other.en},
        "steps": _steps(line, at, telling(tx, name)), "ended": "aborted" in at or line[-1][1] in at,
    }  # fmt: skip


_KINDS: Final = tuple(dict.fromkeys(kind for line in (_SOLD, _TAKEN, _CONTROL) for _, kind, _ in line)) + tuple(
    kind for _, kind in _TURNS
)


def _reached(desk: Desk, tx: Transaction, matter: str, kind: str) -> str:
    rows = tx.find("statement", order=("n",), matter=matter, kind=kind)
    return desk.day(parse(str(rows[0]["at"]))).isoformat() if rows else ""


def _steps(line: tuple[tuple[str, str, str], ...], at: Mapping[str, str], told: Mapping[str, str]) -> list[Json]:
    """Those that were reached with their day, by day; then those ahead, with the day that customers were told, while it is under way."""
    done = [(at[kind], step) for step, kind, _ in line if kind in at] + [
        (at[kind], step) for step, kind in _TURNS if kind in at
    ]
    ahead = [] if "aborted" in at else [(told.get(planned, ""), step) for step, kind, planned in line if kind not in at]
    made: list[Json] = [{"step": step, "on": day, "done": True} for day, step in sorted(done, key=lambda one: one[0])]
    return made + cast("list[Json]", [{"step": step, "on": day, "done": False} for day, step in ahead])
