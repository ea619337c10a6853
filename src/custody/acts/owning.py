"""Whose open work is, and until when: every request, correction, acknowledgement that is owed, and what customers had open when they came has a person and a day (spec/requests.md §5)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final, cast

from custody.acts import customer_work, members, replies
from custody.acts.asked import ours, seers
from custody.acts.campaigning import is_apart, told_to
from custody.acts.corrections import DUE, WAITING, Buyers, due_at
from custody.acts.desk import Desk
from custody.acts.gone_over import pass_to
from custody.base.clock import parse
from custody.base.errors import Denied, Missing
from custody.ports.store import Condition, OneOf, Row, Transaction
from custody.ports.store import one as one_row

HANDS: Final = ("owner", "privacy", "lawyer", "data", "department")
"""Whose roles let them see to such work."""
_HOUSE: Final = timedelta(days=15)
_PROMPT: Final = timedelta(days=3)
"""Neither is law: how long work may lie where the law names no day, and where it says without delay."""
_FIRST: Final = ("privacy", "owner")


@dataclass(frozen=True, slots=True)
class Open:
    """One piece of open work. `given`: somebody said whose it is; `by_law`: the law's own last day (where it says without delay, also a standard's), '' where there is none."""

    work: str
    kind: str
    what: str
    came_at: str
    by_law: str
    person: str
    due_on: str
    given: bool
    rows: int = 0
    """How many rows of the customer's it stands for, of work that came with the data; of `unclear` of them nobody here knows the word."""
    unclear: int = 0
    pass_to: str = ""
    """The deal by which it has still to be passed to the buyer, of whom nothing is left here."""

    def late(self, today: str) -> bool:
        """Whether its day has passed."""
        return self.due_on < today


def open_work(desk: Desk, tx: Transaction, only: Collection[str] | None = None) -> list[Open]:
    """All of it, or those of these names; the most urgent first."""
    given = {str(row["work"]): row for row in tx.find("work_owner", party=desk.space)}
    people = [
        row for row in tx.find("principal", order=("created_at", "id"), party=desk.space) if not row["revoked_at"]
    ]
    acts = {str(row["id"]): str(row["handle"]) for row in people}
    everybody = frozenset(str(row["id"]) for row in people)
    inside = cache(lambda matter: members.see(tx, desk.space, matter, desk.today()) if matter else everybody)
    first = cache(lambda matter: _first(desk, tx, people, matter, inside(matter)))
    found = [
        _open(
            desk,
            row,
            given.get(row.work) or given.get(row.of_all),
            acts,
            first(row.matter),
            row.seers or inside(row.matter),
        )
        for row in (
            *_requests(desk, tx, only),
            *_corrections(desk, tx, only),
            *_unacknowledged(desk, tx, only),
            *_customers(desk, tx, only),
            *_replies(desk, tx, only),
        )
    ]
    return sorted(found, key=lambda one: (one.due_on, one.came_at, one.work))


def _first(desk: Desk, tx: Transaction, people: Sequence[Row], matter: str, inside: Collection[str]) -> str:
    """Whose work is that nobody was given: of those who see its deal, or of all where it is of none, the first privacy officer, else who leads the deal, else the first owner."""
    here = {str(row["id"]): row for row in people if str(row["id"]) in inside}
    leads = here.get(lead(tx, matter, desk.today())) if matter else None
    by = [next((row for row in here.values() if role in str(row["roles"]).split(",")), None) for role in _FIRST]
    found = next((row for row in (by[0], leads, by[1]) if row), None)
    return str(found["handle"]) if found else ""


def piece(desk: Desk, tx: Transaction, work: str) -> Open:
    """The open work of that name. Raises Missing `work.unknown`."""
    found = next(iter(open_work(desk, tx, (work,))), None)
    if found is None:
        raise Missing(
            "work.unknown", "No open work is called so; what has ended has no owner.", next="custody work list"
        )
    return found


