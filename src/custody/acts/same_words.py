"""Whom another campaign of the same deal tells the same: nobody reads the same words twice (spec/campaigns.md §1, §4).

Campaigns say the same when title and text are the same in each language, by whatever channel: of a text message, what its page shows. A yearly question is not among them:
it is asked again in the same words, and has its own rule of whom (`confirming`).
"""

from collections.abc import Collection, Mapping
from typing import Final, cast

from custody.acts.campaigning import DELIVERED, NO_ADDRESS, PLANNED, POSTED, PRINTED, SENDING, SENT, texts
from custody.acts.confirming import is_confirm
from custody.acts.desk import Desk
from custody.acts.untrue import is_untrue
from custody.base import canonical
from custody.base.clock import parse
from custody.ports.store import Row, Transaction

UNDER_WAY: Final = (SENDING, SENT, DELIVERED, PRINTED, POSTED)
"""What reaches somebody, or may: what came back, or has no address, tells nobody."""
_SAID: Final = ("subject", "text", "subject_en", "text_en")
_WHOLE: Final = {"text": "notice", "text_en": "notice_en"}
_AROUND: Final = ("sender", "pages", "page_line")


def left_out(desk: Desk, tx: Transaction, matter: Row, told: Mapping[str, str], day: str) -> Mapping[bytes, str]:
    """{person: the campaign that tells them}, of a plan of these words.

    Who only waits in a plan is left out where sender and page are the same, too: a plan with a mistake in them can be made anew.
    """
    plan: Row = {"texts": canonical.encode(dict(told)), "made_at": day, "id": ""}
    return {
        who: str(row["ref"])
        for row in _others(desk, tx, str(matter["id"]), plan)
        for state in (*UNDER_WAY, *((PLANNED,) if _around(row) == _around(plan) else ()))
        for who in _people(tx, row, state)
    }


def without_address(desk: Desk, tx: Transaction, matter: Row, told: Mapping[str, str], day: str) -> Mapping[bytes, str]:
    """{person: the campaign}, of who waits in another campaign of these words for an address, or a letter."""
    plan: Row = {"texts": canonical.encode(dict(told)), "made_at": day, "id": ""}
    return {
        who: str(row["ref"])
        for row in _others(desk, tx, str(matter["id"]), plan)
        for who in _people(tx, row, NO_ADDRESS)
    }


def told_by_others(desk: Desk, tx: Transaction, row: Row, people: Collection[bytes]) -> set[bytes]:
    """Who of these is told the same by another campaign by now."""
    if not people or is_confirm(row):
        return set()
    return {
        cast("bytes", who)
        for other in _others(desk, tx, str(row["matter"]), row)
        for who, state in tx.among("sending", ("subject", "state"), "subject", people, campaign=str(other["id"]))
        if state in UNDER_WAY
    }


def same_words(desk: Desk, tx: Transaction, row: Row) -> dict[str, int]:
    """{campaign that says the same: how many people it tells or has planned to}."""
    if is_confirm(row):
        return {}
    found = {
        str(other["ref"]): sum(many for state, many in tx.counts("sending", "state", campaign=str(other["id"])).items() if state in {PLANNED, *UNDER_WAY})
        for other in _others(desk, tx, str(row["matter"]), row)
    }  # fmt: skip
    return {ref: count for ref, count in found.items() if count}


def _others(desk: Desk, tx: Transaction, matter: str, row: Row) -> list[Row]:
    """The other campaigns of the deal that say what this one says."""
    rows = tx.find("campaign", order=("ref",), matter=matter)
    return [
        one
        for one in rows
        if one["id"] != row["id"]
        and not is_confirm(one)
        and not is_untrue(tx, one)
        and _said(desk, one) == _said(desk, row)
    ]


def _said(desk: Desk, row: Row) -> tuple[str, ...]:
    """A paper bears the day on which it was composed, the company's or, of old, that of UTC; of another day it is still the same paper."""
    told, at = texts(row), str(row["made_at"])
    days = {desk.day(parse(at)).isoformat(), at[:10]} if told.get("paper") else set[str]()
    whole = {**told, **{name: told[of] for name, of in _WHOLE.items() if of in told}}
    return tuple(_without(whole.get(name, ""), days) for name in _SAID)


def _without(text: str, days: Collection[str]) -> str:
    for day in days:
        text = text.replace(day, "")
    return text


def _around(row: Row) -> tuple[str, ...]:
    return tuple(texts(row).get(name, "") for name in _AROUND)


def _people(tx: Transaction, row: Row, state: str) -> list[bytes]:
    return [cast("bytes", who) for (who,) in tx.columns("sending", ("subject",), campaign=str(row["id"]), state=state)]
