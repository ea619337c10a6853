"""What a person reads at the company that received their data: when it came, by which receipt, since when under its own keys (spec/portal.md §5)."""

from collections.abc import Mapping
from typing import Final

from custody.acts.asking import CARRIED, USE, Question, newest, own_compartments
from custody.acts.desk import Desk
from custody.acts.handing import every
from custody.acts.noted import WITHDRAW
from custody.acts.releases import is_receipt
from custody.acts.visiting import Visit
from custody.base.canonical import Json
from custody.package.statements import Received, Resealed
from custody.ports.store import Transaction

SAID: Final[Mapping[str, tuple[str, str]]] = {USE: ("objected", "object"), CARRIED: ("withdrawn", WITHDRAW)}
"""{question: the answer that counts, the kind of request it becomes}; `lifted` takes either back."""


def arrived(desk: Desk, tx: Transaction, seen: Visit) -> dict[str, Json]:
    """Every receipt of the deal, read again from what was signed, and what the person said here."""
    matter, kept = seen.link.matter, newest(tx, seen.link.matter, seen.link.subject)
    rows = {int(row["n"] or 0): row for row in tx.find("statement", matter=matter, kind=Received.KIND)}
    came: list[Json] = [
        {"n": said.n, "at": str(rows[n]["at"]), "receipt": str(rows[n]["sha256"]), "release": said.release,
         "ledger": f"{desk.space}@{rows[n]['position']!s}"}
        for n, said in every(desk, tx, matter, Received) if is_receipt(n)
    ]  # fmt: skip
    own = tx.find("statement", order=("n",), matter=matter, kind=Resealed.KIND)
    return {
        "came": came, "resealed_at": str(own[0]["at"]) if own else "",
        "withdrew": CARRIED in kept and kept[CARRIED]["act"] == SAID[CARRIED][0],
    }  # fmt: skip


def put_here(seen: Visit, code: str) -> Question | None:
    """What may be said here, about all that is held of the person; None for every other code."""
    return Question(code, own_compartments(seen.subject), ()) if code in SAID else None
