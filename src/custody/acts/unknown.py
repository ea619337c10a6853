"""What this party signed in a deal and its store does not know, because it was restored from a backup of before (spec/vault.md §21).

The journal came through the loss and says that it was signed; what it let go of, and to whom, stood in the store alone. So
nothing goes on in that deal that would say how many releases there are, or what is with the buyer.
"""

from typing import Final, cast

from custody.acts.desk import Desk
from custody.acts.entries import KIND, MATTER, positions, read_at
from custody.base.errors import Refused
from custody.package.statements import Destroyed, ReleasedStatement, Shipped
from custody.ports.store import Transaction, Within

_KEYS: Final = (ReleasedStatement.KIND, Destroyed.KIND)


def require_known(desk: Desk, tx: Transaction, matter: str) -> None:
    """Raises Refused `release.unknown` where a release or a destruction was signed that no row here tells of."""
    for kind in _KEYS:
        for position in _signed(desk, tx, matter, kind):
            if not tx.count("statement", matter=matter, kind=kind, position=position):
                where = {"statement": kind, "n": str(_number(desk, tx, position))}
                raise Refused("release.unknown", "This party signed something in this deal that its store does not know: it was restored from a backup of before.",
                              next="Keep the folder of the hand-over, which has it. Nothing is shipped, released, called back or destroyed in this deal from this store; custody erase goes on, here and at the buyer.",
                              where=where)  # fmt: skip


def require_shipped_known(desk: Desk, tx: Transaction, matter: str) -> None:
    """The same, and of a package that was shipped later than any that is known. Raises Refused `release.unknown`, `release.ship-unknown`."""
    require_known(desk, tx, matter)
    for position in _signed(desk, tx, matter, Shipped.KIND):
        later = (Within("position", position, None),)
        if not tx.first("statement", 1, later, order=("position",), matter=matter, kind=Shipped.KIND):
            raise Refused("release.ship-unknown", "A package was shipped in this deal that the store does not know: it was restored from a backup of before.",
                          next="custody ship DEAL: the package is made again, and the buyer takes that one.")  # fmt: skip


def _signed(desk: Desk, tx: Transaction, matter: str, kind: str) -> list[int]:
    """The numbers of our entries about a statement of a kind in this deal."""
    every = positions(tx, desk.space, KIND, f"statement.{kind}")
    return [at for at in every if tx.count("entry_about", space=desk.space, topic=MATTER, whom=matter, position=at)]


def _number(desk: Desk, tx: Transaction, position: int) -> int:
    return cast("int", read_at(tx, desk.space, position).says["n"])
