"""A yes was said to the words of the law of where its person lived: known to live elsewhere, they are asked anew (spec/consent.md §4).

What the rules there want told before a yes is not what they were told. Nothing is removed of what was answered; it counts no more.
"""

from typing import Final

from custody.acts.matters import ENDED
from custody.acts.passing import SELLER, side_of
from custody.acts.said import AGREED
from custody.ports.store import Transaction

RESIDENCE: Final = "residence"
_BEYOND: Final = frozenset(("consent.marketing",))
"""A yes that is to no hand-over."""


def reopen(tx: Transaction, vault: str, who: bytes) -> None:
    """The evidence of each yes to a hand-over goes off the file of each deal under way by which this vault may give."""
    for matter in tx.find("matter", order=("id",), vault=vault, kind="deal"):
        if matter["state"] not in ENDED and side_of(tx, matter) == SELLER:
            for code in sorted(AGREED - _BEYOND):
                tx.drop("evidence", matter=str(matter["id"]), subject=who, type=code)
