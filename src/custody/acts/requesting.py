"""Requests of the people whose data it is: taken in with the clocks of the law that binds them, kept without their words in clear (B4)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final, cast

from custody.acts import lawbook
from custody.acts.about import append_about
from custody.acts.asked import WITHDRAWN, said_with
from custody.acts.bounds import Bounds, borrowed, stricter
from custody.acts.bounds import told as clocks
from custody.acts.counter import add_up_to, next_number
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.kept_copies import Kept
from custody.acts.matters import facts_of
from custody.acts.noted import CLOSING, OBJECT, SAYING_NO, WITHDRAW
from custody.acts.own_evidence import own_about
from custody.acts.passing import BUYER, side_of
from custody.acts.refusals import also
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import CustodyError, Denied, Malformed
from custody.base.written import written
from custody.law import subject as subjects
from custody.law.check import Outcome, check
from custody.law.deadlines import deadlines
from custody.law.pack import Packs, Rule
from custody.law.possible import with_ages
from custody.model.party import PartyCard
from custody.ports.laws import Laws
from custody.ports.store import Cells, Row, Transaction, one

PORTABILITY: Final = "portability"
_LONGEST_NAME: Final = 200
KINDS: Final = ("access", "copy", "correct", "delete", CLOSING, PORTABILITY, "explain", OBJECT, WITHDRAW)
PORTAL: Final = "portal"
_LIVE: Final = "live"
A_DAY: Final = 20
"""How many requests in their own words one person opens on their page in a day."""
CHANNELS: Final = (PORTAL, "email", "letter", "phone", "desk")
OPEN: Final = "open"
PAUSE: Final = "pause"
RESUME: Final = "resume"
_ANSWERS: Final = frozenset(("", "respond", "rights_request"))
"""Whose day is that of the answer, where a rule has several clocks; that it came is confirmed at once."""
EXTEND: Final = "extend"


def intake(
    desk: Desk,
    tx: Transaction,
    laws: Laws,
    matter: Row,
    subject: Row,
    kind: str,
    channel: str,
    proof: str,
    note: str,
    controller: str = "",
    came: datetime | None = None,
) -> dict[str, Json]:
    """One more request of this person; the same kind that is still open is the same request, in words of its own where these are the same on the page, too; unless this `came` earlier.

    `controller`: to whom the data shall go. `came`: from when the law's clocks run, now unless it is told.

    Raises Malformed `request.controller`.
    """
    controller = written(controller)
    if controller and (kind != PORTABILITY or not controller.isprintable() or len(controller) > _LONGEST_NAME):
        raise Malformed("request.controller", "A company is named where data shall move to it, in one line of at most 200 characters.",
                        next="Name it for a request to move data, and for no other.")  # fmt: skip
    vault, who = str(matter["vault"]), cast("bytes", subject["id"])
    rows = tx.find("request", order=("received_at", "ref"), vault=vault, subject=who, kind=kind, **_scope(matter, kind))
    known = [row for row in rows if not row["closed_at"]]
    now = desk.clock.now()
    since = came or now
    if channel == PORTAL and (note or controller):
        known = [row for row in known if row["channel"] == PORTAL and _says(desk, tx, row, subject, note, controller)]
    elif note or controller:
        known = []
    if known and str(known[0]["received_at"]) <= stamp(since):
        return {**_told(known[0]), "resumed": True}
    bound = bounds_of(desk, tx, laws, matter, subject, kind, since, {})
    ref = f"R-{now.year}-{next_number(tx, f'request:{desk.space}:{now.year}'):04d}"
    request = ids.new("req")
    says: dict[str, Json] = {"matter": str(matter["id"]), "request": request, "kind": kind, "channel": channel, "proof": proof, "due_at": bound.due_at,
                             "at_once": bool(bound.prompt), **({"received_at": stamp(came)} if came else {})}  # fmt: skip
    if subject["state"] == _LIVE:
        person = own_about(desk, tx, vault, who, stamp(now))
        position = append_about(tx, desk.space, stamp(now), "request-received", says, who=person,
                                detail={"subject": ids.subject_text(who), "note": note, "controller": controller})  # fmt: skip
    else:  # no key of theirs is left to seal a word under: nothing is told but what the entry says in clear
        position = append(tx, desk.space, stamp(now), "request-received", says)
    tx.add("request", [{
        "id": request, "ref": ref, "matter": str(matter["id"]), "vault": vault, "subject": who, "kind": kind, "channel": channel,
        "proof": proof, "state": OPEN, "received_at": stamp(since), "closed_at": "", "position": position, **bound.cells(),
    }])  # fmt: skip
    return {**_told(tx.find("request", id=request)[0]), "resumed": False}


def _scope(matter: Row, kind: str) -> Cells:
    """A no belongs to the deal in which it was said; anything else is asked of whoever has the data, whatever the deal."""
    return {"matter": str(matter["id"])} if kind in SAYING_NO else {}


def asked_so(
    desk: Desk, tx: Transaction, matter: Row, subject: Row, kind: str, note: str, controller: str = ""
) -> bool:
    """Whether exactly this was asked on their page and is open: the same words are the same request."""
    rows = tx.find("request", vault=matter["vault"], subject=subject["id"], kind=kind, channel=PORTAL, closed_at="")
    return any(_says(desk, tx, row, subject, note, written(controller)) for row in rows)


def _says(desk: Desk, tx: Transaction, row: Row, subject: Row, note: str, controller: str) -> bool:
    try:
        return said_with(desk, tx, row, subject) == {"note": note, "controller": controller}
    except CustodyError:  # words that nobody can read are no other request's
        return False


def require_few(desk: Desk, tx: Transaction, who: bytes) -> None:
    """Of what somebody words freely on their page, so many a day are taken, by whatever link: what is already open has its clock, and a no has no limit.

    Raises Denied `portal.requests`.
    """
    if not add_up_to(tx, f"requests:{ids.subject_text(who)}:{desk.today().isoformat()}", 1, most=A_DAY):
        raise Denied("portal.requests", "Enough requests came today; each of them is being answered.", next="Come back tomorrow, or ask the company.")  # fmt: skip


def end(
    desk: Desk, tx: Transaction, row: Row, state: str, refused: Cells, acts: Sequence[str] = (), left: Sequence[Kept] = ()
) -> int:  # fmt: skip
    """It ends so, `refused` on this (empty where nothing was), by these acts, with these copies left, on the record; returns the entry."""
    now = stamp(desk.clock.now())
    says: dict[str, Json] = {"matter": str(row["matter"]), "request": str(row["id"]), "state": state, "rule": str(refused.get("refused_by", "")), "principal": desk.principal.id,
                             "acts": list[Json](acts), **({"also": [cast("dict[str, Json]", each)["rule"] for each in more]} if (more := also(refused)) else {}), **({"outstanding": len(left)} if left else {})}  # fmt: skip
    detail: dict[str, Json] = {"copies": [each.told() for each in left]} if left else {}
    position = append(tx, desk.space, now, "request-closed", says, detail=detail)
    tx.change("request", {"state": state, "closed_at": now, **refused}, id=row["id"])
    return position


def take_back(desk: Desk, tx: Transaction, matter: Row, subject: Row, kind: str) -> list[str]:
    """What the person asked of this kind, a no in its own deal alone, and nobody answered yet ends, because they took it back and showed who they are; the references."""
    rows = tx.find(
        "request", order=("ref",), vault=str(matter["vault"]), subject=subject["id"], kind=kind, **_scope(matter, kind)
    )
    mine = [row for row in rows if not row["closed_at"]]
    for row in mine:
        end(desk, tx, row, WITHDRAWN, {})
    return [str(row["ref"]) for row in mine]


def binding(desk: Desk, tx: Transaction, matter: Row) -> Mapping[str, Json]:
    """The deal's; whoever received the data answers as the company that it is, wherever the deal was made."""
    ours: dict[str, Json] = {"seller.jurisdiction": desk.card.place} if side_of(tx, matter) == BUYER else {}
    return {**facts_of(tx, str(matter["id"])), **ours}