@dataclass(frozen=True, slots=True)
class _Bare:
    work: str
    kind: str
    what: str
    came_at: str
    by_law: str
    house: str = ""
    """The day where neither a law nor a person says one, if it is not so long after it came."""
    at_once: bool = False
    """A law says without delay: `house` comes before whatever day it names besides."""
    lead: str = ""
    """Whose it is where nobody was given it, if not the first privacy officer's."""
    of_all: str = ""
    """The table whose whole work may have been given to somebody."""
    matter: str = ""
    """The deal whose people see it."""
    seers: frozenset[str] = frozenset()
    """Who sees it, where that is not by its deal alone."""
    rows: int = 0
    unclear: int = 0
    pass_to: str = ""


def _open(
    desk: Desk, bare: _Bare, row: Row | None, acts: Mapping[str, str], first: str, seers: Collection[str]
) -> Open:
    # Whoever it was given to and sees it no more has it no more: nothing is work of somebody who cannot see it.
    person = acts.get(str(row["principal"]), "") if row and row["principal"] in seers else ""
    own = str(row["due_on"]) if row and person else ""
    prompt = bare.house if bare.at_once else ""
    house = prompt or bare.by_law or bare.house or (desk.day(parse(bare.came_at)) + _HOUSE).isoformat()
    return Open(bare.work, bare.kind, bare.what, bare.came_at, bare.by_law, person or acts.get(bare.lead, "") or first, own or house,
                bool(person), bare.rows, bare.unclear, bare.pass_to)  # fmt: skip


def _requests(desk: Desk, tx: Transaction, only: Collection[str] | None) -> Iterator[_Bare]:
    open_here = dict[tuple[str, str, str], frozenset[str] | None]()
    for row in tx.first("request", None, _of("ref", only), order=("received_at", "id"), closed_at=""):
        place = str(row["vault"]), str(row["matter"]), str(row["kind"])
        if place not in open_here:  # asked once for each vault, deal and kind, not for each request
            open_here[place] = seers(desk, tx, row) if ours(desk, tx, row) else None
        if (seen := open_here[place]) is not None:
            prompt = bool(row["at_once"])
            law = desk.last_day(str(row["last_at"] if prompt else row["due_at"]))
            came = str(row["received_at"])
            yield _Bare(
                str(row["ref"]),
                "request",
                str(row["kind"]),
                came,
                law,
                _soon(desk, came, law) if prompt else "",
                prompt,
                matter=str(row["matter"]),
                seers=seen,
                pass_to=pass_to(tx, row),
            )


def _of(column: str, only: Collection[str] | None) -> Sequence[Condition]:
    """What keeps a table to the work of these names, in one question for all of them."""
    return () if only is None else (OneOf(column, only),)


def _soon(desk: Desk, came_at: str, law: str) -> str:
    """The day by which it is seen to where a law says without delay: never after the last one."""
    house = (desk.day(parse(came_at)) + _PROMPT).isoformat()
    return min(house, law or house)


def _corrections(desk: Desk, tx: Transaction, only: Collection[str] | None) -> Iterator[_Bare]:
    waits = {"party": desk.space, "state": WAITING}
    for row in tx.first("correction", None, _of("id", only), order=("asked_at", "id"), **waits):
        yield _Bare(str(row["id"]), "correction", str(row["cls"]), str(row["asked_at"]), _day(desk, str(row["until"])))


def _unacknowledged(desk: Desk, tx: Transaction, only: Collection[str] | None) -> Iterator[_Bare]:
    """Corrections that somebody who has the data has not acknowledged: due on the day of the first that is owed."""
    owed, buyers, named = dict[str, tuple[Row, str]](), Buyers(desk, tx), _of("correction", only)
    for to in (row for state in DUE for row in tx.first("correction_to", None, named, order=(), state=state)):
        row = one_row(tx, "correction", id=to["correction"], party=desk.space)
        due = due_at(row, to, buyers) if row is not None else ""
        if row is not None and due:
            name = str(row["id"])
            owed[name] = (row, min(due, owed[name][1])) if name in owed else (row, due)
    for name, (row, due) in sorted(owed.items()):
        yield _Bare(name, "acknowledgement", str(row["cls"]), str(row["done_at"]), "", _day(desk, due))


