"""Send what a second person approved, a few at a time, so that a kill at any point loses none and doubles none (B1).

Before messages are handed over they are journalled as `sending`, no more than there are connections; what a crash leaves so is in doubt
and is not sent again before the relay's log was asked (`campaign settle`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import Final, NamedTuple, TypeAlias, cast

from custody.acts.barred import barred, refusers
from custody.acts.campaign_approval import approved
from custody.acts.campaigning import (
    ELSEWHERE,
    NO_ADDRESS,
    PLANNED,
    REFUSED,
    SENDING,
    SENT,
    SUPPRESSED,
    UNREAD,
    By,
    addresses,
    campaign,
    composed,
    counts,
    require_way,
    short,
    texts,
    way_of,
)
from custody.acts.contacts import SMS, Contact, contacts, spoken_to
from custody.acts.deaths import dead
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.going import require_going
from custody.acts.link_lives import renew
from custody.acts.same_words import told_by_others
from custody.acts.sole import holding
from custody.base.canonical import Json
from custody.base.clock import parse, stamp
from custody.base.errors import Refused, Unavailable
from custody.ports.mail import Mailer
from custody.ports.store import Cells, Row, Transaction, one
from custody.ports.texts import Texter

_BATCH: Final = 200
_DOUBT: Final = frozenset(("mail.in-doubt", "texts.in-doubt"))
_LATER: Final = frozenset(("mail.later", "texts.later"))
WAITS: Final = tuple(timedelta(hours=one) for one in (0.5, 2, 8, 24))
"""How long a message that was not taken now waits for its next try; after the last one a no stands."""
STOPPED: Final = "campaign.stopped"
"""Somebody stopped it between two rounds; what had begun has ended, and the rest is as it was."""
IN_A_ROW: Final = 20
"""So many first noes with no yes among them are about all, not about each."""
Make: TypeAlias = Callable[[Row, Contact, str, datetime], Callable[[], object]]
"""The message of one person, whole, as of the moment it was journalled; calling it hands it over."""
_BAD_ADDRESS: Final = "address"


class _Ended(NamedTuple):
    """What became of one message; `stopped` is why no more are sent now, `no` that its first try was answered with one."""

    subject: bytes
    state: str
    reply: str
    stopped: str = ""
    no: bool = False


class _Way(NamedTuple):
    """How messages of a campaign are handed over, and how many at once."""

    make: Make
    channel: str
    at_once: int
    go_on: Callable[[int], bool]


def campaign_send(
    desk: Desk, mailer: Mailer | Texter, ref: str, most: int, go_on: Callable[[int], bool] = lambda _: True
) -> Mapping[str, Json]:
    """At most `most` messages now (0: all). `go_on` is asked before the first and between two rounds, with how many more ended, whether the next may begin.

    Raises Missing `campaign.unknown`, Malformed `campaign.channel`, Refused `campaign.no-relay`, `campaign.other-relay`, `act.unapproved`, `deal.ended`, Unavailable `vault.busy`.
    """
    desk.require(("owner", "privacy", "data"))
    with holding(desk, f"campaign {ref}"):
        with desk.store.write() as tx:
            row = campaign(desk, tx, ref)
            require_going(tx, row)
            require_way(row, mailer.way)
            approved(desk, tx, row)
        way = _way(desk, mailer, row, go_on)
        left, stopped, sent, noes = most or -1, _asked(go_on, 0), 0, list[_Ended]()
        while not stopped and left and (batch := _batch(desk, row, left)):
            told, stopped = _send(desk, way, row, batch, noes)
            left, sent = left - len(batch), sent + told
        with desk.store.read() as tx:
            found = counts(tx, row)
        stopped = stopped or ("campaign.later" if left and found[PLANNED] else "")
    return {
        "campaign": ref,
        "sent": sent,
        "counts": found,
        "in_doubt": found[SENDING],
        "stopped": stopped,
        "done": not found[PLANNED],
    }


def _asked(go_on: Callable[[int], bool], ended: int) -> str:
    return "" if go_on(ended) else STOPPED


def _way(desk: Desk, mailer: Mailer | Texter, row: Row, go_on: Callable[[int], bool]) -> _Way:
    channel = str(row["channel"])
    send = getattr(mailer, "send_text" if channel == SMS else "send")

    def make(sending: Row, contact: Contact, page: str, at: datetime) -> Callable[[], object]:
        if channel == SMS:
            return partial(send, short(row, sending, contact, page))
        by = By({"zh": desk.card.name_zh, "en": desk.card.name_en or desk.card.name_zh}, at)
        return partial(send, texts(row)["sender"], contact.email, composed(row, sending, contact, page, by))

    return _Way(make, channel, mailer.at_once, go_on)


def _batch(desk: Desk, row: Row, left: int) -> list[Row]:
    """Those never tried, in their order; then those whose next try is due."""
    size = _BATCH if left < 0 else min(left, _BATCH)
    planned: Cells = {"campaign": str(row["id"]), "state": PLANNED}
    with desk.store.read() as tx:
        fresh = tx.scan("sending", order=("place",), **planned, attempts=0)
        found = [one_row for _, one_row in zip(range(size), fresh, strict=False)]
        if found:
            return found
        now = desk.clock.now()
        again = (each for each in tx.scan("sending", order=("at", "place"), **planned) if _is_due(each, now))
        return [one_row for _, one_row in zip(range(size), again, strict=False)]


def _is_due(sending: Row, now: datetime) -> bool:
    """Whether what waits may be tried again; what only a stop put back waits for nothing."""
    tries = min(int(sending["attempts"] or 0), len(WAITS))
    return not sending["reply"] or parse(str(sending["at"])) + WAITS[tries - 1] <= now


def _send(desk: Desk, way: _Way, row: Row, batch: list[Row], noes: list[_Ended]) -> tuple[int, str]:
    """(how many the relay took, why it stopped). One commit between two rounds: how one ended and that the next begins. `noes` are those since the last yes."""
    people, pages, silent = _opened(desk, row, batch)
    passed = {who: SUPPRESSED if who in silent else NO_ADDRESS
              for who, contact in people.items() if who in silent or not contact.reached(way.channel)}  # fmt: skip
    ended, taken, stopped = list[_Ended](), 0, ""
    with ThreadPoolExecutor(way.at_once) as pool:
        for now in _rounds(batch, way.at_once):
            begins = [one_row for one_row in now if _who(one_row) not in passed]
            told, at, off = _move(desk, row, ended, begins)
            if off:
                ended, stopped = [], off
                break
            passed |= dict.fromkeys(told, ELSEWHERE)
            ended = [_passed(_who(one_row), passed, people) for one_row in now if _who(one_row) in passed]
            goes = [one_row for one_row in begins if _who(one_row) not in passed]
            made = pool.map(
                lambda one_row, at=at: _one(way, one_row, people[_who(one_row)], pages[_who(one_row)], at), goes
            )
            ended += [found for found in made if found is not None]
            taken += sum(found.state == SENT for found in ended)
            _since_a_yes(noes, ended)
            whole = "campaign.none-taken" if len(noes) >= IN_A_ROW else ""
            stopped = next((found.stopped for found in ended if found.stopped), whole) or _asked(way.go_on, len(now))
            if stopped:
                break
    _move(desk, row, ended, [])
    if stopped == "campaign.none-taken":  # nobody's address is at fault: they are tried again, behind the others
        _move(desk, row, [found._replace(state=PLANNED) for found in noes], [])
    with desk.store.write() as tx:
        by = way_of(row)
        says: dict[str, Json] = {
            "campaign": str(row["id"]), "taken": taken, "principal": desk.principal.id, "way": {**by.open} if by else {},
        }  # fmt: skip
        append(tx, desk.space, stamp(desk.clock.now()), "campaign-sent", says, detail={"matter": str(row["matter"])})
    return taken, stopped


def _passed(who: bytes, states: Mapping[bytes, str], people: Mapping[bytes, Contact]) -> _Ended:
    return _Ended(who, states[who], UNREAD if states[who] == NO_ADDRESS and people[who].unread else "")


def _since_a_yes(noes: list[_Ended], ended: Sequence[_Ended]) -> None:
    if any(found.state == SENT for found in ended):
        noes.clear()
    noes += [found for found in ended if found.no]


def _rounds(batch: Sequence[Row], size: int) -> Iterator[Sequence[Row]]:
    for start in range(0, len(batch), size):
        yield batch[start : start + size]


def _one(way: _Way, sending: Row, contact: Contact, page: str, at: datetime) -> _Ended | None:
    """None: nobody knows, and it stays `sending`. A campaign may lead to no page, which is empty."""
    who, tries = _who(sending), int(sending["attempts"] or 0) + 1
    try:
        hand = way.make(sending, contact, page, at)
    except Exception:  # noqa: BLE001 - nothing is handed over yet, and the standard library fails on addresses in many ways
        return _Ended(who, NO_ADDRESS, _BAD_ADDRESS)
    try:
        return _Ended(who, SENT, str(hand()))
    except ValueError:  # what cannot stand in an envelope is found before the relay has the message
        return _Ended(who, NO_ADDRESS, _BAD_ADDRESS)
    except Refused as error:
        return _Ended(who, REFUSED, str(error.where.get("code", "")), no=tries == 1)
    except Unavailable as error:
        if error.slug in _LATER:
            return _Ended(
                who, PLANNED if tries <= len(WAITS) else REFUSED, str(error.where.get("code", "")), no=tries == 1
            )
        return None if error.slug in _DOUBT else _Ended(who, PLANNED, "", error.slug)


def _who(sending: Row) -> bytes:
    return cast("bytes", sending["subject"])


def _opened(desk: Desk, row: Row, batch: list[Row]) -> tuple[Mapping[bytes, Contact], Mapping[bytes, str], set[bytes]]:
    """Names, addresses and pages of one batch, which live in memory alone, and who may not be contacted by now. A link's days begin when it goes out."""
    with desk.store.write() as tx:
        renew(desk, tx, str(row["matter"]), [cast("bytes", sending["link"]) for sending in batch])
    with desk.store.read() as tx:
        matter = one(tx, "matter", id=str(row["matter"]))
        assert matter is not None
        vault, who = str(matter["vault"]), [_who(sending) for sending in batch]
        found = spoken_to(contacts(desk, tx, vault, who), batch)
        pages = addresses(desk, tx, row, batch)
        silent = barred(desk, tx, vault, who, found) | dead(tx, vault, found) | refusers(tx, row)
        return found, pages, silent


def _move(desk: Desk, row: Row, ended: Sequence[_Ended], begins: Sequence[Row]) -> tuple[set[bytes], datetime, str]:
    """Who of those that were to begin is told the same by another campaign by now: looked at where theirs would be journalled; when that was; and why none began, where the deal is off or reads otherwise by now."""
    with desk.store.write() as tx:
        at = desk.clock.now()
        now = stamp(at)
        for found in ended:
            values: Cells = {"state": found.state, "reply": found.reply, "at": now}
            tx.change("sending", values, campaign=str(row["id"]), subject=found.subject)
        if off := _off(tx, row) if begins else "":
            return set(), at, off
        told = told_by_others(desk, tx, row, [_who(sending) for sending in begins])
        for sending in (each for each in begins if _who(each) not in told):
            values = {"state": SENDING, "at": now, "attempts": int(sending["attempts"] or 0) + 1}
            tx.change("sending", values, campaign=str(row["id"]), subject=_who(sending))
    return told, at, ""


def _off(tx: Transaction, row: Row) -> str:
    """Why a run goes no further; it ends instead of being refused, since what went is told."""
    try:
        require_going(tx, row)
    except Refused as error:
        return error.slug
    return ""
