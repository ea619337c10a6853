"""What became of the word to old addresses: in doubt by the relay's log, returned, or told since nothing came back in time (A7; spec/freshness.md §4a)."""

from collections.abc import Mapping, Sequence

from custody.acts import corrections, relay_log, returned
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.log_times import times
from custody.acts.mailbox import messages
from custody.acts.mirroring import mirrored
from custody.acts.sole import holding
from custody.acts.warned import HELD, ROLES, ours, put, told_since
from custody.base.canonical import Json
from custody.base.clock import parse, stamp
from custody.base.errors import Malformed
from custody.ports.store import Cells, Row, Transaction, one


def correction_warned(desk: Desk, log: str | None, files: Sequence[bytes]) -> Mapping[str, Json]:
    """Raises Malformed `correction.log` for a log that is not of the time of what is in doubt, `campaign.returned` for a file that is not read whole."""
    desk.require(ROLES)
    with holding(desk, HELD), desk.store.write() as tx:
        found, again = _doubts(desk, tx, log) if log is not None else (0, 0)
        back = _returned(desk, tx, files)
        delivered = told_since(desk, tx)
        says: dict[str, Json] = {"found": found, "again": again, "returned": back, "principal": desk.principal.id}
        position = append(tx, desk.space, stamp(desk.clock.now()), "correction-warned-settled", says)
    return {"found": found, "again": again, "came_back": back, "now_told": delivered, "mirrored": mirrored(desk), "ledger": f"{desk.space}@{position}"}  # fmt: skip


def _doubts(desk: Desk, tx: Transaction, log: str) -> tuple[int, int]:
    """(taken by the relay, to be sent again). A log that names none of ours, and does not reach over their time, decides nothing."""
    rows = ours(desk, tx, corrections.SENDING)
    known, seen, span = relay_log.mentioned(log), relay_log.taken(log), times(log, desk.clock.now())
    silent = [
        parse(str(row["at"])) for row in rows if row["message_id"] not in known and str(row["correction"]) not in log
    ]
    if any(span.miss(at) or not span.reach_over(at) for at in silent):
        raise Malformed("correction.log", "This log is not of the time at which what is in doubt was sent.",
                        next="Give the relay's log of the time of sending, whole.")  # fmt: skip
    found = 0
    for row in rows:
        # a gateway that keeps no name of ours shows the words it took, with the number of the correction
        took = row["message_id"] in seen or str(row["correction"]) in log
        found += took
        done = one(tx, "correction", id=row["correction"])
        values: Cells = (
            {"state": corrections.SENT, "reply": "log"}
            if took
            else {"state": corrections.OPEN, "at": str(done["done_at"]) if done else ""}
        )
        put(tx, row, values)
    return found, len(rows) - found


def _returned(desk: Desk, tx: Transaction, files: Sequence[bytes]) -> int:
    rows = [row for state in (corrections.SENDING, corrections.SENT, corrections.TOLD) for row in ours(desk, tx, state)]
    named: dict[str, list[Row]] = {}
    for row in (row for row in rows if row["message_id"]):
        for name in {str(row["message_id"]), str(row["reply"])} - {""}:
            named.setdefault(name, []).append(row)
    back = 0
    for n, data in enumerate(files, start=1):
        for said in (said for part in messages(n, data) for said in (*returned.mail(part), *returned.texts(part))):
            if said.what == returned.FAILED:
                for row in (row for name in said.names for row in named.pop(name, ())):
                    put(tx, row, {"state": corrections.REFUSED, "reply": said.code})
                    back += 1
    return back
