"""Corrections as rows: asked, proven, done, taken back; and who else has the value and must learn of it (spec/freshness.md §3-5)."""

import hmac
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, cast

from custody.acts import kept_copies, releases
from custody.acts.copy_names import called
from custody.acts.correcting import Place, cell_at
from custody.acts.delays import is_held
from custody.acts.desk import Desk
from custody.acts.layouts import Cell
from custody.acts.links import seal_code
from custody.acts.marks import Marks
from custody.acts.members import sees
from custody.acts.noted import CORRECTED, note
from custody.acts.vaults import slot_places
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.base.clock import parse, stamp
from custody.base.errors import Missing
from custody.ports.store import Cells, Row, Transaction, one
from custody.privacy.corrections import Policy, high_risk

WAITING: Final = "waiting"
DONE: Final = "done"
UNDONE: Final = "undone"
LAPSED: Final = "lapsed"
STATES: Final = (WAITING, DONE, UNDONE, LAPSED)
BUYER: Final = "buyer"
PROCESSOR: Final = "processor"
COPY: Final = "copy"
"""A file or paper of our own: its keeper puts it right or lets it go, and says so."""
OLD: Final = "old-address"
"""The address that was changed, or another one of theirs: whoever reads it learns that what is high risk was changed (spec/freshness.md §4a)."""
OLD_NAME: Final = "+old-address"
"""No copy and no processor is called so."""
ATTESTED: Final = (PROCESSOR, COPY)
"""Who tells us by a person's word that they know of it."""
OPEN: Final = "open"
SENT: Final = "sent"
TOLD: Final = "told"
ABSENT: Final = "absent"
"""The buyer says that it does not hold what is to be changed: somebody has to look, and say so."""
SENDING: Final = "sending"
"""Journalled, and nobody knows yet whether the relay has it."""
REFUSED: Final = "refused"
"""The relay would not take it, or it came back."""
NO_ADDRESS: Final = "no-address"
DUE: Final = (OPEN, SENT, ABSENT, SENDING, REFUSED, NO_ADDRESS)
"""Not acknowledged."""
BY_HAND: Final = (REFUSED, NO_ADDRESS)
"""No message reaches them: somebody tells them otherwise, and says so."""
WARN_DAYS: Final = 3
"""By when an old address knows: the time to take a change back runs already."""
_SELLER: Final = "seller"
"""The proof of a correction that the seller sent: its own old address is the seller's to tell."""
CODE_LIFE: Final = timedelta(hours=72)
REACHES: Final = {"email": "contact.email", "phone": "contact.phone"}
"""By which channel a link went, and so which address it proves to reach."""
_DIGITS: Final = 8
_ACCOUNTED: Final = frozenset(("destroyed", "returned", "never-held"))


@dataclass(frozen=True, slots=True)
class Draft:
    """One correction: whose, where, on whose word, by what proof."""

    vault: str
    subject: bytes
    table: str
    column: str
    cell: Cell
    proof: str
    reason: str
    channel: str = ""
    came: str = ""
    """By which way it came in, where somebody asked for it."""


def new_row(desk: Desk, draft: Draft, state: str) -> Cells:
    """A row that is not kept yet."""
    cell, now = draft.cell, stamp(desk.clock.now())
    return {
        "id": ids.new("cor"), "party": desk.space, "vault": draft.vault, "subject": draft.subject, "tbl": draft.table, "row": cell.row,
        "col": draft.column, "cls": cell.cls, "state": state, "proof": draft.proof, "channel": draft.channel, "code": b"", "tries": 0,
        "asked_at": now, "until": "", "done_at": "", "undo_until": "", "revision": 0, "principal": desk.principal.id,
        "reason": draft.reason, "position": -1,
    }  # fmt: skip


