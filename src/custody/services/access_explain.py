"""Why somebody saw something or was refused, months later: the decision of a look is read again and decided again (A3, D4)."""

from collections.abc import Mapping
from typing import Final

from custody.acts.access_decisions import replay
from custody.acts.desk import Desk
from custody.acts.people import by_id
from custody.base.canonical import Json
from custody.base.errors import CustodyError, Malformed

CHECKERS: Final = ("owner", "privacy", "lawyer", "auditor")
"""Whoever else asks is told of their own looks alone."""


def access_explain(desk: Desk, entry: str) -> Mapping[str, Json]:
    """`entry` is a number of the ledger or `space@number`; one's own is explained to everybody.

    Raises Malformed `access.entry`, Missing `access.no-decision`, Broken `access.differs`; Denied `act.role` for another's, and for what is no
    decision as well: whoever may not ask learns nothing of the ledger by asking.
    """
    number = entry.rpartition("@")[2]
    if not (number.isascii() and number.isdigit() and len(number) < 16):
        raise Malformed("access.entry", "An entry is named by its number, or as SPACE@NUMBER.")
    with desk.store.read() as tx:
        try:
            told = replay(tx, desk.space, int(number))
        except CustodyError:
            desk.require(CHECKERS)
            raise
        if told["principal"] != desk.principal.id:
            desk.require(CHECKERS)
        handle = by_id(tx, str(told["principal"])).handle
    return {**told, "handle": handle, "ledger": f"{desk.space}@{number}", "same": True}
