"""What a copy is called for whoever reads of it (spec/copies.md §2; spec/access.md §6).

The list of copies is the vault's: whoever accounts for one must find it, whatever deal it was made for. Its name tells of a campaign or a request;
to whom the deal of that is closed it is called by its kind and its entry, and is found by that name too.
"""

import re
from typing import Final

from custody.acts.campaigning import told_to
from custody.acts.desk import Desk
from custody.acts.members import concerns, sees_every
from custody.ports.store import Transaction

_OF: Final = {"letters": ("campaign", told_to), "answer": ("request", concerns)}
_VEILED: Final = re.compile(r"(letters|answer)@[0-9]{1,15}")


def called(desk: Desk, tx: Transaction, kind: str, name: str) -> str:
    """Its name as the acting person reads it."""
    if kind not in _OF or sees_every(desk):
        return name
    (table, open_to), (ref, _, entry) = _OF[kind], name.partition("@")
    rows = tx.find(table, ref=ref.removesuffix(f"-{kind}"))
    return name if all(open_to(desk, tx, row) for row in rows) else f"{kind}@{entry}"


def meant(tx: Transaction, vault: str, name: str) -> str:
    """Its name as it is kept, by either."""
    if not _VEILED.fullmatch(name):
        return name
    kind, sign, entry = name.partition("@")
    rows = tx.find("copy", order=("name",), vault=vault, kind=kind)
    return next((str(row["name"]) for row in rows if str(row["name"]).endswith(sign + entry)), name)