def _told(row: Row) -> dict[str, Json]:
    names = ("ref", "kind", "state", "received_at", "due_at", "rule")
    return {**{name: str(row[name]) for name in names}, **clocks(row)}


def bounds_of(
    desk: Desk,
    tx: Transaction,
    laws: Laws,
    matter: Row,
    subject: Row,
    kind: str,
    now: datetime,
    done: Mapping[str, str],
) -> Bounds:
    """What the law of everybody concerned says of a request that came at `now` and whose clock had this done to it since."""
    facts = binding(desk, tx, matter)
    return bounds(
        lawbook.packs(laws),
        facts,
        _concerned(desk, tx, matter, facts),
        subject,
        kind,
        now,
        desk.day(now),
        clock_facts(done),
    )


def _concerned(desk: Desk, tx: Transaction, matter: Row, facts: Mapping[str, Json]) -> tuple[str, ...]:
    """Whose law may bind where nobody knows where the person lives: that of both companies."""
    other = one(tx, "party", id=str(matter["counterparty"]))
    theirs = PartyCard.from_json(canonical.decode(cast("bytes", other["card"]))).place if other else ""
    ours = facts.get("seller.jurisdiction")
    return tuple(filter(None, (ours if isinstance(ours, str) else desk.card.place, theirs)))


