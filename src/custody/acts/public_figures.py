"""How requests fare, by month, and the head of the ledger, for anybody to read (spec/openness.md §4, §5)."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from statistics import median
from typing import Final, cast

from custody.acts.asked import ENDED, late
from custody.acts.desk import Desk
from custody.acts.incidents import CLOSED, DISCOVERED, KIND
from custody.acts.matters import facts_of
from custody.base import merkle
from custody.base.canonical import Json
from custody.base.clock import parse, stamp
from custody.ledger import checkpoint
from custody.ledger.checkpoint import Checkpoint
from custody.ports.store import Row, Transaction

MONTHS: Final = 12
FEWEST: Final = 5
"""So many answers at least before their time is told: of fewer, it would be the time of somebody's own request."""
_DAY: Final = timedelta(days=1)


def since(desk: Desk) -> str:
    """The first of the twelve months that end with this one, where the company is."""
    return _months(desk.today())[0]


def begun(desk: Desk) -> str:
    """The moment at which that month began."""
    return stamp(desk.first_moment(date.fromisoformat(f"{since(desk)}-01")))


def asked(desk: Desk, tx: Transaction, now: datetime) -> Json:
    """Of the requests received in these months: how many, answered, late, and days to the answer, the median; by month, empty ones too. Late is also what came before and waits still."""
    months = _months(desk.today())

    def month(row: Row) -> str:
        return desk.day(parse(str(row["received_at"]))).isoformat()[:7]

    vaults = tx.find("vault", party=desk.space)
    rows = [row for vault in vaults for row in tx.find("request", vault=str(vault["id"]))]
    mine = [row for row in rows if month(row) >= months[0]]
    older = [row for row in rows if month(row) < months[0] and not row["closed_at"]]
    ended = [row for row in mine if row["state"] in ENDED]  # what its person took back was not answered
    count, answered = (Counter(map(month, some)) for some in (mine, ended))
    return {"total": len(mine), "answered": len(ended), "late": sum(late(row, stamp(now)) for row in (*mine, *older)), "median_days": _days(ended),
            "months": [{"month": one, "count": count[one], "answered": answered[one]} for one in months]}  # fmt: skip


def incidents(desk: Desk, tx: Transaction, since_at: str) -> Json:
    """How many were discovered since that moment, and how many of them are closed; nothing else of them."""
    rows = [
        row
        for row in tx.find("matter", party=desk.space, kind=KIND)
        if str(facts_of(tx, str(row["id"]))[DISCOVERED]) >= since_at
    ]
    return {"total": len(rows), "closed": sum(row["state"] == CLOSED for row in rows)}


def head(desk: Desk, tx: Transaction) -> Json:
    """The ledger as it stands: size, root, and the checkpoint that the company signs over them."""
    hashes = [cast("bytes", row["hash"]) for row in tx.scan("ledger_entry", order=("position",), space=desk.space)]
    root, origin = merkle.root(hashes), checkpoint.origin(desk.space)
    note = checkpoint.sign(Checkpoint(origin, len(hashes), root), desk.signer)
    return {"size": len(hashes), "root": root.hex(), "space": desk.space, "checkpoint": note, "identity": desk.card.identity.id,
            "fingerprint": desk.card.identity.fingerprint, "key": checkpoint.verifier_key(origin, desk.card.identity)}  # fmt: skip


def _months(today: date) -> list[str]:
    last = today.year * 12 + today.month - 1
    return [f"{one // 12:04d}-{one % 12 + 1:02d}" for one in range(last - MONTHS + 1, last + 1)]


def _days(ended: Sequence[Row]) -> int | None:
    """Whole days, rounded; null of fewer than FEWEST."""
    days = [(parse(str(row["closed_at"])) - parse(str(row["received_at"]))) / _DAY for row in ended]
    return int(median(days) + 0.5) if len(days) >= FEWEST else None