def _replies(desk: Desk, tx: Transaction, only: Collection[str] | None) -> Iterator[_Bare]:
    """What people wrote back to a campaign and nobody has read: a clock of theirs may run since it came."""
    for row in tx.first(replies.TABLE, None, _of("id", only), order=("came_at", "id"), said=replies.UNREAD):
        campaign, came = one_row(tx, "campaign", id=row["campaign"], party=desk.space), str(row["came_at"])
        if one_row(tx, "correction", id=row["campaign"], party=desk.space) is not None:  # to the word to an old address
            yield _Bare(str(row["id"]), "answer", str(row["campaign"]), came, "", _soon(desk, came, ""))
        if campaign is not None and told_to(desk, tx, campaign):
            leads = lead(tx, str(campaign["matter"]), desk.today())
            yield _Bare(
                str(row["id"]),
                "reply",
                str(campaign["ref"]),
                came,
                "",
                _soon(desk, came, ""),
                lead=leads,
                matter="" if is_apart(campaign) else str(campaign["matter"]),
            )


def vaults(desk: Desk, tx: Transaction) -> list[str]:
    """Where customers' work may lie."""
    return [str(row["id"]) for row in tx.find("vault", order=("id",), party=desk.space)]


def _customers(desk: Desk, tx: Transaction, only: Collection[str] | None) -> Iterator[_Bare]:
    """What customers had open when their data came, in the deals that the acting person sees: the deal's own people see to it first."""
    mine = vaults(desk, tx)
    rows = ([row for one in only for row in customer_work.named(tx, mine, one) if not row["closed_at"]] if only is not None
            else [row for vault in mine for row in tx.find(customer_work.TABLE, order=("subject", "tbl"), vault=vault, closed_at="")])  # fmt: skip
    leads = {
        matter: lead(tx, matter, desk.today())
        for matter in {str(row["matter"]) for row in rows}
        if members.sees(desk, tx, matter)
    }
    for row in (each for each in rows if str(each["matter"]) in leads):
        yield _Bare(
            customer_work.name_of(row), str(row["kind"]), str(row["tbl"]), str(row["came_at"]), "", lead=leads[str(row["matter"])],
            of_all=str(row["tbl"]), rows=cast("int", row["rows"]), unclear=cast("int", row["unclear"]),
        )  # fmt: skip


def lead(tx: Transaction, matter: str, today: date) -> str:
    """Who leads a deal here: the member of longest standing whose roles see to such work."""
    for row in tx.find("deal_member", order=("at", "n"), matter=matter, ended_at=""):
        name = str(row["principal"])
        person = one_row(tx, "principal", id=name) if members.live(tx, matter, name, today) else None
        if person is not None and not person["revoked_at"] and set(str(person["roles"]).split(",")) & set(HANDS):
            return name
    return ""


def require_lead(desk: Desk, tx: Transaction, found: Sequence[Row]) -> None:
    """Nobody ends, or opens again, what other people see to by one word, but who answers for all of it. Raises Denied `work.lead`."""
    matters = {str(row["matter"]) for row in found}
    if len(found) == 1 or "owner" in desk.principal.roles:
        return
    if any(lead(tx, matter, desk.today()) != desk.principal.id for matter in matters):
        raise Denied(
            "work.lead", "A whole table's work is ended, or opened again, by an owner, or by whoever leads the deal.",
            next="Take a customer's own piece: custody work close PIECE --how done; or ask the lead.",
        )  # fmt: skip


def _day(desk: Desk, moment: str) -> str:
    return desk.day(parse(moment)).isoformat() if moment else ""
