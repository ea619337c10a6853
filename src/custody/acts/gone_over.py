"""What somebody takes back once nothing of them is left here: it stands where their data went, so it is passed on (spec/requests.md §4, decision 98)."""

from typing import Final, cast

from custody.acts.elsewhere import is_passed
from custody.acts.erasing import LIVE
from custody.acts.noted import WITHDRAW
from custody.acts.parted import parted
from custody.ports.store import Row, Transaction, one

_RELEASED: Final = "released"


def goes_over(tx: Transaction, row: Row) -> bool:
    """Whether a request ends at the buyer of its deal although a slot says no more whose it was: a consent taken back of somebody who is gone and of whom something went, or may have."""
    if row["kind"] != WITHDRAW or tx.count("subject", vault=row["vault"], id=row["subject"], state=LIVE):
        return False
    matter = str(row["matter"])
    return (
        bool(tx.count("statement", matter=matter, kind=_RELEASED))
        and parted(tx, matter, cast("bytes", row["subject"])) is not False
    )


def gone_over(tx: Transaction, matter: Row) -> list[Row]:
    """Those of a deal that have not ended."""
    rows = tx.find("request", order=("received_at", "id"), matter=str(matter["id"]), kind=WITHDRAW, closed_at="")
    return [row for row in rows if goes_over(tx, row)]


def pass_to(tx: Transaction, row: Row) -> str:
    """The deal by which staff have still to pass it on; '' where there is nothing to pass."""
    if is_passed(tx, row) or not goes_over(tx, row):
        return ""
    matter = one(tx, "matter", id=row["matter"])
    return str(matter["ref"]) if matter else ""
