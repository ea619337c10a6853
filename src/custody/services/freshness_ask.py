"""Ask customers, once a year, whether what is held of them is still right: a campaign that a second person approves (A7; spec/freshness.md §6).

Planned by a person the first time; from then on `custody due` plans each year's with the same words. Nothing is sent here.
"""

from collections.abc import Mapping
from typing import Final, cast

from custody.acts.campaigning import ABOUT, PLANNED, approved_content, counts, texts
from custody.acts.confirming import CONFIRM, asked, to_ask, wording
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.matters import deal
from custody.acts.passing import BUYER, side_of
from custody.acts.planning import EMAIL, plan, row_of, words
from custody.acts.suppressing import mark, on_list
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed, Missing
from custody.ports.store import Row, Transaction, one

_GIVEN: Final = ("sender", "pages", "channel")


def freshness_ask(desk: Desk, named_deal: str, given: Mapping[str, str]) -> Mapping[str, Json]:
    """`given`: sender, pages, channel. Raises Missing `campaign.nobody`, Malformed `campaign.words`."""
    desk.require(("owner", "privacy"))
    with desk.store.read() as tx:
        matter = deal(desk, tx, named_deal)
    told = {**_said(desk), **{name: given[name] for name in _GIVEN if given.get(name)}}
    if not told.get("pages"):
        raise Malformed("campaign.words", "Missing or not of its form: pages.", next="--pages https://…")
    made = _plan(desk, matter, words(told, apart=False), told.get("channel", EMAIL))
    if made is None:
        raise Missing("campaign.nobody", "Nobody is to be asked yet.", next="custody freshness show")
    return made


def confirmations_due(desk: Desk) -> Mapping[str, Json]:
    """In each vault where people were asked before, plan whoever is to be asked by now; a campaign that still waits is told, not made again.

    `ok` is False while one waits for its second person or to be sent: nobody is asked by a plan alone; and where no deal is left by which a vault's people can be (`stopped`).
    """
    desk.require(("owner", "privacy", "operator"))
    planned, waiting = list[Json](), list[Json]()
    for matter, before in _before(desk):
        with desk.store.read() as tx:
            waits = [str(row["ref"]) for row in asked(tx, desk.space, str(matter["vault"])) if counts(tx, row)[PLANNED]]
        waiting += waits
        told = {name: value for name, value in texts(before).items() if name != ABOUT}
        if not waits and (made := _plan(desk, matter, told, str(before["channel"]))):
            planned.append(made["campaign"])
    stopped = _stopped(desk)
    return {
        "planned": planned,
        "waiting": waiting,
        **({"stopped": stopped} if stopped else {}),
        "ok": not (planned or waiting or stopped),
    }


def _before(desk: Desk) -> list[tuple[Row, Row]]:
    """(deal, newest campaign that asked) of each vault where there is one: by its own deal, or where that was broken off by another over the vault that was not."""
    found = list[tuple[Row, Row]]()
    with desk.store.read() as tx:
        for vault in tx.find("vault", order=("name",), party=desk.space):
            if rows := asked(tx, desk.space, str(vault["id"])):
                matter = _going(tx, cast("Row", one(tx, "matter", id=rows[-1]["matter"])))
                found += [(matter, rows[-1])] if matter else []
    return found


def _going(tx: Transaction, matter: Row) -> Row | None:
    """What people were asked by once ends with no deal: the vault's people go on to be asked."""
    every = [matter, *tx.find("matter", order=("ref",), vault=matter["vault"], kind="deal")]
    return next((one for one in every if one["state"] != "aborted"), None)


def _stopped(desk: Desk) -> list[Json]:
    """Vaults where people were asked before and no deal is left by which they can be."""
    with desk.store.read() as tx:
        vaults = tx.find("vault", order=("name",), party=desk.space)
        asked_in = [(str(row["name"]), asked(tx, desk.space, str(row["id"]))) for row in vaults]
        return [
            name
            for name, rows in asked_in
            if rows and _going(tx, cast("Row", one(tx, "matter", id=rows[-1]["matter"]))) is None
        ]


def _said(desk: Desk) -> dict[str, str]:
    """The words that ship, with the company's own names."""
    names = {"zh": desk.card.name_zh, "en": desk.card.name_en or desk.card.name_zh}
    return {
        name: text.replace("{zh}", names["zh"]).replace("{en}", names["en"]).strip() for name, text in wording().items()
    }


def _plan(desk: Desk, matter: Row, told: Mapping[str, str], channel: str) -> dict[str, Json] | None:
    """The campaign, planned; None where nobody is to be asked."""
    barred = _barred(desk, matter)
    with desk.store.write() as tx:
        mark(tx, str(matter["vault"]), barred)
        people = to_ask(desk, tx, matter)
        if not people:
            return None
        row = row_of(desk, tx, matter, {**told, ABOUT: CONFIRM}, channel)
        plan(desk, tx, matter, row, people)
        made = counts(tx, row)
        says: dict[str, Json] = {"campaign": str(row["id"]), "people": len(people), "counts": made}
        position = append(tx, desk.space, stamp(desk.clock.now()), "confirmation-planned", says)
        content = approved_content(tx, row)
    return {"campaign": str(row["ref"]), "deal": str(matter["ref"]), "people": len(people), "counts": made,
            "approve": ["campaign", content], "ledger": f"{desk.space}@{position}"}  # fmt: skip


def _barred(desk: Desk, matter: Row) -> list[bytes]:
    """At a buyer, whom our own list forbids to contact: they came as ciphertext, and their facts may not know it yet."""
    with desk.store.read() as tx:
        buying = side_of(tx, matter) == BUYER
    return on_list(desk, str(matter["vault"])) if buying else []