def done(desk: Desk, tx: Transaction, row: Cells, policy: Policy, revision: int, *, reversible: bool = True) -> None:
    """Keep a correction that has just been written, and note who else has the value."""
    now = desk.clock.now()
    until = stamp(now + timedelta(days=policy.of(str(row["cls"])).undo_days)) if reversible else ""
    row |= {"state": DONE, "done_at": stamp(now), "undo_until": until, "revision": revision, "code": b""}
    if tx.change("correction", row, id=row["id"]) == 0:
        tx.add("correction", [row])
    note(tx, str(row["vault"]), {cast("bytes", row["subject"])}, str(row["id"]), CORRECTED, stamp(now))
    spread(tx, row, policy)


def spread(tx: Transaction, row: Row, policy: Policy) -> None:
    """Whoever has or will get the data is to be told, also of what was taken back: one row each, open again."""
    warned = [(OLD_NAME, OLD)] if high_risk(str(row["cls"])) and row["proof"] != _SELLER else []
    for name, kind in (*_holders(tx, str(row["vault"]), cast("bytes", row["subject"])), *warned):
        days = WARN_DAYS if kind == OLD else policy.acknowledge_days
        told: Cells = {"state": OPEN, "n": 0, "at": str(row["done_at"]), "days": days, "message_id": "", "reply": ""}
        if not tx.change("correction_to", told, correction=row["id"], name=name):
            tx.add("correction_to", [{"correction": row["id"], "name": name, "kind": kind, **told}])


def _copy_called(desk: Desk, tx: Transaction, row: Row, name: str) -> str:
    kept = one(tx, "copy", vault=row["vault"], name=name)
    return called(desk, tx, str(kept["kind"]), name) if kept else name


def _holders(tx: Transaction, vault: str, who: bytes) -> Iterator[tuple[str, str]]:
    """Deals whose package was handed out, processors that have a copy, and files and papers of ours that hold the person."""
    yield from ((name, COPY) for name in kept_copies.to_correct(tx, vault, who))
    for matter in tx.find("matter", order=("id",), vault=vault, kind="deal"):
        if tx.count("statement", matter=str(matter["id"]), kind="shipped") and matter["state"] != "aborted":
            yield str(matter["id"]), BUYER
    for copy in tx.find("copy", order=("name",), vault=vault, kind="processor"):
        account = cast("Mapping[str, str]", canonical.decode(cast("bytes", copy["account"]) or b"{}"))
        if account.get("state", "open") not in _ACCOUNTED:
            yield str(copy["name"]), PROCESSOR


class Buyers:
    """Whether a corrected value lies with the buyer of a deal: looked up once a deal, within one transaction."""

    def __init__(self, desk: Desk, tx: Transaction) -> None:
        self._desk, self.tx = desk, tx
        self._out: dict[str, Marks] = {}
        self._since: dict[str, str] = {}

    def has(self, matter: str, row: Row) -> bool:
        """Given by a release and not called back since."""
        subject, place = cast("bytes", row["subject"]), place_of(row)
        try:
            cell = cell_at(self.tx, str(row["vault"]), subject, place)
        except Missing:
            return False
        known = one(self.tx, "subject", vault=str(row["vault"]), id=subject)
        places = slot_places(cast("bytes", known["slots"])) if known else {}
        return cell.compartment in places and (cell.compartment, *places[cell.compartment]) in self._held(matter)

    def since(self, matter: str) -> str:
        """When the deal's first release was; '' before it."""
        if matter not in self._since:
            rows = self.tx.find("statement", order=("n",), matter=matter, kind="released")
            self._since[matter] = str(rows[0]["at"]) if rows else ""
        return self._since[matter]

    def _held(self, matter: str) -> Marks:
        if matter not in self._out:
            row = cast("Row", one(self.tx, "matter", id=matter))
            self._out[matter] = releases.out(self.tx, row, releases.made(self._desk, self.tx, matter))
        return self._out[matter]


def due_at(correction: Row, to: Row, buyers: Buyers) -> str:
    """When an answer is due: so many days after the correction, or after the release if that came later; '' while nothing is owed."""
    if to["kind"] == COPY and kept_copies.gone(buyers.tx, str(correction["vault"]), str(to["name"])):
        return ""
    if to["kind"] == OLD and to["state"] == SENT and not is_held(to):  # on its way, and told unless it comes back
        return ""
    began = str(to["at"]) if to["state"] == OPEN else str(correction["done_at"])
    if to["kind"] == BUYER:
        since = buyers.since(str(to["name"]))
        if not since or not buyers.has(str(to["name"]), correction):
            return ""
        began = max(began, since)
    return stamp(parse(began) + timedelta(days=cast("int", to["days"])))


