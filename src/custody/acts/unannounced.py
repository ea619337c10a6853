"""A link that came with news of something else while nobody was told of the deal: its page keeps silent of the deal (spec/portal.md §2).

A breach is told at once, also while a sale is being prepared under a promise of silence; the yearly question goes on meanwhile.
"""

from custody.acts.campaigning import SENDING, WENT, is_apart
from custody.acts.desk import Desk
from custody.acts.links import Link
from custody.acts.public_deals import is_public
from custody.ports.store import Row, Transaction

_BEGUN = (SENDING, *WENT)
"""What may have reached somebody; a plan and a sheet that lies here tell nobody."""


def is_unannounced(desk: Desk, tx: Transaction, matter: Row, link: Link) -> bool:
    """Whether the page of this link shows nothing of its deal. A link that somebody made for one person, or a message of the deal carried, shows it: it was given out to show that."""
    return _came_apart(tx, link) and not _announced(desk, tx, matter)


def _came_apart(tx: Transaction, link: Link) -> bool:
    rows = (row for row in tx.find("campaign", matter=link.matter) if is_apart(row))
    return any(tx.count("sending", campaign=str(row["id"]), subject=link.subject, link=link.id) for row in rows)


def _announced(desk: Desk, tx: Transaction, matter: Row) -> bool:
    """Whether anybody may know of the deal, or some customer was told of it: by a message or letter, or as a list says."""
    if is_public(desk, tx, matter):
        return True
    deal = str(matter["id"])
    rows = [str(row["id"]) for row in tx.find("campaign", matter=deal) if not is_apart(row)]
    if any(tx.count("sending", campaign=row, state=state) for row in rows for state in _BEGUN):
        return True
    return bool(tx.count("evidence", matter=deal, type="notice.delivered"))
