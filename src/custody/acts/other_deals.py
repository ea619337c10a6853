"""Where a no has not been heard yet: other deals under way over the vault, with another company (spec/requests.md §8).

Whoever says no by telephone or letter knows no numbers of deals, and who takes it down sees only some.
"""

from collections.abc import Mapping
from typing import Final, cast

from custody.acts.asking import OBJECTION, WITHDRAWAL
from custody.acts.desk import Desk
from custody.acts.matters import ENDED, called
from custody.acts.members import sees
from custody.acts.noted import OBJECT, WITHDRAW
from custody.acts.passing import SELLER, side_of
from custody.base.canonical import Json
from custody.ports.store import Row, Transaction, one

_HEARD: Final = {OBJECT: (OBJECTION, WITHDRAWAL), WITHDRAW: (WITHDRAWAL,)}
"""{kind of request: what is on file where it was heard}."""


def unheard(desk: Desk, tx: Transaction, row: Row) -> Mapping[str, Json]:
    """`also_in`: those of these deals that the acting person sees, `also_closed`: how many others; neither where there is none, or the request says no to nothing."""
    kinds, who = _HEARD.get(str(row["kind"]), ()), cast("bytes", row["subject"])
    if not kinds or row["closed_at"] or not tx.count("subject", vault=row["vault"], id=who, state="live"):
        return {}
    here = cast("Row", one(tx, "matter", id=row["matter"]))
    waits = [other for other in tx.find("matter", order=("ref",), kind="deal", party=here["party"], vault=row["vault"])
             if other["state"] not in ENDED and other["id"] != here["id"] and side_of(tx, other) == SELLER
             and not any(tx.count("evidence", matter=other["id"], subject=who, type=kind) for kind in kinds)]  # fmt: skip
    mine: list[Json] = [called(tx, other) for other in waits if sees(desk, tx, str(other["id"]))]
    others = len(waits) - len(mine)
    return {**({"also_in": mine} if mine else {}), **({"also_closed": others} if others else {})}
