"""Who is with the buyer of a deal: what is let go of here is not gone there, and what they asked for goes on there (spec/requests.md §4, §6)."""

from collections.abc import Collection, Iterator
from typing import cast

from custody.acts import let_go, releases
from custody.acts.desk import Desk
from custody.acts.noted import LETTING_GO
from custody.acts.passing import SELLER, said_to, side_of
from custody.base.errors import Refused
from custody.ports.store import Row, Transaction


def with_buyer(desk: Desk, tx: Transaction, vault: str, people: Collection[bytes]) -> set[bytes]:
    """Those of them whom a deal of this vault gave to its buyer. To be asked before a slot goes: afterwards it says no more whose it was."""
    return set[bytes]().union(*(there for _, there in by_deal(desk, tx, vault, people)))


def everybody_there(desk: Desk, tx: Transaction, matter: Row) -> set[bytes]:
    """Everybody of whom something of this deal lies with its buyer, page by page."""
    given = releases.made(desk, tx, str(matter["id"]))
    pages = releases.out(tx, matter, given).pages() if given else ()
    return {who for who, _ in let_go.whose(tx, str(matter["vault"]), pages)}


def by_deal(desk: Desk, tx: Transaction, vault: str, people: Collection[bytes]) -> Iterator[tuple[Row, set[bytes]]]:
    """(deal, those of them who lie with its buyer), of every deal by which this vault gave something away."""
    for matter in tx.find("matter", order=("id",), vault=vault, kind="deal") if people else ():
        if tx.count("statement", matter=str(matter["id"]), kind="released") and side_of(tx, matter) == SELLER:
            there = releases.out(tx, matter, releases.made(desk, tx, str(matter["id"])))
            yield matter, {who for who in people if releases.lies_there(tx, vault, who, there)}


def require_passed(desk: Desk, tx: Transaction, vault: str, people: Collection[bytes]) -> None:
    """What a person asked to be deleted goes to each buyer who has them before their key goes here. Raises Refused `request.elsewhere`."""
    rows = [row for row in tx.find("request", order=("ref",), vault=vault, closed_at="")
            if row["kind"] in LETTING_GO and row["subject"] in people]  # fmt: skip
    away = list(by_deal(desk, tx, vault, {row["subject"] for row in rows if isinstance(row["subject"], bytes)}))
    for row in rows:
        if any(row["subject"] in there and not _passed(tx, row, matter) for matter, there in away):
            raise elsewhere(str(row["ref"]))


def awaited(desk: Desk, tx: Transaction, row: Row) -> bool:
    """Whether some buyer still owes its word on the request: one that it was passed on to, or one that it is said to and that has its person."""
    passed = tx.find("request_passed", request=row["id"])
    if any(not each["said"] for each in passed):
        return True
    who, heard = cast("bytes", row["subject"]), {each["matter"] for each in passed}
    return any(there and matter["id"] not in heard and said_to(tx, row, matter)
               for matter, there in by_deal(desk, tx, str(row["vault"]), {who}))  # fmt: skip


def _passed(tx: Transaction, row: Row, matter: Row) -> bool:
    return bool(tx.count("request_passed", matter=str(matter["id"]), request=row["id"]))


def is_passed(tx: Transaction, row: Row) -> bool:
    """Whether the request went on to a buyer."""
    return bool(tx.count("request_passed", request=row["id"]))


def elsewhere(ref: str) -> Refused:
    """The request ends at the buyer."""
    return Refused("request.elsewhere", "The buyer has this person's data: the request ends there, and here by its signed word.",
                   where={"request": ref}, next="custody request pass DEAL, then custody request settle DEAL")  # fmt: skip
