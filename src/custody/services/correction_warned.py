"""What became of the word to old addresses: in doubt by the relay's log, returned, or told since nothing came back in time (A7; spec/freshness.md §4a)."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final, cast

from custody.acts import corrections, old_address, relay_log, returned, warned
from custody.acts.came_back import Sent, Went, held_against, meant, noted_of, require_said
from custody.acts.delays import is_noted
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

_WENT: Final = frozenset((corrections.SENDING, corrections.SENT, corrections.TOLD))
_ON_ITS_WAY: Final = frozenset((corrections.SENDING, corrections.SENT))


def correction_warned(desk: Desk, log: str | None, files: Sequence[bytes], say: str = "") -> Mapping[str, Json]:
    """Raises Malformed `correction.log` for a log that is not of the time of what is in doubt, `campaign.say`, `campaign.returned` for a file that is not read whole."""
    desk.require(ROLES)
    require_said(say)
    with holding(desk, HELD), desk.store.write() as tx:
        found, again = _doubts(desk, tx, log) if log is not None else (0, 0)
        back, wrote = _returned(desk, tx, files, say)
        delivered = told_since(desk, tx)
        says: dict[str, Json] = {
            "found": found,
            "again": again,
            "returned": back,
            **({"replies": wrote} if wrote else {}),
            "principal": desk.principal.id,
        }
        position = append(tx, desk.space, stamp(desk.clock.now()), "correction-warned-settled", says)
    return {"found": found, "again": again, "came_back": back, "replies": wrote, "now_told": delivered, "mirrored": mirrored(desk), "ledger": f"{desk.space}@{position}"}  # fmt: skip


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
            {"state": corrections.SENT, "reply": str(row["reply"]) if is_noted(row) else "log"}
            if took
            else {"state": corrections.OPEN, "at": str(done["done_at"]) if done else ""}
        )
        put(tx, row, values)
    return found, len(rows) - found


def _returned(desk: Desk, tx: Transaction, files: Sequence[bytes], say: str) -> tuple[int, int]:
    """How many came back for good, and how many their own readers wrote, each once. What a relay still tries counts as delivered no sooner than it gives up, and what nobody understood not before somebody has looked."""
    rows = [row for state in _WENT for row in ours(desk, tx, state) if row["message_id"]]
    known = dict[str, list[Sent]]()
    for row in rows:
        for name in {str(row["message_id"]), str(row["reply"])} - {""}:
            known.setdefault(name, []).append(Sent(row, _WENT))
    found = [
        said
        for n, data in enumerate(files, start=1)
        for part in messages(n, data)
        for said in (*returned.mail(part), *returned.texts(part))
    ]
    back, wrote = set[str](), 0
    for said, sent, readers in held_against(found, known, partial(_went, desk, tx, rows)):
        for each in sent:
            if meant(said, say) == returned.FAILED:
                put(tx, each.row, {"state": corrections.REFUSED, "reply": said.code})
                back.add(str(each.row["correction"]))
            elif each.row["state"] in _ON_ITS_WAY and (
                noted := noted_of(_now(tx, each.row), said, say, desk.clock.now())
            ):
                put(tx, each.row, {"reply": noted})
        fresh = [warned.written_back(tx, each.row, _of(tx, each.row), said, desk.clock.now()) for each in readers if not said.auto]  # fmt: skip
        wrote += any(fresh)
    return len(back), wrote


def _of(tx: Transaction, row: Row) -> Row:
    return cast("Row", one(tx, "correction", id=row["correction"]))


def _now(tx: Transaction, row: Row) -> Row:
    """As it stands: an earlier one of these files may have changed it."""
    return tx.find("correction_to", correction=row["correction"], name=row["name"])[0]


def _went(desk: Desk, tx: Transaction, every: Sequence[Row], wanted: set[str], among: Sequence[Sent] | None) -> Went:
    """Of those that went by mail (a text message's name is no address), where they may have gone."""
    there, unsure = dict[str, list[Sent]](), list[Sent]()
    rows = every if among is None else [each.row for each in among]
    for row in (row for row in rows if "@" in str(row["message_id"])):
        places, sure = old_address.mailed(desk, tx, _of(tx, row))
        for to in places & wanted:
            there.setdefault(to, []).append(Sent(row, _WENT))
        unsure += [] if sure else [Sent(row, _WENT)]
    return Went(there, unsure)