def late(desk: Desk, tx: Transaction) -> int:
    """How many recipients have not acknowledged a correction in time."""
    now, count, buyers = stamp(desk.clock.now()), 0, Buyers(desk, tx)
    for state in DUE:
        for to in tx.find("correction_to", state=state):
            row = one(tx, "correction", id=to["correction"])
            if row is not None and row["party"] == desk.space:
                due = due_at(row, to, buyers)
                count += bool(due) and due < now
    return count


def named(tx: Transaction, party: str, correction: str) -> Row:
    """Raises Missing `correction.unknown`."""
    row = one(tx, "correction", id=correction, party=party)
    if row is None:
        raise Missing("correction.unknown", "There is no such correction.", next="custody correction list")
    return row


def place_of(row: Row) -> Place:
    """Where the corrected value stands."""
    return Place(str(row["tbl"]), cast("int", row["row"]), str(row["col"]))


def shown(desk: Desk, correction: str) -> dict[str, Json]:
    """One correction as it stands now, as people read it. Raises Missing `correction.unknown`."""
    with desk.store.read() as tx:
        return told(desk, tx, named(tx, desk.space, correction), stamp(desk.clock.now()), Buyers(desk, tx))


def make_code(desk: Desk, row: Cells) -> str:
    """A code for the old channel; the row keeps what tells it to nobody. It is good for three days."""
    code, until = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}", stamp(desk.clock.now() + CODE_LIFE)
    row |= {"until": until, "code": seal_code(desk, str(row["id"]), code, until)}
    return code


def check_code(desk: Desk, row: Row, code: str) -> bool:
    """Whether this is the code that went out. The try is counted by the caller, before."""
    right = seal_code(desk, str(row["id"]), code, str(row["until"]))
    return hmac.compare_digest(right, cast("bytes", row["code"])) and stamp(desk.clock.now()) < str(row["until"])


def unsettled_channels(tx: Transaction, vault: str, subject: bytes, now: str) -> set[str]:
    """Classes of addresses that were changed so lately that the change can still be taken back: they prove nothing yet."""
    rows = tx.find("correction", vault=vault, subject=subject, state=DONE)
    return {str(row["cls"]) for row in rows if str(row["undo_until"]) > now}


def changed_since(tx: Transaction, vault: str, subject: bytes, at: str) -> set[str]:
    """Classes of addresses that were changed after that moment: what was sent before went to another one."""
    rows = tx.find("correction", vault=vault, subject=subject)
    return {str(row["cls"]) for row in rows if str(row["done_at"]) > at}


def told(desk: Desk, tx: Transaction, row: Row, now: str, buyers: Buyers) -> dict[str, Json]:
    """A correction as people read it; never a value, nor the buyer of a deal that is closed to the acting person."""
    names = ("id", "state", "proof", "channel", "asked_at", "done_at", "undo_until", "reason")
    recipients: list[Json] = []
    for to in tx.find("correction_to", order=("name",), correction=row["id"]):
        if to["kind"] == BUYER and not sees(desk, tx, str(to["name"])):
            continue
        name = _copy_called(desk, tx, row, str(to["name"])) if to["kind"] == COPY else str(to["name"])
        due = due_at(row, to, buyers)
        open_ = to["state"] in DUE
        recipients.append({"name": name, "kind": str(to["kind"]), "state": str(to["state"]), "due_at": due,
                           "late": bool(open_ and due and due < now), "unclear": is_held(to)})  # fmt: skip
    return {
        **{name: str(row[name]) for name in names}, "subject": ids.subject_text(cast("bytes", row["subject"])), "table": str(row["tbl"]),
        "row": row["row"], "column": str(row["col"]), "class": str(row["cls"]), "recipients": recipients,
        "late": any(cast("dict[str, Json]", each)["late"] for each in recipients),
    }  # fmt: skip
