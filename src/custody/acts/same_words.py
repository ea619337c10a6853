"""Whom another campaign of the same deal tells the same: nobody reads the same words twice (spec/campaigns.md §1, §4).

Campaigns say the same when title and text are the same in each language, by whatever channel. A yearly question is not among them:
it is asked again in the same words, and has its own rule of whom (`confirming`).
"""

from collections.abc import Collection, Mapping
from typing import Final, cast

from custody.acts.campaigning import DELIVERED, PLANNED, POSTED, PRINTED, SENDING, SENT, texts
from custody.acts.confirming import is_confirm
from custody.base import canonical
from custody.ports.store import Row, Transaction

UNDER_WAY: Final = (SENDING, SENT, DELIVERED, PRINTED, POSTED)
"""What reaches somebody, or may: what came back, or has no address, tells nobody."""
_SAID: Final = ("subject", "text", "subject_en", "text_en")
_AROUND: Final = ("sender", "pages", "page_line")


def left_out(tx: Transaction, matter: Row, told: Mapping[str, str], day: str) -> Mapping[bytes, str]:
    """{person: the campaign that tells them}, of a plan of these words.

    Who only waits in a plan is left out where sender and page are the same, too: a plan with a mistake in them can be made anew.
    """
    plan: Row = {"texts": canonical.encode(dict(told)), "made_at": day, "id": ""}
    return {
        who: str(row["ref"])
        for row in _others(tx, str(matter["id"]), plan)
        for state in (*UNDER_WAY, *((PLANNED,) if _around(row) == _around(plan) else ()))
        for who in _people(tx, row, state)
    }


def told_by_others(tx: Transaction, row: Row, people: Collection[bytes]) -> set[bytes]:
    """Who of these is told the same by another campaign by now."""
    if not people or is_confirm(row):
        return set()
    return {
        cast("bytes", who)
        for other in _others(tx, str(row["matter"]), row)
        for who, state in tx.among("sending", ("subject", "state"), "subject", people, campaign=str(other["id"]))
        if state in UNDER_WAY
    }


def same_words(tx: Transaction, row: Row) -> dict[str, int]:
    """{campaign that says the same: how many people it tells or has planned to}."""
    if is_confirm(row):
        return {}
    found = {
        str(other["ref"]): sum(tx.count("sending", campaign=str(other["id"]), state=state) for state in (PLANNED, *UNDER_WAY))
        for other in _others(tx, str(row["matter"]), row)
    }  # fmt: skip
    return {ref: count for ref, count in found.items() if count}


def _others(tx: Transaction, matter: str, row: Row) -> list[Row]:
    """The other campaigns of the deal that say what this one says."""
    rows = tx.find("campaign", order=("ref",), matter=matter)
    return [one for one in rows if one["id"] != row["id"] and not is_confirm(one) and _said(one) == _said(row)]


def _said(row: Row) -> tuple[str, ...]:
    """A paper bears the day on which it was composed; of another day it is still the same paper."""
    told, day = texts(row), str(row["made_at"])[:10]
    return tuple(told.get(name, "").replace(day, "") if told.get("paper") else told.get(name, "") for name in _SAID)


def _around(row: Row) -> tuple[str, ...]:
    return tuple(texts(row).get(name, "") for name in _AROUND)


def _people(tx: Transaction, row: Row, state: str) -> list[bytes]:
    return [cast("bytes", who) for (who,) in tx.columns("sending", ("subject",), campaign=str(row["id"]), state=state)]
