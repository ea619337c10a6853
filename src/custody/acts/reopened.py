"""A yes was said to the words of the law of where its person lived, and of what lay here of theirs: known to live elsewhere, or of more of theirs, they are asked anew (spec/consent.md §4).

What the rules there want told before a yes, or what came since, is not what they were told. Nothing is removed of what was answered; it counts no more for that.
"""

from collections.abc import Collection, Iterable
from typing import Final

from custody.acts.desk import Desk
from custody.acts.elsewhere import by_deal
from custody.acts.matters import ENDED, EVERYTHING
from custody.acts.passing import SELLER, side_of
from custody.acts.said import AGREED
from custody.law.form import NOTICE
from custody.law.gate import PUBLISHED
from custody.ports.store import Transaction

_TOLD: Final = (NOTICE, PUBLISHED)
RESIDENCE: Final = "residence"
TO_HAND_OVER: Final = AGREED - {"consent.marketing"}
"""The consents to a hand-over: one to marketing is to none."""


def reopen(desk: Desk, tx: Transaction, vault: str, who: bytes) -> None:
    """The evidence of each yes to a hand-over goes off the file of each deal under way by which this vault may give, and that they were told: what the law of there wants told was in nothing they read.

    Of whom something went already what they were told stays: it went lawfully by what was known then, and nobody is called back for it.
    """
    gone = {str(matter["id"]) for matter, there in by_deal(desk, tx, vault, {who}) if there}
    for matter in giving(tx, vault):
        for code in (*sorted(TO_HAND_OVER), *(() if matter in gone else _TOLD)):
            tx.drop("evidence", matter=matter, subject=who, type=code)


def narrow(tx: Transaction, deals: Iterable[str], who: bytes, shown: Collection[int]) -> None:
    """Something of theirs came to lie where nothing lay: a yes that was shown these compartments goes on for them, and for nothing else."""
    for matter in deals:
        for row in tx.find("evidence", matter=matter, subject=who, compartment=EVERYTHING):
            if row["type"] in TO_HAND_OVER:
                tx.drop("evidence", matter=matter, subject=who, compartment=EVERYTHING, type=row["type"])
                tx.add("evidence", [{**row, "compartment": place} for place in shown])


def giving(tx: Transaction, vault: str) -> list[str]:
    """The deals under way by which this vault may give."""
    rows = tx.find("matter", order=("id",), vault=vault, kind="deal")
    return [str(row["id"]) for row in rows if row["state"] not in ENDED and side_of(tx, row) == SELLER]