def bounds(
    packs: Packs, matter: Mapping[str, Json], concerned: Sequence[str], subject: Row, kind: str, now: datetime, on: date, more: Mapping[str, Json]
) -> Bounds:  # fmt: skip
    """The strictest of each kind over every law that binds: of the first of `concerned` and of the person's place, else of all `concerned`.

    Of a place of which no rule on file speaks of such a request nothing is known: the strictest of all that is on file counts.

    `on`: the day of receipt where the company is; the texts in force on it count.
    """
    row = cast("Mapping[str, Json]", canonical.decode(cast("bytes", subject["facts"]), strict=False))
    known = subjects.regimes(row, concerned[0]) if concerned else ()
    asked = known or tuple(sorted({law for place in concerned for law in subjects.laws(place)}))
    places = tuple(place for place in asked if place in packs.regimes)
    event: dict[str, Json] = {"event.kind": "request", "request.type": kind, "request.received_at": stamp(now), "request.by": "subject",
                              "event.identifiability": "identifiable", "deal.on_date": on.isoformat(), **more}  # fmt: skip
    facts = with_ages({**matter, **event})
    found = check(packs, facts, places, on)
    said = [told for rule in found.fired for told in _said(packs, rule, facts)]
    # What is not on file loosens no clock: a law that may bind counts as if it did.
    maybe = [told for rule, _ in found.unknown for told in _said(packs, rule, facts)]
    if "paused_at" in facts and "resumed_at" not in facts:
        said, maybe = ([replace(one, still=one.pauses) for one in some] for some in (said, maybe))
    strictest, surely = stricter(*said, *maybe), stricter(*said)
    unsure = not known or (strictest.last_at, strictest.prompt) != (surely.last_at, surely.prompt)
    laws = (
        (subjects.established(concerned[0]), subjects.laws(str(row["residence"])))
        if known
        else map(subjects.laws, concerned)
    )
    silent = _silent(found, laws)
    lent = [borrowed(_any(packs, facts, on), silent)] if silent else []
    return replace(stricter(strictest, *lent), places=places, presumed=unsure or bool(silent))


def _silent(found: Outcome, laws: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """The places of whose law no rule that binds, or may, speaks of when such a request is answered."""
    spoke = {rule.regime for rule in (*found.fired, *(rule for rule, _ in found.unknown)) if _clocked(rule)}
    return tuple(sorted({place for law in laws if not spoke & set(law) for place in law}))


def _clocked(rule: Rule) -> bool:
    return any("request_received" in clock.events for clock in rule.clocks)


def _any(packs: Packs, facts: Mapping[str, Json], on: date) -> Bounds:
    """The strictest of what the laws of all places on file say of such a request."""
    found = check(packs, facts, tuple(sorted(packs.regimes)), on)
    rules = (*found.fired, *(rule for rule, _ in found.unknown))
    return stricter(*(told for rule in rules for told in _said(packs, rule, facts)))


def _said(packs: Packs, rule: Rule, facts: Mapping[str, Json]) -> Iterator[Bounds]:
    """What one rule says of a request's clock."""
    try:
        told = [each.due for each in deadlines(packs, rule, facts) if each.event == "request_received"]
    except CustodyError:  # a calendar that is not known yet leaves the date open
        return
    for due in told:
        if due.at is None or due.clock is None or due.clock.bound != "at_latest" or due.clock.duty not in _ANSWERS:
            continue
        day = stamp(due.at) if isinstance(due.at, datetime) else ""
        if rule.recommended:
            yield Bounds(advised_at=day, advised=rule.id if day else "")
        else:
            yield Bounds(due_at=day, rule=rule.id, pauses=due.clock.pauses) if day else Bounds(prompt=rule.id)


def clock_facts(done: Mapping[str, str]) -> dict[str, Json]:
    """What was done to a clock, as the rules ask for it."""
    found: dict[str, Json] = {"request.extension_notified": EXTEND in done}
    if PAUSE in done:
        found["paused_at"] = done[PAUSE]
    if RESUME in done:
        found["resumed_at"] = done[RESUME]
    return found
